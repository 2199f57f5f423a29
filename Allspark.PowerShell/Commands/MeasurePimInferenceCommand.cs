using System.Diagnostics;
using System.Management.Automation;
using Allspark.Engine.Experiments;
using Allspark.Engine.Scheduling;
using Allspark.Engine.Simulation;
using Allspark.Engine.Verification;
using Allspark.PowerShell.Completion;
using Allspark.PowerShell.Parameters;

namespace Allspark.PowerShell.Commands;

/// <summary>Measures the latency and energy of one inference under each schedule, and logs it as a run.</summary>
/// <remarks>
/// A measurement has the latency, the energy by component, the utilisation of the compute arrays, the part of the latency that waits
/// for communication, the fullest node's memory, a row for each phase, the heaviest links, and lower bounds on the latency. Only legal
/// schedules are measured (see Test-AllsparkSchedule). The same schedule measures the same to the last bit.
///
/// -Fidelity says how: Analytic by closed forms, in microseconds, as the scheduler itself counts; Event by discrete events, in which
/// exchanges, fetches and moves wait for the links that they share and a group begins when its own tokens have come. The two differ by a
/// few per cent (docs/validation.md).
///
/// With -Block, a measurement by events keeps when nodes and links were busy in that block: its Timeline, which is empty otherwise.
///
/// With -LogTo each measurement is written to a run store, one transaction each: what was logged before Ctrl+C is there. The store is
/// opened before anything is computed. Logging the same run again adds an execution to it, not a second run.
/// </remarks>
/// <example>
/// <summary>The latency and energy of a network.</summary>
/// <code>Split-VitWorkload swin_t -Array stack-16x16 | Invoke-AllsparkSchedule | Measure-PimInference</code>
/// </example>
/// <example>
/// <summary>Where the time goes: the five slowest phases.</summary>
/// <code>
/// $measurement = Split-VitWorkload swin_t -Array stack-16x16 | Invoke-AllsparkSchedule | Measure-PimInference
/// $measurement.Phases | Sort-Object LatencySeconds -Descending | Select-Object -First 5
/// </code>
/// </example>
/// <example>
/// <summary>The closed forms beside the discrete events.</summary>
/// <code>
/// $schedule = Split-VitWorkload swin_t -Array stack-16x16 | Invoke-AllsparkSchedule
/// $schedule | Measure-PimInference
/// $schedule | Measure-PimInference -Fidelity Event
/// </code>
/// </example>
/// <example>
/// <summary>Networks measured and logged.</summary>
/// <code>
/// Get-DnnModel deit_* | Split-VitWorkload -Array stack-16x16 | Invoke-AllsparkSchedule |
///     Measure-PimInference -LogTo runs.db -Experiment deit
/// </code>
/// </example>
[Cmdlet(VerbsDiagnostic.Measure, "PimInference")]
[OutputType(typeof(Measurement), typeof(Job))]
public sealed class MeasurePimInferenceCommand : LongRunningCommand
{
    private readonly Setting<Fidelity> fidelity = new(Fidelity.Analytic);
    private RunStore? store;
    private Provenance? provenance;

    /// <summary>The schedule.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("Schedule")]
    [PipelineInput(typeof(Schedule))]
    public Schedule[] InputObject { get; set; } = [];

    /// <summary>How it is measured.</summary>
    /// <value>Analytic</value>
    [Parameter]
    public Fidelity Fidelity
    {
        get => fidelity.Value;
        set => fidelity.Value = value;
    }

    /// <summary>The block, by its name in the phases, whose timeline the measurement keeps (Timeline); with -Fidelity Event.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(BlockNameCompleter))]
    public string? Block { get; set; }

    /// <summary>The run store, a SQLite file that is made where it is missing.</summary>
    /// <value>not logged</value>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LogTo { get; set; }

    /// <summary>The experiment that the runs belong to.</summary>
    /// <value>default</value>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RunCompleter))]
    public string Experiment { get; set; } = MeasurementLog.DefaultExperiment;

    /// <inheritdoc/>
    private protected override void Begin()
    {
        RequireEffect(nameof(Block), Fidelity == Fidelity.Event, "it keeps a timeline of events. Add -Fidelity Event");
        RequireEffect(nameof(Experiment), LogTo is not null, "it names the experiment of logged runs. Name their store with -LogTo");
        if (LogTo is null)
            return;
        store = Require(LogTo, () => RunStore.Open(FilePath(LogTo), RunStoreMode.ReadWrite));
        provenance = Provenance.Capture(SessionState.Path.CurrentFileSystemLocation.ProviderPath);
    }

    /// <inheritdoc/>
    private protected override void Process()
    {
        foreach (var schedule in InputObject)
            ForItem(schedule, () => Measure(schedule));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            store?.Dispose();
        base.Dispose(disposing);
    }

    private void Measure(Schedule schedule)
    {
        var started = DateTimeOffset.UtcNow;
        var clock = Stopwatch.StartNew();
        var (legality, measurement) = Run($"{schedule.Model.Name} on {schedule.Array.Name}, {schedule.Scheme}", token =>
        {
            var report = LegalityChecker.Check(schedule);
            return (report, report.Passed
                ? Measure(schedule, Schedulers.For(schedule.Array).Machine(schedule.Workload), token)
                : null);
        });
        if (measurement is null)
            WriteError(Illegal(schedule, legality.Findings));
        else
            WriteObject(store is null ? measurement : Log(store, measurement, started, clock.Elapsed.TotalSeconds));
    }

    private Measurement Measure(Schedule schedule, MachineModel machine, CancellationToken token) => Fidelity == Fidelity.Event
        ? EventSimulator.Measure(schedule, machine, Block, token)
        : AnalyticSimulator.Measure(schedule, machine);

    private Measurement Log(RunStore target, Measurement measurement, DateTimeOffset started, double seconds)
    {
        var (logged, outcome) = target.Log(measurement, provenance!, started, seconds, Experiment);
        if (outcome == LogOutcome.ResultDiffers)
        {
            WriteWarning($"{measurement.Model.Name} on {measurement.Array.Name} under {measurement.Scheme} was logged before with another result. "
                + $"Both are kept; the new run is {logged.RunId}.");
        }

        return logged;
    }

    private static ErrorRecord Illegal(Schedule schedule, IReadOnlyList<LegalityFinding> findings) => new(
        new InvalidOperationException(
            $"The schedule of {schedule.Model.Name} on {schedule.Array.Name} is not legal ({findings.Count} findings): "
            + $"{findings[0].Message} Test-AllsparkSchedule lists them."),
        "IllegalSchedule",
        ErrorCategory.InvalidData,
        schedule);
}
