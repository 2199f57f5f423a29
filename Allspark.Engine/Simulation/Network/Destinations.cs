using System.Numerics;
using Allspark.Engine.Hardware;

namespace Allspark.Engine.Simulation.Network;

/// <summary>The target of each packet of a pattern.</summary>
internal sealed class Destinations
{
    private readonly int nodes;
    private readonly int[]? fixedTargets;
    private readonly int[] hotspots = [];
    private readonly double hotspotFraction;

    public Destinations(TrafficSettings settings, IInterconnect network)
    {
        nodes = network.NodeCount;
        var (rows, columns) = Grid(network);
        Check(settings.Pattern, rows, columns);
        var bits = BitOperations.Log2((uint)nodes);
        int[] To(Func<int, int> target) => [.. Enumerable.Range(0, nodes).Select(target)];
        int[] Shifted(int down, int right) =>
            To(node => (((node / columns) + down) % rows * columns) + (((node % columns) + right) % columns));
        fixedTargets = settings.Pattern switch
        {
            TrafficPattern.Transpose => To(node => (node % columns * columns) + (node / columns)),
            TrafficPattern.BitComplement => To(node => nodes - 1 - node),
            TrafficPattern.BitReverse => To(node => Enumerable.Range(0, bits).Sum(bit => (node >> bit & 1) << (bits - 1 - bit))),
            TrafficPattern.Shuffle => To(node => ((2 * node) & (nodes - 1)) + (2 * node / nodes)),
            TrafficPattern.Tornado => Shifted(((rows + 1) / 2) - 1, ((columns + 1) / 2) - 1),
            TrafficPattern.Neighbor => Shifted(1, 1),
            _ => null,
        };
        if (settings.Pattern != TrafficPattern.Hotspot)
            return;
        hotspotFraction = settings.HotspotFraction;
        hotspots = settings.HotspotNodes.Count > 0 ? [.. settings.HotspotNodes] : [((rows / 2) * columns) + (columns / 2)];
    }

    public int Of(int node, ref RandomStream random)
    {
        if (fixedTargets is not null)
            return fixedTargets[node];
        if (hotspots.Length > 0 && random.Fraction() <= hotspotFraction)
            return hotspots[random.Below(hotspots.Length)];
        return random.Below(nodes);
    }

    // The nodes of a graph stand in one row.
    private static (int Rows, int Columns) Grid(IInterconnect network) =>
        network is MeshInterconnect mesh ? (mesh.Rows, mesh.Columns) : (1, network.NodeCount);

    private static void Check(TrafficPattern pattern, int rows, int columns)
    {
        if (pattern == TrafficPattern.Transpose && rows != columns)
            throw new ArgumentException(
                $"The Transpose pattern needs a square array; this one has {rows}×{columns} nodes. Use Uniform, or a square array.",
                nameof(pattern));
        if (pattern is TrafficPattern.BitComplement or TrafficPattern.BitReverse or TrafficPattern.Shuffle
            && !BitOperations.IsPow2(rows * columns))
            throw new ArgumentException(
                $"The {pattern} pattern needs a power of two of nodes; this array has {rows * columns}. Use Uniform, or another array.",
                nameof(pattern));
    }
}
