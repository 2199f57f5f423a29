using System.Management.Automation;
using Allspark.Engine.Experiments;
using Allspark.PowerShell.Completion;

namespace Allspark.PowerShell.Commands;

/// <summary>Gets runs from run stores, oldest first.</summary>
/// <remarks>
/// A run is what Measure-PimInference -LogTo has written: what was asked (model, array, scheme, solver, engine version, seed) with its hash, what came
/// out (metrics with units, phases), and where and when it was carried out. What is not asked for does not restrict; names take
/// wildcards, case does not matter, and a dash equals an underscore.
/// </remarks>
/// <example>
/// <summary>The runs of a store.</summary>
/// <code>
/// Split-VitWorkload swin_t -Array stack-16x16 | Invoke-AllsparkSchedule | Measure-PimInference -LogTo runs.db | Out-Null
/// Get-AllsparkRun runs.db
/// </code>
/// </example>
/// <example>
/// <summary>The metrics of the newest run of a model.</summary>
/// <code>(Get-AllsparkRun runs.db -Model swin-* -Last 1).Metrics</code>
/// </example>
/// <example>
/// <summary>The slowest phase of each run.</summary>
/// <code>Get-AllsparkRun runs.db -IncludePhases | ForEach-Object { $_.Phases | Sort-Object LatencySeconds | Select-Object -Last 1 }</code>
/// </example>
[Cmdlet(VerbsCommon.Get, "AllsparkRun", DefaultParameterSetName = PathSet)]
[OutputType(typeof(Run))]
public sealed class GetAllsparkRunCommand : AllsparkCommand
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    /// <summary>Run stores; wildcards are allowed.</summary>
    /// <value>runs.db</value>
    [Parameter(ParameterSetName = PathSet, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = ["runs.db"];

    /// <summary>Run stores, by their exact names: wildcards and brackets are letters of them.</summary>
    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Numbers of runs.</summary>
    /// <value>all</value>
    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(RunCompleter))]
    public long[] Id { get; set; } = [];

    /// <summary>The model's name.</summary>
    /// <value>all</value>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(RunCompleter))]
    public string? Model { get; set; }

    /// <summary>The array's name.</summary>
    /// <value>all</value>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(RunCompleter))]
    public string? Array { get; set; }

    /// <summary>The scheme.</summary>
    /// <value>all</value>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(RunCompleter))]
    public string? Scheme { get; set; }

    /// <summary>The experiment.</summary>
    /// <value>all</value>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(RunCompleter))]
    public string? Experiment { get; set; }

    /// <summary>Runs that were first begun at this time or later.</summary>
    /// <value>all</value>
    [Parameter]
    public DateTimeOffset? Since { get; set; }

    /// <summary>How many runs at most, the newest.</summary>
    /// <value>all of them</value>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Last { get; set; } = int.MaxValue;

    /// <summary>Adds each run's phases, as its property Phases.</summary>
    [Parameter]
    public SwitchParameter IncludePhases { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var literal = ParameterSetName == LiteralPathSet;
        ForEachFile(literal ? LiteralPath : Path, literal, Read);
    }

    private void Read(string file)
    {
        var filter = new RunFilter { Ids = Id, Model = Model, Array = Array, Scheme = Scheme, Experiment = Experiment, Since = Since, Limit = Last };
        using var store = RunStore.Open(file, RunStoreMode.ReadOnly);
        var runs = Run(file, _ => store.Runs(filter));
        foreach (var run in runs)
            WriteObject(run with { Store = store.Path, Phases = IncludePhases ? store.Phases(run.Id) : null });
        foreach (var id in Id.Except(runs.Select(run => run.Id)))
            WriteError(new ErrorRecord(new ItemNotFoundException($"There is no such run {id} in {file}."), "RunNotFound", ErrorCategory.ObjectNotFound, id));
    }
}
