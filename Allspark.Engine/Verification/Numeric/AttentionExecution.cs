using System.Numerics.Tensors;
using Allspark.Engine.Models;

namespace Allspark.Engine.Verification.Numeric;

/// <summary>The attention half of a block on one group.</summary>
internal sealed class AttentionExecution(VirtualArray array, PhaseProgram program, GroupProgram group, AttentionTensors tensors)
    : GroupExecution(array, program, group)
{
    private readonly int _channels = program.Phase.InputChannels;
    private readonly Operands[] _operands = new Operands[group.Ranks.Count];

    protected override void Load() => Compute((rank, place) => _operands[place] = new Operands(
        Slice(rank, tensors.Query), Slice(rank, tensors.Key), Slice(rank, tensors.Value), Slice(rank, tensors.Output),
        BiasSlice(rank, tensors.QueryBias), BiasSlice(rank, tensors.KeyBias), BiasSlice(rank, tensors.ValueBias)));

    protected override void RunWindow(WindowProgram window, CancellationToken cancellationToken)
    {
        Compute(rank => Normalize(rank, window));
        Gather(OperandKind.Normalized, static rank => rank.InputFrom);
        if (tensors.Reduction is not null)
            PoolKeys(window);
        Compute((rank, place) => Project(rank, _operands[place], window));
        Gather(OperandKind.Keys, static rank => rank.KeysFrom);
        Gather(OperandKind.Values, static rank => rank.KeysFrom);
        Compute(rank => Score(rank, window));
        Exchange(OperandKind.ScoreSums, static rank => rank.ScoresFrom, static rank => rank.ScoreRows);
        Compute((rank, place) => Normalize(rank, place, window));
        Gather(OperandKind.Probabilities, static rank => rank.ScoresFrom);
        Compute((rank, place) => Attend(rank, _operands[place], window));
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
        if (tensors.PositionTable is null || Program.Phase.Geometry is not WindowAttention { Size: var size })
            return;
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

        var output = new float[queries * _channels];
        MatrixProduct.Times(
            new Matrix(attended, queries, width), new Matrix(operands.Output.Span, width, _channels), output, _channels);
        Memory(rank).Put(new Block(OperandKind.OutputSums, rank.Node, rank.Rows, _channels, output));
    }

    private void Finish(RankProgram rank, int place, WindowProgram window)
    {
        if (rank.Owned.IsEmpty)
            return;
        var sums = Sum(rank, place, OperandKind.OutputSums, rank.Owned, _channels, rank.OutputFrom, window);
        VectorMath.AddToRows(sums, Small(rank, tensors.OutputBias));
        for (var i = 0; i < rank.Owned.Length; i++)
        {
            var token = window.Tokens[rank.Owned.Start + i];
            if (token < 0)
                continue;
            var row = sums.AsSpan(i * _channels, _channels);
            TensorPrimitives.Add(row, Token(rank, token, _channels), row);
            Memory(rank).Outputs[token] = sums.AsMemory(i * _channels, _channels);
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
