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
        fixedTargets = settings.Pattern switch
        {
            TrafficPattern.Transpose => Transpose(rows, columns, nameof(network)),
            TrafficPattern.BitComplement => BitComplement(nodes, nameof(network)),
            TrafficPattern.Neighbor => [.. Enumerable.Range(0, nodes).Select(node =>
                ((((node / columns) + 1) % rows) * columns) + (((node % columns) + 1) % columns))],
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

    private static int[] Transpose(int rows, int columns, string parameter)
    {
        if (rows != columns)
            throw new ArgumentException($"The Transpose pattern needs a square array; this one has {rows}×{columns} nodes. Use Uniform, or a square array.", parameter);
        return [.. Enumerable.Range(0, rows * columns).Select(node => ((node % columns) * columns) + (node / columns))];
    }

    private static int[] BitComplement(int nodes, string parameter)
    {
        if (!BitOperations.IsPow2(nodes))
            throw new ArgumentException($"The BitComplement pattern needs a power of two of nodes; this array has {nodes}. Use Uniform, or another array.", parameter);
        return [.. Enumerable.Range(0, nodes).Select(node => ~node & (nodes - 1))];
    }
}
