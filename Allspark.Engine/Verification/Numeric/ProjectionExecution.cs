using System.Numerics.Tensors;
using Allspark.Engine.Models;

namespace Allspark.Engine.Verification.Numeric;

/// <summary>
/// A projection on one group: input rows go round, every node makes its columns of all rows, columns return to the rows' nodes.
/// </summary>
internal sealed partial class ProjectionExecution(VirtualArray array, PhaseProgram program, GroupProgram group, ProjectionTensors tensors)
    : TokenWiseExecution(array, program, group)
{
    private readonly ProjectionLayer _layer = (ProjectionLayer)program.Layer;
    private readonly Unfolding _unfolding = new((ProjectionLayer)program.Layer);
    private readonly bool _readsImage = program.Moves.Count > 0 && program.Moves[0].Source < 0;
    private readonly ReadOnlyMemory<float>[] _weights = new ReadOnlyMemory<float>[group.Ranks.Count];

    // A row is the unfolded patch of a computed token, all groups of channels; a token that pools has several one after another.
    private int PatchLength => _unfolding.Places * _layer.InputChannels;

    private int Patches => _layer.PooledBy * _layer.PooledBy;

    private int Length => PatchLength * Patches;

    protected override void Load()
    {
        Compute((rank, place) => _weights[place] = Slice(rank, tensors.Weight));
        if (tensors.Squeeze is not null)
            Squeeze();
    }

    protected override void RunRows(WindowProgram window, IndexRange rows)
    {
        Compute((rank, place) => Unfold(rank, place, window, rank.Owned.Intersect(rows)));
        Gather(OperandKind.Normalized, static rank => rank.InputFrom);
        Compute((rank, place) => Multiply(rank, _weights[place], window, rank.Rows.Intersect(rows)));
        Exchange(OperandKind.Columns, static rank => rank.OutputFrom, rank => rank.Owned.Intersect(rows));
        if (tensors.Shortcut is not null)
        {
            Compute(rank => UnfoldCarried(rank, window, rank.Owned.Intersect(rows)));
            Gather(OperandKind.Carried, static rank => rank.InputFrom);
            Compute(rank => MultiplyShortcut(rank, window, rank.Rows.Intersect(rows)));
            Exchange(OperandKind.Shortcut, static rank => rank.OutputFrom, rank => rank.Owned.Intersect(rows));
        }

        Compute(rank => Finish(rank, window, rank.Owned.Intersect(rows)));
    }

    // The patch of each owned token in one row; extra tokens have none.
    private void Unfold(RankProgram rank, int place, WindowProgram window, IndexRange owned)
    {
        if (owned.IsEmpty)
            return;
        var values = new float[owned.Length * Length];
        for (var i = 0; i < owned.Length; i++)
        {
            var token = window.Tokens[owned.Start + i];
            if (token >= _layer.ComputedTokens / Patches)
                continue;
            var row = values.AsSpan(i * Length, Length);
            if (_unfolding.Pools)
                Pool(rank, row);
            else if (_readsImage)
                Token(rank, token, Length).CopyTo(row);
            else
                CopyPatch(rank, token, row);
            if (tensors.NormalizesInput && !_unfolding.Averages)
                NormalizePatches(rank, row);
            if (_scales[place] is { } scales)
                TensorPrimitives.Multiply(row, scales, row);
        }

        Memory(rank).Put(new Block(OperandKind.Normalized, rank.Node, owned, Length, values));
    }

    private void NormalizePatches(RankProgram rank, Span<float> row)
    {
        for (var first = 0; first < row.Length; first += PatchLength)
            VectorMath.Normalize(row.Slice(first, PatchLength), Small(rank, tensors.Gain!), Small(rank, tensors.Offset!));
    }

    private void CopyPatch(RankProgram rank, int token, Span<float> row)
    {
        var channels = _layer.InputChannels;
        for (var place = 0; place < _unfolding.Places * Patches; place++)
        {
            if (_unfolding.Source(token, place) is var source and >= 0)
                Token(rank, source, channels).CopyTo(row[(place * channels)..]);
        }
    }

    // The class token, or the mean of the partial sums that arrived.
    private void Pool(RankProgram rank, Span<float> row)
    {
        var grid = _layer.InputGrid;
        if (!_unfolding.Averages)
        {
            Token(rank, grid.Height * grid.Width, Length).CopyTo(row);
            return;
        }

        foreach (var block in Memory(rank).All(OperandKind.OutputSums))
            TensorPrimitives.Add(row, block.Elements.Span, row);
        TensorPrimitives.Divide(row, grid.Tokens, row);
        if (tensors.NormalizesInput)
            TensorPrimitives.MultiplyAdd(row, Small(rank, tensors.Gain!), Small(rank, tensors.Offset!), row);
    }

    private void Multiply(RankProgram rank, ReadOnlyMemory<float> weights, WindowProgram window, IndexRange rows)
    {
        if (!rank.Computes || rows.IsEmpty)
            return;
        var input = Read(rank, OperandKind.Normalized, rows, Length, window).Span;
        var columns = new float[rows.Length * Patches * rank.Width];
        GroupedProduct.TimesTransposed(
            new Matrix(input, rows.Length * Patches, PatchLength), weights.Span, _layer, rank.Channels, columns);
        columns = GroupedProduct.MeanOfRows(columns, rank.Width, Patches);
        Memory(rank).Put(new Block(OperandKind.Columns, rank.Node, rows, rank.Width, columns));
    }

    private void Finish(RankProgram rank, WindowProgram window, IndexRange owned)
    {
        if (owned.IsEmpty)
            return;
        var width = _layer.OutputChannels;
        var values = Joined(rank, OperandKind.Columns, owned, width);
        var shortcut = tensors.Shortcut is null ? [] : Joined(rank, OperandKind.Shortcut, owned, width);
        for (var i = 0; i < owned.Length; i++)
        {
            var token = window.Tokens[owned.Start + i];
            var row = values.AsSpan(i * width, width);
            if (token >= _layer.ComputedTokens / Patches)
                Small(rank, tensors.ExtraTokens!).Slice((token - _layer.ComputedTokens) * width, width).CopyTo(row);
            else
                FinishRow(rank, row);
            Connect(rank, token, row, shortcut.AsSpan(shortcut.Length == 0 ? 0 : i * width, shortcut.Length == 0 ? 0 : width));
            if (tensors.Position is not null)
                TensorPrimitives.Add(row, Small(rank, tensors.Position).Slice(token * width, width), row);
            Memory(rank).Outputs[token] = values.AsMemory(i * width, width);
        }
    }

    private void FinishRow(RankProgram rank, Span<float> row)
    {
        if (tensors.Bias is not null)
            TensorPrimitives.Add(row, Small(rank, tensors.Bias), row);
        if (tensors.NormalizesOutput)
            VectorMath.Normalize(row, Small(rank, tensors.OutputGain!), Small(rank, tensors.OutputOffset!));
    }

    // Each node's columns at their place; columns that nobody sent are a finding.
    private float[] Joined(RankProgram rank, OperandKind kind, IndexRange owned, int width)
    {
        var values = new float[owned.Length * width];
        var found = 0;
        foreach (var block in Memory(rank).All(kind))
        {
            var columns = Ranks.First(source => source.Node == block.Origin).Channels;
            for (var row = owned.Start; row < owned.End; row++)
                block[row].CopyTo(values.AsSpan((row - owned.Start) * width + columns.Start));
            found += columns.Length;
        }

        if (found != width)
            Report(rank, "output columns", $"joins {found} columns of {width}.");
        return values;
    }
}
