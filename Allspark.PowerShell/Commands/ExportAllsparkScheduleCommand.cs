using System.Management.Automation;
using Allspark.Engine.Scheduling;
using Allspark.PowerShell.Parameters;

namespace Allspark.PowerShell.Commands;

/// <summary>Writes schedules as JSON, a line for each phase: to keep, to compare, to edit and to measure again.</summary>
/// <remarks>
/// What is written reads back as the same schedule with Import-AllsparkSchedule. docs/schedules.md describes the schema. A file that is
/// there is kept unless -Force is given.
/// </remarks>
/// <example>
/// <summary>A schedule as a file.</summary>
/// <code>Split-VitWorkload swin_t -Array stack-16x16 | Invoke-AllsparkSchedule | Export-AllsparkSchedule -Path swin_t.json</code>
/// </example>
/// <example>
/// <summary>Which phases two solvers schedule differently.</summary>
/// <code>
/// $workload = Split-VitWorkload deit_ti -Array stack-4x4
/// 'Exact', 'Greedy' | ForEach-Object { $workload | Invoke-AllsparkSchedule -Solver $_ | Export-AllsparkSchedule -Path "$_.json" }
/// Compare-Object (Get-Content Exact.json) (Get-Content Greedy.json)
/// </code>
/// </example>
[Cmdlet(VerbsData.Export, "AllsparkSchedule", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportAllsparkScheduleCommand : ExportTextCommand
{
    /// <summary>The schedule.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [Alias("Schedule")]
    [PipelineInput(typeof(Schedule))]
    public Schedule InputObject { get; set; } = null!;

    /// <inheritdoc/>
    protected override void ProcessRecord() => Export(
        InputObject,
        $"the schedule of {InputObject.Model.Name} on {InputObject.Array.Name}",
        $"{InputObject.Model.Name}-{InputObject.Array.Name}-{InputObject.Scheme}.json",
        () => ScheduleFile.Write(InputObject));
}
