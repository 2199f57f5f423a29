using Allspark.Engine.Partitioning;
using Allspark.Engine.Placement;
using Allspark.Engine.Scheduling;

namespace Allspark.Engine.Simulation;

/// <summary>How a schedule's computation falls on the nodes.</summary>
internal static class NodeLoad
{
    /// <summary>Windows of each group of an attention phase under the structured layout, whose counts every other one keeps.</summary>
    public static int[] Windows(Phase phase, int groups)
    {
        var windows = new int[groups];
        for (var window = 0; window < phase.Windows; window++)
            windows[TokenLayout.SlotOf(window, phase.Windows, groups)]++;
        return windows;
    }

    /// <summary>Computation of each node in one inference, in seconds.</summary>
    public static double[] ComputeSeconds(Schedule schedule)
    {
        var seconds = new double[schedule.Array.NodeCount];
        foreach (var scheduled in schedule.Phases)
        {
            var tiling = scheduled.Option.Tiling;
            var windows = scheduled.Kind == PhaseKind.Attention ? Windows(scheduled.Phase, scheduled.Groups) : null;
            var most = windows?.Max() ?? 1;
            for (var place = 0; place < scheduled.Groups * tiling.GroupSize; place++)
                seconds[tiling.Nodes[place]] += scheduled.Cost.ComputeSeconds * (windows?[place / tiling.GroupSize] ?? 1) / most;
        }

        return seconds;
    }
}
