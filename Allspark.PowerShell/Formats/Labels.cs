using Allspark.Engine.Experiments;
using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Scheduling;
using Allspark.Engine.Simulation;
using Allspark.Engine.Specifications;

namespace Allspark.PowerShell.Formats;

/// <summary>
/// What the default views show: values with units, and names with all that tells two of the same name apart, a line each, since a table would
/// break them anywhere; what is usual is not said.
/// </summary>
public static class Labels
{
    private const int UsualSide = 224;

    /// <summary>A value to be read, for the properties that Quantities.types.ps1xml adds.</summary>
    public static PhysicalQuantity Quantity(double value, string unit) => new(value, unit);

    /// <summary>A network: its name, the tokens of its text or the side of its image, its batch and its precision.</summary>
    public static string Model(DnnModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Model(model.Name, model.SequenceLength, model.InputHeight, model.Batch, $"{model.Precision}");
    }

    /// <summary>The network of a run, as far as the run says.</summary>
    public static string Model(Run run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return Model(
            run.Model,
            run.Parameters.GetValueOrDefault("model.tokens") as long?,
            run.Parameters.GetValueOrDefault("model.resolution") as long? ?? UsualSide,
            run.Parameters.GetValueOrDefault("model.batch") as long? ?? 1,
            run.Parameters.GetValueOrDefault("model.precision") as string ?? nameof(Precision.Fp16));
    }

    private static string Model(string name, long? tokens, long side, long batch, string precision) => name
        + (tokens is { } length ? $"\n{length} tokens" : side == UsualSide ? "" : $"\n{side}²")
        + (batch == 1 ? "" : $"\nbatch {batch}")
        + (precision == nameof(Precision.Fp16) ? "" : $"\n{precision}");

    /// <summary>An array: its name, and the beginning of its hash where the name is that of any array of its size.</summary>
    public static string Array(PimArray array)
    {
        ArgumentNullException.ThrowIfNull(array);
        return array.Name == $"custom-{array.Rows}x{array.Columns}" ? $"{array.Name}\n#{array.ContentHash[..4]}" : array.Name;
    }

    /// <summary>A schedule's scheme, with its objective; the solver has a column of its own.</summary>
    public static string Scheme(Schedule schedule)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        return Scheme($"{schedule.Scheme}", $"{schedule.Objective}", Scheduler.Solvers[0].Name, nameof(Fidelity.Analytic));
    }

    /// <summary>A measurement's scheme, with objective, solver and fidelity.</summary>
    public static string Scheme(Measurement measurement)
    {
        ArgumentNullException.ThrowIfNull(measurement);
        var schedule = measurement.Schedule;
        return Scheme($"{schedule.Scheme}", $"{schedule.Objective}", schedule.Solver.Name, $"{measurement.Fidelity}");
    }

    /// <summary>A run's scheme, with objective, solver and fidelity.</summary>
    public static string Scheme(Run run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var objective = run.Parameters.GetValueOrDefault("schedule.objective") as string ?? nameof(ScheduleObjective.Latency);
        return Scheme(run.Scheme, objective, run.Solver, run.Fidelity);
    }

    private static string Scheme(string scheme, string objective, string solver, string fidelity) => scheme
        + (objective == nameof(ScheduleObjective.Latency) ? "" : $"\n{objective}")
        + (solver == Scheduler.Solvers[0].Name ? "" : $"\n{solver}")
        + (fidelity == nameof(Fidelity.Analytic) ? "" : $"\n{fidelity}");
}
