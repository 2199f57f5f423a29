using System.Globalization;
using System.Management.Automation;
using Allspark.Engine.Hardware;
using Allspark.Engine.Simulation.Network;
using Allspark.PowerShell.Completion;
using Allspark.PowerShell.Errors;
using Allspark.PowerShell.Parameters;

namespace Allspark.PowerShell.Commands;

/// <summary>Measures the network of an array under traffic, flit by flit and cycle by cycle.</summary>
/// <remarks>
/// Each node creates packets at random, -InjectionRate flits a cycle on average, and keeps them in a queue without limit until the network
/// takes them. Routers are input-queued wormhole routers with virtual channels. The same seed gives the same bits. Where the network
/// cannot carry the traffic it saturates: Stable is false and the latency, which then has no limit, is a lower bound. On a torus,
/// packets for the node half way round take either way at random.
/// </remarks>
/// <example>
/// <summary>An 8 x 8 array under uniform traffic.</summary>
/// <code>Measure-PimTraffic -Array stack-8x8 -Pattern Uniform -InjectionRate 0.1</code>
/// </example>
/// <example>
/// <summary>Latency over load, up to saturation.</summary>
/// <code>0.1, 0.2, 0.3, 0.4, 0.5 | Measure-PimTraffic stack-8x8 | Select-Object InjectionRate, AverageLatencyCycles, Stable</code>
/// </example>
/// <example>
/// <summary>The effect of buffers, with packets of five flits.</summary>
/// <code>1, 2, 4, 8 | ForEach-Object { Measure-PimTraffic stack-8x8 Transpose 0.15 -PacketFlits 5 -BufferFlits $_ }</code>
/// </example>
/// <example>
/// <summary>A torus where a mesh saturates.</summary>
/// <code>Measure-PimTraffic (New-PimArray stack-8x8 -Topology Torus) Uniform 0.5</code>
/// </example>
/// <example>
/// <summary>The packets of a file with the columns cycle, source, target and flits.</summary>
/// <code>
/// 'cycle,source,target,flits', '0,0,15,5', '2,3,12,5' | Set-Content packets.csv
/// Measure-PimTraffic -Array stack-4x4 -TracePath packets.csv
/// </code>
/// </example>
/// <example>
/// <summary>Measured in the background.</summary>
/// <code>
/// $job = 0.1, 0.2, 0.3 | Measure-PimTraffic stack-4x4 -AsJob
/// $job | Wait-Job | Receive-Job
/// </code>
/// </example>
[Cmdlet(VerbsDiagnostic.Measure, "PimTraffic", DefaultParameterSetName = PatternSet)]
[OutputType(typeof(TrafficMeasurement), typeof(Job))]
public sealed class MeasurePimTrafficCommand : LongRunningCommand
{
    private const string PatternSet = "Pattern";
    private const string TraceSet = "Trace";

    private readonly Setting<TrafficPattern> pattern = new(TrafficPattern.Uniform);

    /// <summary>The array whose network is measured: a preset's name, or an array.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ArrayTransformation]
    [ArgumentCompleter(typeof(ArrayNameCompleter))]
    public PimArray Array { get; set; } = null!;

    /// <summary>Where packets go; uniformly to all nodes if omitted.</summary>
    /// <value>Uniform</value>
    [Parameter(ParameterSetName = PatternSet, Position = 1)]
    public TrafficPattern Pattern
    {
        get => pattern.Value;
        set => pattern.Value = value;
    }

    /// <summary>Flits that a node creates per cycle on average: more than 0, at most 1. Each of several is measured.</summary>
    [Parameter(ParameterSetName = PatternSet, Mandatory = true, Position = 2, ValueFromPipeline = true)]
    public double[] InjectionRate { get; set; } = [];

    /// <summary>Flits of a packet, 1 if omitted.</summary>
    /// <value>1</value>
    [Parameter(ParameterSetName = PatternSet)]
    public int PacketFlits { get; set; } = 1;

    /// <summary>The nodes of the Hotspot pattern, by number; the one in the middle if omitted.</summary>
    /// <value>the one in the middle</value>
    [Parameter(ParameterSetName = PatternSet)]
    public int[] HotspotNode { get; set; } = [];

