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
    /// <param name="cancellationToken">Ends the search for a remedy.</param>
    public static InfeasibleScheduleException For(InfeasibleScheduleException infeasible, Workload workload, CancellationToken cancellationToken)
    {
        var fitting = Candidates(workload).Where(candidate =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Fits(candidate.Model, candidate.Array, candidate.Scheme);
        }).Select(candidate => candidate.Text).ToArray();
        var remedy = fitting.Length > 0
            ? $"It fits {string.Join(", or ", fitting)}."
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

    private static bool Fits(DnnModel model, PimArray array, PartitionScheme scheme)
    {
        var workload = Partitioner.Split(model, array, scheme);
        try
        {
            MemoryFloor.Of(ProgramBuilder.BuildWithoutMoves(workload, new MachineModel(array, model.Precision)));
            return true;
        }
        catch (InfeasibleScheduleException)
        {
            return false;
        }
    }
}
