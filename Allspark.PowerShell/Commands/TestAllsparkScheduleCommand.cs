using System.Management.Automation;
using Allspark.Engine.Scheduling;
using Allspark.Engine.Verification;

namespace Allspark.PowerShell.Commands;

/// <summary>Checks schedules: all of the network is computed, once, within memory, from data that is there.</summary>
/// <remarks>
/// The rules: groups lie on the array and do not overlap; every multiply-accumulate of the network is covered exactly once; every
/// window is placed; weights are shared among nodes that exist; no node's memory is exceeded; every token is delivered to the node that
/// reads it; traffic is conserved.
/// </remarks>
/// <example>
/// <summary>The report on a schedule.</summary>
/// <code>Split-VitWorkload swin_t -Array stack-16x16 | Invoke-AllsparkSchedule | Test-AllsparkSchedule</code>
/// </example>
/// <example>
/// <summary>Whether a schedule is legal.</summary>
/// <code>Split-VitWorkload deit_s -Array stack-8x8 | Invoke-AllsparkSchedule -Solver Greedy | Test-AllsparkSchedule -Quiet</code>
/// </example>
[Cmdlet(VerbsDiagnostic.Test, "AllsparkSchedule")]
[OutputType(typeof(LegalityReport), typeof(bool))]
public sealed class TestAllsparkScheduleCommand : AllsparkCommand
{
    /// <summary>The schedule.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("Schedule")]
    public Schedule[] InputObject { get; set; } = [];

    /// <summary>Emits only whether the schedule is legal.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var schedule in InputObject)
            ForItem(schedule, () => Check(schedule));
    }

    private void Check(Schedule schedule)
    {
        var report = Run($"{schedule.Model.Name} on {schedule.Array.Name}, {schedule.Scheme}", _ => LegalityChecker.Check(schedule));
        if (Quiet)
        {
            WriteObject(report.Passed);
            return;
        }

        var described = new PSObject(report);
        described.Properties.Add(new PSNoteProperty("Model", schedule.Model.Name));
        described.Properties.Add(new PSNoteProperty("Array", schedule.Array.Name));
        described.Properties.Add(new PSNoteProperty("Scheme", schedule.Scheme));
        WriteObject(described);
    }
}