    /// <summary>Share of the packets that the Hotspot pattern sends to its nodes: more than 0, at most 1; 0.1 if omitted.</summary>
    /// <value>0.1</value>
    [Parameter(ParameterSetName = PatternSet)]
    public double HotspotFraction { get; set; } = 0.1;

    /// <summary>Where the random numbers start, 1 if omitted.</summary>
    /// <value>1</value>
    [Parameter(ParameterSetName = PatternSet)]
    public int Seed { get; set; } = 1;

    /// <summary>Cycles of a sample; if omitted, 5000, or as many more as it takes to see enough packets.</summary>
    /// <value>5000, or as many more as it takes to see enough packets</value>
    [Parameter(ParameterSetName = PatternSet)]
    public int SampleCycles { get; set; }

    /// <summary>Samples before anything counts, 3 if omitted.</summary>
    /// <value>3</value>
    [Parameter(ParameterSetName = PatternSet)]
    public int WarmupSamples { get; set; } = 3;

    /// <summary>Samples that count, 3 if omitted.</summary>
    /// <value>3</value>
    [Parameter(ParameterSetName = PatternSet)]
    public int MeasuredSamples { get; set; } = 3;

    /// <summary>A file of packets with the columns cycle, source, target and flits.</summary>
    [Parameter(ParameterSetName = TraceSet, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string TracePath { get; set; } = "";

    /// <summary>Cycles after which a measurement that has not finished is given up; ten million if omitted.</summary>
    /// <value>10000000</value>
    [Parameter]
    public int CycleLimit { get; set; } = 10_000_000;

    /// <summary>Virtual channels of the routers; those of the array if omitted.</summary>
    /// <value>those of the array</value>
    [Parameter]
    public int VirtualChannels { get; set; }

    /// <summary>Flits that a virtual channel buffers; as in the array if omitted.</summary>
    /// <value>as in the array</value>
    [Parameter]
    public int BufferFlits { get; set; }

    /// <inheritdoc/>
    private protected override void Begin()
    {
        if (ParameterSetName == TraceSet)
            return;
        if (Pattern == TrafficPattern.Trace)
        {
            Require(Pattern, TrafficPattern () => throw new CommandException(
                "InvalidArgument", ErrorCategory.InvalidArgument,
                "The packets of a trace come from a file: give -TracePath instead of -Pattern and -InjectionRate."));
        }

        RequireEffect(nameof(HotspotNode), Pattern == TrafficPattern.Hotspot, "it is for the pattern Hotspot");
        RequireEffect(nameof(HotspotFraction), Pattern == TrafficPattern.Hotspot, "it is for the pattern Hotspot");
    }

    /// <inheritdoc/>
    private protected override void Process()
    {
        if (ParameterSetName == TraceSet)
        {
            ForItem(TracePath, () => Measure($"{Array.Name}, {TracePath}", Trace()));
            return;
        }

        foreach (var rate in InjectionRate)
            ForItem(rate, () => Measure(string.Create(CultureInfo.InvariantCulture, $"{Array.Name}, {Pattern} at {rate}"), Synthetic(rate)));
    }

    private void Measure(string status, TrafficSettings settings)
    {
        var spec = Router();
        var network = new MeshInterconnect(spec, Array.Rows, Array.Columns);
        WriteObject(Run(status, token => new NetworkSimulator(network, spec).Run(settings, null, token)) with { Array = Array.Name });
    }

    private TrafficSettings Synthetic(double rate) => new()
    {
        Pattern = Pattern,
        InjectionRate = rate,
        PacketFlits = PacketFlits,
        HotspotNodes = [.. HotspotNode],
        HotspotFraction = HotspotFraction,
        Seed = Seed,
        SampleCycles = Given(nameof(SampleCycles)) ? SampleCycles : null,
        WarmupSamples = WarmupSamples,
        MeasuredSamples = MeasuredSamples,
        CycleLimit = CycleLimit,
    };

    private TrafficSettings Trace() => new()
    {
        Pattern = TrafficPattern.Trace,
        Trace = TraceFile.Read(FilePath(TracePath)),
        CycleLimit = CycleLimit,
    };

    private InterconnectSpec Router()
    {
        var spec = Array.InterconnectSpec;
        if (Given(nameof(VirtualChannels)))
            spec = spec with { VirtualChannels = VirtualChannels };
        return Given(nameof(BufferFlits)) ? spec with { BufferFlits = BufferFlits } : spec;
    }
}
