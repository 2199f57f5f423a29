using System.Management.Automation;
using Allspark.Engine.Charts;
using Allspark.Engine.Experiments;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Sidecar;
using Allspark.PowerShell.Completion;
using Allspark.PowerShell.Errors;

namespace Allspark.PowerShell.Commands;

/// <summary>Draws charts of measurements, runs or comparisons.</summary>
/// <remarks>
/// Kinds: Speedup, bars of how many times faster one scheme is than its references, with the geometric mean; Breakdown, latency and energy
/// by component. Speedup takes comparisons, or measurements and runs, of which it compares the scheme Allspark with every other.
///
/// The extension says how a chart is written: .vl.json a Vega-Lite specification, .html a page that opens without a network, .svg and .png
/// pictures, which need Node.js 20 or later. A file that is there is replaced.
/// </remarks>
/// <example>
/// <summary>The speed-up of the Swin networks over a graphics processor.</summary>
/// <code>
/// Get-DnnModel swin-* | Split-VitWorkload -Array stack-16x16 | Invoke-AllsparkSchedule | Measure-PimInference |
///     Compare-PimInference -Reference V100 | Export-AllsparkChart -Kind Speedup -Path speedup.html, speedup.vl.json
/// </code>
/// </example>
/// <example>
/// <summary>Where time and energy go under two schemes.</summary>
/// <code>
/// Split-VitWorkload swin_t -Array stack-16x16 -Scheme Allspark, TensorParallel | Invoke-AllsparkSchedule | Measure-PimInference |
///     Export-AllsparkChart -Kind Breakdown -Path breakdown.html
/// </code>
/// </example>
[Cmdlet(VerbsData.Export, "AllsparkChart", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportAllsparkChartCommand : AllsparkCommand
{
    private const string Speedup = "Speedup";
    private const string Breakdown = "Breakdown";

    private readonly List<Comparison> comparisons = [];
    private readonly List<ResultInput> results = [];

    /// <summary>The kinds of charts.</summary>
    internal static IReadOnlyList<string> Kinds { get; } = [Speedup, Breakdown];

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

    /// <summary>The chart's title; one that says what is shown if omitted.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Title { get; set; }

    /// <summary>Emits the files.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        Kind = Require(Kind, () => Kinds.FirstOrDefault(kind => kind.Equals(Kind, StringComparison.OrdinalIgnoreCase))
            ?? throw new UnknownPresetException("chart", Kind, Kinds));
        foreach (var path in Path)
        {
            Require(path, () =>
            {
                ChartWriter.CheckExtension(path);
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
        if ((input is PSObject wrapped ? wrapped.BaseObject : input) is Comparison comparison)
            comparisons.Add(comparison);
        else
            results.Add(ResultInput.From(input)
                ?? throw CommandException.WrongInput(input, "measurements, runs or comparisons"));
    }

    private IChart Chart()
    {
        if (Kind == Speedup)
        {
            var chart = SpeedupChart.Of(comparisons.Concat(Compared()));
            return Title is null ? chart : chart with { Title = Title };
        }

        if (comparisons.Count > 0)
            throw new ChartException(ChartFailure.BadRows, "A breakdown is of measurements or runs, not of comparisons. Pipe what Measure-PimInference gives.");
        var breakdown = BreakdownChart.Of(results.Select(result => result.Point));
        return Title is null ? breakdown : breakdown with { Title = Title };
    }

    private IEnumerable<Comparison> Compared() =>
        from result in results
        where result.Point.Scheme == nameof(PartitionScheme.Allspark)
        from reference in results
        where reference.Point.Scheme != result.Point.Scheme && reference.SharesSubjectWith(result)
        select Comparison.Of(result.Point, reference.Point);

    private void Write(IChart chart, string file)
    {
        if (!MayWrite(file, force: true) || !ShouldProcess(file, $"Export the chart {Kind}"))
            return;
        Run(file, token => ChartWriter.Write(chart, file, SidecarClient.Shared, token));
        if (PassThru)
            WriteObject(new FileInfo(file));
    }
}
