using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;

namespace Allspark.Engine.Scheduling;

/// <summary>Says what a network that does not fit an array would fit: a lower precision, another preset array, another scheme.</summary>
internal static class Remedy
{
    /// <summary>The exception with the remedy in its message.</summary>
    /// <param name="infeasible">What was found.</param>
    /// <param name="workload">The workload that does not fit; its constraints are left aside.</param>
    /// <param name="clock">The time that there is to look for remedies.</param>
    public static InfeasibleScheduleException For(InfeasibleScheduleException infeasible, Workload workload, Clock clock)
    {
        var fitting = Candidates(workload).TakeWhile(_ => !clock.IsUp)
            .Where(candidate => Fits(candidate.Model, candidate.Array, candidate.Scheme, clock)).Select(candidate => candidate.Text).ToArray();
        var remedy = fitting.Length > 0 ? $"It fits {string.Join(", or ", fitting)}."
            : clock.IsUp ? "The time limit was over before a remedy was found: use an array with more memory per node, or a smaller model."
            : "Neither a lower precision nor a preset array would do: use an array with more memory per node, or a smaller model.";
        return new InfeasibleScheduleException(infeasible.Phases, infeasible.Phase, infeasible.NeededBytes, infeasible.CapacityBytes, remedy);
    }

    private static IEnumerable<(DnnModel Model, PimArray Array, PartitionScheme Scheme, string Text)> Candidates(Workload workload)
    {
        var (model, array, scheme) = (workload.Model, workload.Array, workload.Scheme);
        if (!workload.Constraints.Equals(ScheduleConstraints.None))
            yield return (model, array, scheme, "without the constraints");
        foreach (var precision in Enum.GetValues<Precision>().Where(precision => precision.Bytes() < model.Precision.Bytes()).OrderByDescending(precision => precision.Bytes()))
            yield return (model with { Precision = precision }, array, scheme, $"at {precision}");
        foreach (var preset in ArrayCatalog.Names.Select(ArrayCatalog.Get).Where(preset => preset.ContentHash != array.ContentHash))
            yield return (model, preset, scheme, $"on {preset.Name}");
        if (scheme != PartitionScheme.Allspark)
            yield return (model, array, PartitionScheme.Allspark, "under the scheme Allspark");
    }

    private static bool Fits(DnnModel model, PimArray array, PartitionScheme scheme, Clock clock)
    {
        var workload = Partitioner.Split(model, array, scheme);
        try
        {
            MemoryFloor.Of(new ProgramBuilder(workload, new MachineModel(array, model.Precision), clock).WithoutMoves(ScheduleObjective.Latency));
            return true;
        }
        catch (Exception error) when (error is InfeasibleScheduleException or TimeLimitException)
        {
            return false;
        }
    }
}
