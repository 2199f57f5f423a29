using System.Management.Automation;
using Allspark.Engine.Scheduling;
using Allspark.Engine.Verification;
using Allspark.Engine.Verification.Numeric;
using Allspark.PowerShell.Parameters;

namespace Allspark.PowerShell.Commands;

/// <summary>Checks schedules: all of the network is computed, once, within memory, from data that is there.</summary>
/// <remarks>
/// The rules: groups lie on the array and do not overlap; every multiply-accumulate of the network is covered exactly once; every
/// window is placed; weights are shared among nodes that exist; no node's memory is exceeded; every token is delivered to the node that
/// reads it; traffic is conserved.
/// With -Numeric the schedule is also run, with seeded weights and a seeded image, on virtual nodes of which each holds only what the
/// schedule puts there, and every phase is compared with the plain network. Whatever is read where it is not, or comes out wrong by
/// more than 1e-4 of the largest element, is a finding that names the phase, the node and the tensor.
/// </remarks>
/// <example>
/// <summary>The report on a schedule.</summary>
/// <code>Split-VitWorkload swin_t -Array stack-16x16 | Invoke-AllsparkSchedule | Test-AllsparkSchedule</code>
/// </example>
/// <example>
/// <summary>Whether a schedule is legal.</summary>
/// <code>Split-VitWorkload deit_s -Array stack-8x8 | Invoke-AllsparkSchedule -Solver Greedy | Test-AllsparkSchedule -Quiet</code>
/// </example>
/// <example>
/// <summary>Whether a schedule computes what the network computes.</summary>
/// <code>Split-VitWorkload vit_ti_16 -Array stack-4x4 | Invoke-AllsparkSchedule -Solver Greedy | Test-AllsparkSchedule -Numeric</code>
/// </example>
[Cmdlet(VerbsDiagnostic.Test, "AllsparkSchedule")]
[OutputType(typeof(LegalityReport), typeof(NumericReport), typeof(bool), typeof(Job))]
public sealed class TestAllsparkScheduleCommand : LongRunningCommand
{
    /// <summary>The schedule.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("Schedule")]
    [PipelineInput(typeof(Schedule))]
    public Schedule[] InputObject { get; set; } = [];

    /// <summary>Also runs the schedule with numbers and compares it with the plain network; this takes seconds.</summary>
    [Parameter]
    public SwitchParameter Numeric { get; set; }

    /// <summary>Seed of the weights and the image of -Numeric; equal seeds give equal reports.</summary>
    /// <value>0</value>
    [Parameter]
    public int Seed { get; set; }

    /// <summary>Emits only whether the schedule is legal and, with -Numeric, right.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    private protected override void Begin() => RequireEffect(nameof(Seed), Numeric, "numbers are drawn with -Numeric alone");

    /// <inheritdoc/>
    private protected override void Process()
    {
        foreach (var schedule in InputObject)
            ForItem(schedule, () => Check(schedule));
    }

    private void Check(Schedule schedule)
    {
        var status = $"{schedule.Model.Name} on {schedule.Array.Name}, {schedule.Scheme}";
        var legality = Run(status, _ => LegalityChecker.Check(schedule));
        if (!Numeric)
        {
            Emit(legality, legality.Passed);
            return;
        }

        var now = (Status: $"{status}: starting", PercentComplete: 0);
        var progress = new Latest(value => now = ($"{status}: {value.Phase}", 100 * value.Index / value.Phases));
        var report = Run(() => now, stopping => NumericChecker.Check(schedule, Seed, progress, stopping));
        var illegal = legality.Findings
            .Select(finding => new NumericFinding(finding.Phase, finding.Node, "", $"{finding.Rule}: {finding.Message}"));
        report = report with { Findings = illegal.Concat(report.Findings).ToArray() };
        Emit(report, report.Passed);
    }

    private void Emit(object report, bool passed) => WriteObject(Quiet ? passed : report);

    // Called on the worker's thread, read on the pipeline's.
    private sealed class Latest(Action<NumericProgress> keep) : IProgress<NumericProgress>
    {
        public void Report(NumericProgress value) => keep(value);
    }
}
