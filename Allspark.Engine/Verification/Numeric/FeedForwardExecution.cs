using System.Numerics.Tensors;

namespace Allspark.Engine.Verification.Numeric;

/// <summary>The feed-forward half of a block on one group.</summary>
internal sealed class FeedForwardExecution(
    VirtualArray array, PhaseProgram program, GroupProgram group, FeedForwardTensors tensors)
    : TokenWiseExecution(array, program, group)
{
    private readonly int _channels = program.Phase.InputChannels;
    private readonly Operands[] _operands = new Operands[group.Ranks.Count];

    protected override void Load() => Compute((rank, place) => _operands[place] = new Operands(
        Slice(rank, tensors.Expand), Slice(rank, tensors.Contract), BiasSlice(rank, tensors.ExpandBias)));

    protected override void RunRows(WindowProgram window, IndexRange rows)
    {
        Compute(rank => Normalize(rank, window, rank.Owned.Intersect(rows)));
        Gather(OperandKind.Normalized, static rank => rank.InputFrom);
        Compute((rank, place) => Transform(rank, _operands[place], window, rank.Rows.Intersect(rows)));
        Exchange(OperandKind.OutputSums, static rank => rank.OutputFrom, rank => rank.Owned.Intersect(rows));
        Compute((rank, place) => Finish(rank, place, window, rank.Owned.Intersect(rows)));
    }

    private void Normalize(RankProgram rank, WindowProgram window, IndexRange owned)
    {
        if (owned.IsEmpty)
            return;
        var values = new float[owned.Length * _channels];
        var gain = Small(rank, tensors.Gain);
        var offset = Small(rank, tensors.Offset);
        for (var i = 0; i < owned.Length; i++)
        {
            var row = values.AsSpan(i * _channels, _channels);
            Token(rank, window.Tokens[owned.Start + i], _channels).CopyTo(row);
            VectorMath.Normalize(row, gain, offset);
        }

        Memory(rank).Put(new Block(OperandKind.Normalized, rank.Node, owned, _channels, values));
    }

    private void Transform(RankProgram rank, Operands operands, WindowProgram window, IndexRange rows)
    {
        if (!rank.Computes || rows.IsEmpty)
            return;
        var input = Read(rank, OperandKind.Normalized, rows, _channels, window).Span;
        var hidden = new float[rows.Length * rank.Width];
        MatrixProduct.TimesTransposed(
            new Matrix(input, rows.Length, _channels),
            new Matrix(operands.Expand.Span, rank.Width, _channels), hidden, rank.Width);
        VectorMath.AddToRows(hidden, operands.Bias);
        VectorMath.Gelu(hidden);
        var output = new float[rows.Length * _channels];
        MatrixProduct.Times(
            new Matrix(hidden, rows.Length, rank.Width),
            new Matrix(operands.Contract.Span, rank.Width, _channels), output, _channels);
        Memory(rank).Put(new Block(OperandKind.OutputSums, rank.Node, rows, _channels, output));
    }

    private void Finish(RankProgram rank, int place, WindowProgram window, IndexRange owned)
    {
        if (owned.IsEmpty)
            return;
        var sums = Sum(rank, place, OperandKind.OutputSums, owned, _channels, rank.OutputFrom, window);
        VectorMath.AddToRows(sums, Small(rank, tensors.ContractBias));
        for (var i = 0; i < owned.Length; i++)
        {
            var token = window.Tokens[owned.Start + i];
            var row = sums.AsSpan(i * _channels, _channels);
            TensorPrimitives.Add(row, Token(rank, token, _channels), row);
            Memory(rank).Outputs[token] = sums.AsMemory(i * _channels, _channels);
        }
    }

    private sealed record Operands(ReadOnlyMemory<float> Expand, ReadOnlyMemory<float> Contract, float[] Bias);
}
