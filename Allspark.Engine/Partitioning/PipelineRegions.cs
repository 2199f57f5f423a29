using System.Runtime.InteropServices;

namespace Allspark.Engine.Partitioning;

/// <summary>A stretch of nodes in raster order that one pipeline stage owns.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PipelineRegion(int Index, int FirstNode, int Nodes);

/// <summary>Cuts an array into pipeline stages: consecutive layers, nodes in proportion to their MACs.</summary>
internal static class PipelineRegions
{
    /// <summary>The region of each phase.</summary>
    public static IReadOnlyList<PipelineRegion> Of(IReadOnlyList<Phase> phases, int nodes)
    {
        var layers = phases.Select(phase => phase.LayerIndex).Distinct().Count();
        var stages = Math.Min(layers, nodes);
        var stageOfLayer = phases.Select(phase => phase.LayerIndex).Distinct().Index()
            .ToDictionary(layer => layer.Item, layer => (int)((long)layer.Index * stages / layers));
        var macs = new long[stages];
        foreach (var phase in phases)
            macs[stageOfLayer[phase.LayerIndex]] += phase.Macs;

        var sizes = Shares(macs, nodes);
        var first = new int[stages];
        for (var stage = 1; stage < stages; stage++)
            first[stage] = first[stage - 1] + sizes[stage - 1];
        return [.. phases.Select(phase => stageOfLayer[phase.LayerIndex]).Select(stage => new PipelineRegion(stage, first[stage], sizes[stage]))];
    }

    // One node each, the rest by largest remainder; ties go to the earlier stage.
    private static int[] Shares(long[] macs, int nodes)
    {
        var total = Math.Max(1, macs.Sum());
        var spare = nodes - macs.Length;
        var sizes = macs.Select(work => 1 + (int)((Int128)work * spare / total)).ToArray();
        var byRemainder = Enumerable.Range(0, macs.Length).OrderByDescending(stage => (Int128)macs[stage] * spare % total).ThenBy(stage => stage);
        foreach (var stage in byRemainder.Take(nodes - sizes.Sum()))
            sizes[stage]++;
        return sizes;
    }
}
