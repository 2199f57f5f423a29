using System.Management.Automation;
using Allspark.Engine.Charts;
using Allspark.Engine.Experiments;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Simulation;
using Allspark.PowerShell.Completion;
using Allspark.PowerShell.Errors;

namespace Allspark.PowerShell.Commands;

/// <summary>Draws charts of measurements, runs or comparisons.</summary>
/// <remarks>
/// Kinds: Speedup, bars of how many times faster one scheme is than its references, with the geometric mean; Breakdown, latency and energy
/// by component; Roofline, the phases of a measurement by their MACs per byte under the roofs of the array; Heatmap, how long each node
/// computes and what each link carries; Timeline, when nodes and links are busy in one block (-Block), by events; Scaling, one figure
/// (-Y, the latency if omitted) against another (-X, the memory of a node or the number of nodes, whichever differs); Pareto, energy against
/// latency. Speedup takes comparisons, or measurements and runs, of which it compares the scheme Allspark with every other.
///
/// The extension says how a chart is written: .svg and .png pictures, .html a page that opens without a network, with values under the
/// pointer; .json what is drawn, .csv the figures, and of a Timeline .trace.json, which Perfetto and chrome://tracing open.
/// </remarks>
/// <example>
/// <summary>The speed-up of the Swin networks over a graphics processor.</summary>
/// <code>
/// Get-DnnModel swin-* | Split-VitWorkload -Array stack-16x16 | Invoke-AllsparkSchedule | Measure-PimInference |
///     Compare-PimInference -Reference V100 | Export-AllsparkChart -Kind Speedup -Path speedup.html, speedup.svg
/// </code>
/// </example>
/// <example>
/// <summary>Where time and energy go under two schemes.</summary>
/// <code>
/// Split-VitWorkload swin_t -Array stack-16x16 -Scheme Allspark, TensorParallel | Invoke-AllsparkSchedule | Measure-PimInference |
///     Export-AllsparkChart -Kind Breakdown -Path breakdown.html
/// </code>
/// </example>
/// <example>
/// <summary>What nodes and links do in one block, when, and how the load lies on the array.</summary>
/// <code>
/// $measurement = Split-VitWorkload swin_t -Array stack-8x8 | Invoke-AllsparkSchedule | Measure-PimInference -Fidelity Event
/// $measurement | Export-AllsparkChart -Kind Timeline -Block stages.2.blocks.0 -Path timeline.html, timeline.trace.json
/// $measurement | Export-AllsparkChart -Kind Heatmap -Path heatmap.html
/// </code>
/// </example>
/// <example>
/// <summary>The energy of a network over the batch, in two precisions.</summary>
/// <code>
/// $sweep = foreach ($precision in 'Fp16', 'Int8') {
///     foreach ($batch in 1, 2, 4, 8) {
///         Get-DnnModel deit_ti -Precision $precision -Batch $batch | Split-VitWorkload -Array stack-8x8 | Invoke-AllsparkSchedule | Measure-PimInference
///     }
/// }
/// $sweep | Export-AllsparkChart -Kind Scaling -X Batch -Y EnergyJoules -Series Precision -Path batch.svg
/// </code>
/// </example>
/// <example>
/// <summary>What energy costs in time.</summary>
/// <code>
/// Split-VitWorkload deit_ti -Array stack-4x4 | Invoke-AllsparkSchedule -Pareto | Measure-PimInference |
///     Export-AllsparkChart -Kind Pareto -Path pareto.html
/// </code>
/// </example>
[Cmdlet(VerbsData.Export, "AllsparkChart", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportAllsparkChartCommand : ExportCommand
{
    private readonly List<Comparison> comparisons = [];
    private readonly List<ResultInput> results = [];
    private readonly List<Measurement> measurements = [];

    /// <summary>The kinds of charts.</summary>
    internal static IReadOnlyList<string> Kinds { get; } =
    [
        SpeedupChart.Kind, BreakdownChart.Kind, TimelineChart.Kind, HeatmapChart.Kind, RooflineChart.Kind, ScalingChart.Kind, ParetoChart.Kind,
    ];

    /// <summary>What is charted: comparisons, measurements or runs.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public object[] InputObject { get; set; } = [];

    /// <summary>The kind of chart.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(ChartKindCompleter))]
    public string Kind { get; set; } = "";

    /// <summary>The files, each with the extension of its format.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>The block, by its name in the phases of the measurement, whose timeline is charted.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(BlockNameCompleter))]
    public string? Block { get; set; }

    /// <summary>
    /// What lies along the horizontal axis of a Scaling chart: any metric, or parameter of what was measured, such as Batch, Precision
    /// or node.bandwidth.
    /// </summary>
    [Parameter]
    [ArgumentCompleter(typeof(FigureNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string? X { get; set; }

    /// <summary>What lies along the vertical axis of a Scaling chart; LatencySeconds if omitted.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(FigureNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Y { get; set; }

    /// <summary>What a line of a Scaling chart is of; the model, and the scheme where there are several, if omitted.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(FigureNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[]? Series { get; set; }

    /// <summary>Replaces files that are there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>The chart's title; one that says what is shown if omitted.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Title { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        Kind = Require(Kind, () => Kinds.FirstOrDefault(kind => kind.Equals(Kind, StringComparison.OrdinalIgnoreCase))
            ?? throw new UnknownPresetException("chart", Kind, Kinds));
        RequireFor(nameof(Block), TimelineChart.Kind);
        RequireFor(nameof(X), ScalingChart.Kind);
        RequireFor(nameof(Y), ScalingChart.Kind);
        RequireFor(nameof(Series), ScalingChart.Kind);
        foreach (var path in Path)
        {
            Require(path, () =>
            {
                ChartWriter.CheckExtension(Kind, path);
                return path;
            });
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var input in InputObject)
            ForItem(input, () => Accept(input));
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        ForItem(Kind, () =>
        {
            var chart = Chart();
            foreach (var path in Path)
                ForItem(path, () => Write(chart, FilePath(path)));
        });
        base.EndProcessing();
    }

    private void Accept(object input)
    {
        var given = input is PSObject wrapped ? wrapped.BaseObject : input;
        if (given is Measurement measurement)
            measurements.Add(measurement);
        if (given is Comparison comparison)
            comparisons.Add(comparison);
        else
            results.Add(ResultInput.From(input)
                ?? throw CommandException.WrongInput(input, typeof(Measurement), typeof(Run), typeof(Comparison)));
    }

    // A parameter that would have no effect is a mistake.
    private void RequireFor(string parameter, string kind) =>
        RequireEffect(parameter, Kind == kind, $"it is for {kind} charts, and this is a {Kind} chart");

    private ChartDescription Chart()
    {
        var chart = Kind switch
        {
            SpeedupChart.Kind => SpeedupChart.Of(comparisons.Concat(Compared())),
            TimelineChart.Kind => TimelineChart.Of(WithTimeline(OnlyMeasurement())),
            HeatmapChart.Kind => HeatmapChart.Of(OnlyMeasurement()),
            RooflineChart.Kind => RooflineChart.Of(OnlyMeasurement()),
            ScalingChart.Kind => ScalingChart.Of(Points(), X, Y, Series),
            ParetoChart.Kind => ParetoChart.Of(Points()),
            _ => BreakdownChart.Of(Points()),
        };
        return Title is null ? chart : chart with { Title = Title };
    }

    private IEnumerable<ResultPoint> Points() => comparisons.Count == 0
        ? results.Select(result => result.Point)
        : throw new ChartException(
            ChartFailure.BadRows, $"A {Kind} chart is of measurements or runs, not of comparisons. Pipe what Measure-PimInference gives.");

    private Measurement OnlyMeasurement() => measurements.Count == 1 && results.Count == 1 && comparisons.Count == 0
        ? measurements[0]
        : throw new ChartException(
            ChartFailure.BadRows,
            $"A {Kind} chart is of one measurement; {measurements.Count} measurements, {results.Count - measurements.Count} runs and "
            + $"{comparisons.Count} comparisons were given. Pipe one of what Measure-PimInference gives.");

    private Measurement WithTimeline(Measurement measurement)
    {
        if (Block is null && measurement.Timeline is not null)
            return measurement;
        var blocks = measurement.Phases.Select(phase => phase.Block).Distinct().ToArray();
        var block = Block is null
            ? throw new ChartException(ChartFailure.BadRows, $"A timeline is of one block. Name it by -Block: {string.Join(", ", blocks)}.")
            : blocks.FirstOrDefault(name => name.Equals(Block, StringComparison.OrdinalIgnoreCase)) ?? throw new UnknownPresetException("block", Block, blocks);
        return Run($"{measurement.Model.Name}, {block}", token => EventSimulator.Measure(
            measurement.Schedule, Schedulers.For(measurement.Array).Machine(measurement.Schedule.Workload), block, token));
    }

    private IEnumerable<Comparison> Compared() =>
        from result in results
        where result.Point.Scheme == nameof(PartitionScheme.Allspark)
        from reference in results
        where reference.Point.Scheme != result.Point.Scheme && reference.SharesSubjectWith(result)
        select Comparison.Of(result.Point, reference.Point);

    private void Write(ChartDescription chart, string file) => Write(
        file, $"the chart {Kind}", Force, () => Run(file, _ => ChartWriter.Write(chart, file)));
}
