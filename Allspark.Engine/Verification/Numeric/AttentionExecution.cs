using System.Numerics.Tensors;
using Allspark.Engine.Models;

namespace Allspark.Engine.Verification.Numeric;

/// <summary>The attention half of a block on one group.</summary>
internal sealed class AttentionExecution(VirtualArray array, PhaseProgram program, GroupProgram group, AttentionTensors tensors)
    : GroupExecution(array, program, group)
{
    private readonly int _channels = program.Phase.InputChannels;
    private readonly Operands[][] _operands = new Operands[program.Phase.Orientations][];

    protected override void Load()
    {
        foreach (var orientation in Group.Windows.Select(window => window.Orientation).Distinct())
        {
            var operands = _operands[orientation] = new Operands[Ranks.Count];
            Compute((rank, place) => operands[place] = new Operands(
                Slice(rank, tensors.Query, orientation), Slice(rank, tensors.Key, orientation),
                Slice(rank, tensors.Value, orientation), Slice(rank, tensors.Output, orientation),
                BiasSlice(rank, tensors.QueryBias, orientation), BiasSlice(rank, tensors.KeyBias, orientation),
                BiasSlice(rank, tensors.ValueBias, orientation)));
        }
    }

    protected override void RunWindow(WindowProgram window, CancellationToken cancellationToken)
    {
        var operands = _operands[window.Orientation];
        Compute(rank => Normalize(rank, window));
        Gather(OperandKind.Normalized, static rank => rank.InputFrom);
        if (tensors.Reduction is not null)
            PoolKeys(window);
        Compute((rank, place) => Project(rank, operands[place], window));
        Gather(OperandKind.Keys, static rank => rank.KeysFrom);
        Gather(OperandKind.Values, static rank => rank.KeysFrom);
        Compute(rank => Score(rank, window));
        Exchange(OperandKind.ScoreSums, static rank => rank.ScoresFrom, static rank => rank.ScoreRows);
        Compute((rank, place) => Normalize(rank, place, window));
        Gather(OperandKind.Probabilities, static rank => rank.ScoresFrom);
        Compute((rank, place) => Attend(rank, operands[place], window));
        Exchange(OperandKind.OutputSums, static rank => rank.OutputFrom, static rank => rank.Owned);
        Compute((rank, place) => Finish(rank, place, window));
        Compute(rank => Memory(rank).ClearBlocks());
    }

    // A position that overhangs the grid is zero after the normalisation.
    private void Normalize(RankProgram rank, WindowProgram window)
    {
        if (rank.Owned.IsEmpty)
            return;
        var rows = new float[rank.Owned.Length * _channels];
        var gain = Small(rank, tensors.Gain);
        var offset = Small(rank, tensors.Offset);
        for (var i = 0; i < rank.Owned.Length; i++)
        {
            var token = window.Tokens[rank.Owned.Start + i];
            if (token < 0)
                continue;
            var row = rows.AsSpan(i * _channels, _channels);
            Token(rank, token, _channels).CopyTo(row);
            VectorMath.Normalize(row, gain, offset);
        }

        Memory(rank).Put(new Block(OperandKind.Normalized, rank.Node, rank.Owned, _channels, rows));
    }

    private void Project(RankProgram rank, Operands operands, WindowProgram window)
    {
        if (!rank.Computes)
            return;
        var queryInput = Read(rank, OperandKind.Normalized, rank.Rows, _channels, window);
        Put(OperandKind.Queries, rank.Rows, queryInput, operands.Query, operands.QueryBias);
        var keyKind = tensors.Reduction is null ? OperandKind.Normalized : OperandKind.Reduced;
        var keyInput = Read(rank, keyKind, rank.KeyRows, _channels, window);
        Put(OperandKind.Keys, rank.KeyRows, keyInput, operands.Key, operands.KeyBias);
        Put(OperandKind.Values, rank.KeyRows, keyInput, operands.Value, operands.ValueBias);

        void Put(OperandKind kind, IndexRange rows, ReadOnlyMemory<float> input, ReadOnlyMemory<float> weight, float[] bias)
        {
            var product = new float[rows.Length * rank.Width];
            MatrixProduct.TimesTransposed(
                new Matrix(input.Span, rows.Length, _channels),
                new Matrix(weight.Span, rank.Width, _channels), product, rank.Width);
            VectorMath.AddToRows(product, bias);
            Memory(rank).Put(new Block(kind, rank.Node, rows, rank.Width, product));
        }
    }

    // Each row holds the scores of one query, head after head; over part of a head's channels they are partial sums.
    private void Score(RankProgram rank, WindowProgram window)
    {
        if (!rank.Computes)
            return;
        var (queries, keys) = (rank.Rows.Length, KeyTokens(window));
        var (heads, channels, width) = (rank.Heads.Length, rank.Channels.Length, rank.Width);
        var query = Read(rank, OperandKind.Queries, rank.Rows, width, window).Span;
        var key = Read(rank, OperandKind.Keys, new IndexRange(0, keys), width, window).Span;
        var scores = new float[queries * heads * keys];
        for (var head = 0; head < heads && queries > 0; head++)
        {
            MatrixProduct.TimesTransposed(
                new Matrix(query[(head * channels)..], queries, channels, width),
                new Matrix(key[(head * channels)..], keys, channels, width),
                scores.AsSpan(head * keys), heads * keys);
        }

        Memory(rank).Put(new Block(OperandKind.ScoreSums, rank.Node, rank.Rows, heads * keys, scores));
    }

    private void Normalize(RankProgram rank, int place, WindowProgram window)
    {
        if (!rank.Computes || rank.ScoreRows.IsEmpty)
            return;
        var (heads, keys) = (rank.Heads.Length, KeyTokens(window));
        var scores = Sum(rank, place, OperandKind.ScoreSums, rank.ScoreRows, heads * keys, rank.ScoresFrom, window);
        TensorPrimitives.Multiply(scores, 1 / MathF.Sqrt(Program.Phase.HeadDimension), scores);
        for (var i = 0; i < rank.ScoreRows.Length; i++)
        {
            var query = rank.ScoreRows.Start + i;
            for (var head = 0; head < heads; head++)
            {
                var row = scores.AsSpan((i * heads + head) * keys, keys);
                AddPositionBias(rank, row, query, rank.Heads.Start + head);
                if (window.Mask is not null)
                    TensorPrimitives.Add(row, window.Mask.AsSpan(query * keys, keys), row);
                VectorMath.Softmax(row);
            }
        }

        Memory(rank).Put(new Block(OperandKind.Probabilities, rank.Node, rank.ScoreRows, heads * keys, scores));
    }

    // B of the pair's relative position: Δrow and Δcolumn from −(w − 1) to w − 1.
    private void AddPositionBias(RankProgram rank, Span<float> row, int query, int head)
    {
        if (tensors.PositionTable is null)
            return;
        var size = tensors.PositionSide;
        var table = Small(rank, tensors.PositionTable);
        var (heads, side) = (tensors.PositionTable.Columns, 2 * size - 1);
        var centre = (query / size + size - 1) * side + query % size + size - 1;
        var key = 0;
        for (var keyRow = 0; keyRow < size; keyRow++)
        {
            for (var keyColumn = 0; keyColumn < size; keyColumn++)
                row[key++] += table[(centre - keyRow * side - keyColumn) * heads + head];
        }
    }

    private void Attend(RankProgram rank, Operands operands, WindowProgram window)
    {
        if (!rank.Computes || rank.Rows.IsEmpty)
            return;
        var (queries, keys) = (rank.Rows.Length, KeyTokens(window));
        var (heads, channels, width) = (rank.Heads.Length, rank.Channels.Length, rank.Width);
        var scores = Read(rank, OperandKind.Probabilities, rank.Rows, heads * keys, window).Span;
        var values = Read(rank, OperandKind.Values, new IndexRange(0, keys), width, window).Span;
        var attended = new float[queries * width];
        for (var head = 0; head < heads; head++)
        {
            MatrixProduct.Times(
                new Matrix(scores[(head * keys)..], queries, keys, heads * keys),
                new Matrix(values[(head * channels)..], keys, channels, width),
                attended.AsSpan(head * channels), width);
        }

        if (tensors.ValueKernel > 0)
            ConvolveValues(rank, values, attended, window);
        var output = new float[queries * _channels];
        MatrixProduct.Times(
            new Matrix(attended, queries, width), new Matrix(operands.Output.Span, width, _channels), output, _channels);
        Memory(rank).Put(new Block(OperandKind.OutputSums, rank.Node, rank.Rows, _channels, output));
    }

    // A depthwise convolution over the window's values, zeros around it (LePE of arXiv:2107.00652).
    private void ConvolveValues(RankProgram rank, ReadOnlySpan<float> values, Span<float> attended, WindowProgram window)
    {
        var (width, columns, extra) = (rank.Width, window.Columns, Program.Phase.InputGrid.ExtraTokens);
        var (rows, reach) = ((window.Tokens.Length - extra) / columns, tensors.ValueKernel / 2);
        var bias = BiasSlice(rank, tensors.ValueConvolutionBias!, window.Orientation);
        var kernel = Small(rank, tensors.ValueConvolution!);
        var all = tensors.ValueConvolution!.Columns;
        for (var place = 0; place < tensors.ValueKernel * tensors.ValueKernel; place++)
        {
            var weights = BiasSlice(rank, kernel.Slice(place * all, all), window.Orientation);
            for (var query = Math.Max(rank.Rows.Start, extra); query < rank.Rows.End; query++)
            {
                var row = (query - extra) / columns + place / tensors.ValueKernel - reach;
                var column = (query - extra) % columns + place % tensors.ValueKernel - reach;
                if (row < 0 || row >= rows || column < 0 || column >= columns)
                    continue;
                var target = attended.Slice((query - rank.Rows.Start) * width, width);
                TensorPrimitives.MultiplyAdd(values.Slice((extra + row * columns + column) * width, width), weights, target, target);
            }
        }

        for (var query = Math.Max(rank.Rows.Start, extra); query < rank.Rows.End; query++)
        {
            var target = attended.Slice((query - rank.Rows.Start) * width, width);
            TensorPrimitives.Add(target, bias, target);
        }
    }

    // Of a token with two places only the first adds the bias and the residual.
    private void Finish(RankProgram rank, int place, WindowProgram window)
    {
        if (rank.Owned.IsEmpty)
            return;
        var sums = Sum(rank, place, OperandKind.OutputSums, rank.Owned, _channels, rank.OutputFrom, window);
        var first = window.Orientation == 0;
        if (first)
            VectorMath.AddToRows(sums, Small(rank, tensors.OutputBias));
        for (var i = 0; i < rank.Owned.Length; i++)
        {
            var token = window.Tokens[rank.Owned.Start + i];
            if (token < 0)
                continue;
            var row = sums.AsSpan(i * _channels, _channels);
            if (first)
                TensorPrimitives.Add(row, Token(rank, token, _channels), row);
            Memory(rank).Make(token, sums.AsMemory(i * _channels, _channels));
        }
    }

    // Every node pools what it owns; the sums meet where the key is finished, and the keys go to all nodes of the group.
    private void PoolKeys(WindowProgram window)
    {
        int[] all = [.. Enumerable.Range(0, Ranks.Count)];
        Compute(rank => PoolOwned(rank, window));
        Exchange(OperandKind.ReducedSums, _ => all, static rank => rank.PooledKeys);
        Compute(FinishKeys);
        Gather(OperandKind.Reduced, _ => all);
    }

    // A token contributes to the one patch that it lies in.
    private void PoolOwned(RankProgram rank, WindowProgram window)
    {
        if (rank.Owned.IsEmpty)
            return;
        var weights = Small(rank, tensors.Reduction!);
        var (ratio, keyGrid) = (((SpatialReductionAttention)Program.Phase.Geometry!).Ratio, KeyGrid);
        var input = Read(rank, OperandKind.Normalized, rank.Owned, _channels, window).Span;
        var grid = Program.Phase.InputGrid;
        var sums = new SortedDictionary<int, float[]>();
        var product = new float[_channels];
        for (var i = 0; i < rank.Owned.Length; i++)
        {
            var token = window.Tokens[rank.Owned.Start + i];
            if (token < 0 || token >= grid.Height * grid.Width)
                continue;
            var (row, column) = (token / grid.Width, token % grid.Width);
            if (row / ratio >= keyGrid.Height || column / ratio >= keyGrid.Width)
                continue;
            var key = row / ratio * keyGrid.Width + column / ratio;
            var place = row % ratio * ratio + column % ratio;
            MatrixProduct.Times(
                new Matrix(input[(i * _channels)..], 1, _channels),
                new Matrix(weights[(place * _channels * _channels)..], _channels, _channels), product, _channels);
            if (!sums.TryGetValue(key, out var sum))
                sums.Add(key, sum = new float[_channels]);
            TensorPrimitives.Add(sum, product, sum);
        }

        foreach (var (key, sum) in sums)
            Memory(rank).Put(new Block(OperandKind.ReducedSums, rank.Node, new IndexRange(key, key + 1), _channels, sum));
    }

    private void FinishKeys(RankProgram rank)
    {
        if (rank.PooledKeys.IsEmpty)
            return;
        var keys = Memory(rank).Sum(OperandKind.ReducedSums, rank.PooledKeys, _channels, includeOwn: true, out _);
        VectorMath.AddToRows(keys, Small(rank, tensors.ReductionBias!));
        var gain = Small(rank, tensors.ReductionGain!);
        var offset = Small(rank, tensors.ReductionOffset!);
        for (var i = 0; i < rank.PooledKeys.Length; i++)
            VectorMath.Normalize(keys.AsSpan(i * _channels, _channels), gain, offset);
        Memory(rank).Put(new Block(OperandKind.Reduced, rank.Node, rank.PooledKeys, _channels, keys));
    }

    private TokenGrid KeyGrid => ((SpatialReductionAttention)Program.Phase.Geometry!).ReducedGrid(Program.Phase.InputGrid);

    private int KeyTokens(WindowProgram window) => tensors.Reduction is null ? window.Tokens.Length : KeyGrid.Tokens;

    private sealed record Operands(
        ReadOnlyMemory<float> Query, ReadOnlyMemory<float> Key, ReadOnlyMemory<float> Value, ReadOnlyMemory<float> Output,
        float[] QueryBias, float[] KeyBias, float[] ValueBias);
}
