using System.Management.Automation;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Scheduling;

namespace Allspark.PowerShell.Commands;

/// <summary>Reads schedules that Export-AllsparkSchedule wrote, edited or not.</summary>
/// <remarks>
/// Costs are evaluated anew, so that an edited schedule has the costs of what it says. Nothing is solved: Solver.Status is Given.
/// Test-AllsparkSchedule says whether an edit is legal, and Measure-PimInference refuses one that is not. The file names presets; for a
/// network or an array of your own, or to try a schedule on another array of the same grid, give the workload.
/// </remarks>
/// <example>
/// <summary>What it costs to let the first attention share no weights.</summary>
/// <code>
/// Split-VitWorkload swin_t -Array stack-16x16 | Invoke-AllsparkSchedule | Export-AllsparkSchedule -Path before.json
/// (Get-Content before.json) -replace '("block":"stages.0.blocks.0","kind":"Attention".*"sharing":)\d+', '${1}1' | Set-Content after.json
/// 'before.json', 'after.json' | Import-AllsparkSchedule | Measure-PimInference
/// </code>
/// </example>
/// <example>
/// <summary>A schedule on memory of half the bandwidth.</summary>
/// <code>
/// Split-VitWorkload swin_t -Array stack-16x16 | Invoke-AllsparkSchedule | Export-AllsparkSchedule -Path swin_t.json -Force
/// $slow = Split-VitWorkload swin_t -Array (New-PimArray stack-16x16 -MemoryBandwidthBytesPerSecond 4e9)
/// Import-AllsparkSchedule -Path swin_t.json -Workload $slow | Measure-PimInference
/// </code>
/// </example>
[Cmdlet(VerbsData.Import, "AllsparkSchedule", DefaultParameterSetName = PathSet)]
[OutputType(typeof(Schedule))]
public sealed class ImportAllsparkScheduleCommand : AllsparkCommand
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    /// <summary>The files; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = PathSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Files, by their exact names: wildcards and brackets are letters of them.</summary>
    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>The network and the array that the schedule is for, where the file names no presets or other ones are meant.</summary>
    [Parameter]
    public Workload? Workload { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachFile(
        [.. Path, .. LiteralPath],
        ParameterSetName == LiteralPathSet,
        file => WriteObject(Run(file, _ => ScheduleFile.Read(file, Schedulers.For, Workload))));
}
