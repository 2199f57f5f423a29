using System.Runtime.InteropServices;
using Allspark.Engine.Models;
using Allspark.Engine.Specifications;

namespace Allspark.Engine.Hardware;

/// <summary>The way in and out of the stack: the image, the result, and weights that do not fit.</summary>
public sealed record IoSpec
{
    /// <summary>Nodes (row, column) with a port to the outside; empty means the four corners, whatever the array's size.</summary>
    public ValueList<GridPosition> Ports { get; init; } = [];

    /// <summary>Bytes per second over all ports together.</summary>
    public required double OffStackBandwidthBytesPerSecond { get; init; }

    /// <summary>The numbers of the nodes with a port in an array of that size, ascending, each once.</summary>
    public ValueList<int> Nodes(int rows, int columns)
    {
        IEnumerable<GridPosition> ports = Ports.Count > 0
            ? Ports
            : [new(0, 0), new(0, columns - 1), new(rows - 1, 0), new(rows - 1, columns - 1)];
        return ports.Select(port => (port.Row * columns) + port.Column).Distinct().Order().ToValueList();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Ports.Count} ports, {new PhysicalQuantity(OffStackBandwidthBytesPerSecond, "B/s")} together";
}

/// <summary>A place in the array.</summary>
/// <param name="Row">From 0 at the top.</param>
/// <param name="Column">From 0 at the left.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct GridPosition(int Row, int Column)
{
    /// <inheritdoc/>
    public override string ToString() => $"[{Row}, {Column}]";
}
