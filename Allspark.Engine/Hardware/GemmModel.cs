using System.Collections.Concurrent;

namespace Allspark.Engine.Hardware;

/// <summary>Time and traffic of matrix products on one kind of node, remembered so that each is searched once. Safe for many threads.</summary>
public sealed class GemmModel
{
    private readonly NodeSpec node;
    private readonly int bytesPerElement;
    private readonly ConcurrentDictionary<(Gemm Gemm, Dataflow Dataflow), GemmCost> memo = new();

    /// <summary>Creates the model of a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="bytesPerElement">Bytes of one operand element.</param>
    public GemmModel(NodeSpec node, int bytesPerElement)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentOutOfRangeException.ThrowIfLessThan(bytesPerElement, 1);
        this.node = node;
        this.bytesPerElement = bytesPerElement;
    }

    /// <summary>What a matrix product costs.</summary>
    /// <param name="gemm">Its shape, all three dimensions at least 1.</param>
    /// <param name="dataflow">One of the node's, or <see cref="Dataflow.Best"/>.</param>
    /// <exception cref="ArgumentException">A dimension is out of range, or the buffer cannot hold one tile.</exception>
    public GemmCost Evaluate(Gemm gemm, Dataflow dataflow = Dataflow.Best) =>
        memo.GetOrAdd((gemm, dataflow), static (key, model) => model.Search(key.Gemm, key.Dataflow), this);

    private GemmCost Search(Gemm gemm, Dataflow dataflow) => throw new NotSupportedException($"{gemm} {dataflow} {node} {bytesPerElement}");
}
