using System.Reflection;
using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Scheduling;
using Allspark.Engine.Simulation;
using Xunit;

namespace Engine.Tests.Simulation;

/// <summary>Every numeric parameter of a machine, made worse, makes some reported figure worse.</summary>
[Trait("Speed", "Slow")]
public sealed class ParameterEffectTests
{
    // Only the flit-level network has these; Measure-PimTraffic reports their effect.
    private static readonly string[] s_flitLevel =
        [nameof(InterconnectSpec.VirtualChannels), nameof(InterconnectSpec.BufferFlits), nameof(InterconnectSpec.FlitBytes)];

    // More of these is better; of every other parameter, less.
    private static readonly string[] s_moreIsBetter =
    [
        nameof(NodeSpec.ArrayRows), nameof(NodeSpec.ArrayColumns), nameof(NodeSpec.VectorLanes), nameof(NodeSpec.BufferBytes), nameof(NodeSpec.MemoryBytes),
        nameof(NodeSpec.MemoryBandwidthBytesPerSecond), nameof(NodeSpec.ClockHertz), nameof(DramTiming.RefreshIntervalCycles), nameof(DramTiming.RowBytes),
        nameof(DramTiming.BanksPerNode), nameof(InterconnectSpec.LinkBytesPerCycle), nameof(IoSpec.OffStackBandwidthBytesPerSecond),
    ];

    private static readonly Type[] s_specifications = [typeof(NodeSpec), typeof(DramTiming), typeof(InterconnectSpec), typeof(EnergySpec), typeof(IoSpec)];

    public static TheoryData<string, string> Parameters() =>
    [
        .. from type in s_specifications
           from property in type.GetProperties()
           where IsNumber(property) && property.SetMethod is not null && !s_flitLevel.Contains(property.Name)
           select (type.Name, property.Name),
    ];

    [Fact]
    public void TheParametersOfTheFlitLevelExistAndAreAllThatIsLeftOut()
    {
        Assert.All(s_flitLevel, name => Assert.NotNull(typeof(InterconnectSpec).GetProperty(name)));
        Assert.Equal(s_specifications.Sum(type => type.GetProperties().Count(property => IsNumber(property) && property.SetMethod is not null)) - s_flitLevel.Length, Parameters().Count);
    }

    [Theory]
    [MemberData(nameof(Parameters))]
    public void AWorseParameterWorsensAFigure(string specification, string parameter)
    {
        var preset = ArrayCatalog.Get("stack-4x4");
        var dram = parameter switch
        {
            // Fewer banks than one there cannot be.
            nameof(DramTiming.BanksPerNode) => preset.Node.Dram with { BanksPerNode = 2 },
            // Rows of the presets are read for longer than they must stay open; shorter ones are not.
            nameof(DramTiming.RowActiveCycles) => preset.Node.Dram with { BanksPerNode = 1, RowBytes = 128 },
            // With several banks, row misses hide behind each other and row timings have no effect.
            _ => preset.Node.Dram with { BanksPerNode = 1 },
        };
        var array = preset with { Node = preset.Node with { Dram = dram } };
        var worse = With(array, specification, parameter, s_moreIsBetter.Contains(parameter));
        Assert.NotEqual(array, worse);
        Assert.Contains(s_cases, item =>
        {
            var (before, after) = (Figures(array, item), Figures(worse, item));
            return before.Zip(after).Any(pair => pair.Second > pair.First * (1 + 1e-9));
        });
    }

    private static readonly (Precision Precision, PartitionScheme Scheme)[] s_cases =
    [
        (Precision.Fp16, PartitionScheme.Allspark), (Precision.Int8, PartitionScheme.Allspark), (Precision.Fp32, PartitionScheme.Allspark),
        (Precision.Fp16, PartitionScheme.TokenParallel), (Precision.Fp16, PartitionScheme.WholeBranch),
    ];

    // Latency and each component of the energy, and how full the nodes are, by closed forms and by events.
    private static double[] Figures(PimArray array, (Precision Precision, PartitionScheme Scheme) item)
    {
        var scheduler = new Scheduler();
        var workload = Partitioner.Split(ModelCatalog.Get("deit_ti") with { Precision = item.Precision }, array, item.Scheme);
        var schedule = scheduler.Schedule(workload, new GreedySolver());
        return
        [
            .. ((Measurement[])[AnalyticSimulator.Measure(schedule, scheduler.Machine(workload)), EventSimulator.Measure(schedule, scheduler.Machine(workload))])
                .SelectMany(measured => (double[])
                [
                    measured.LatencySeconds, measured.Energy.MacJoules, measured.Energy.VectorJoules, measured.Energy.SramJoules, measured.Energy.DramJoules,
                    measured.Energy.NocJoules, measured.Energy.OffStackJoules, measured.Energy.StaticJoules,
                    (double)measured.PeakNodeMemoryBytes / array.Node.MemoryBytes,
                ]),
        ];
    }

    private static bool IsNumber(PropertyInfo property) =>
        property.PropertyType == typeof(int) || property.PropertyType == typeof(long) || property.PropertyType == typeof(double);

    private static PimArray With(PimArray array, string specification, string parameter, bool moreIsBetter) => specification switch
    {
        nameof(NodeSpec) => array with { Node = Worse(array.Node, parameter, moreIsBetter) },
        nameof(DramTiming) => array with { Node = array.Node with { Dram = Worse(array.Node.Dram, parameter, moreIsBetter) } },
        nameof(InterconnectSpec) => array with { InterconnectSpec = Worse(array.InterconnectSpec, parameter, moreIsBetter || parameter == nameof(InterconnectSpec.ClockHertz)) },
        nameof(EnergySpec) => array with { Energy = Worse(array.Energy, parameter, moreIsBetter) },
        nameof(IoSpec) => array with { Io = Worse(array.Io, parameter, moreIsBetter) },
        _ => throw new ArgumentOutOfRangeException(nameof(specification), specification, "No such specification."),
    };

    // A copy with one property halved or doubled.
    private static T Worse<T>(T record, string parameter, bool moreIsBetter)
        where T : class
    {
        var copy = (T)typeof(T).GetMethod("<Clone>$")!.Invoke(record, null)!;
        var property = typeof(T).GetProperty(parameter)!;
        var factor = moreIsBetter ? 0.5 : 2;
        property.SetValue(copy, Convert.ChangeType(
            Convert.ToDouble(property.GetValue(record), System.Globalization.CultureInfo.InvariantCulture) * factor,
            property.PropertyType,
            System.Globalization.CultureInfo.InvariantCulture));
        return copy;
    }
}
