using System.Numerics.Tensors;
using Allspark.Engine.Models;

namespace Allspark.Engine.Verification.Numeric;

/// <summary>What goes past a convolution and joins its result, and the mean that scales its input.</summary>
internal sealed partial class ProjectionExecution
{
    private readonly float[]?[] _scales = new float[group.Ranks.Count][];

    // Every node has the mean and its part of both matrices: sums of the squeezed vector meet, scales go round.
    private void Squeeze()
    {
        var (squeeze, excitation) = (tensors.Squeeze!, tensors.Excitation!);
        var (squeezed, perRow) = (tensors.SqueezeBias!.Count, tensors.ExcitationBias!.Count / squeeze.Rows);
        int[] all = [.. Enumerable.Range(0, Ranks.Count).Where(rank => Ranks[rank].Computes)];
        Compute(rank =>
        {
            if (!rank.Computes)
                return;
            var mean = Memory(rank).Mean;
            if (mean is null)
                Report(rank, "mean", "has no mean of the tokens to squeeze.");
            var rows = Slice(rank, squeeze).Span;
            var sums = new float[squeezed];
            for (var channel = rank.Channels.Start * perRow; mean is not null && channel < rank.Channels.End * perRow; channel++)
            {
                var row = rows.Slice((channel - rank.Channels.Start * perRow) * squeezed, squeezed);
                TensorPrimitives.MultiplyAdd(row, mean[channel], sums, sums);
            }

            Memory(rank).Put(new Block(OperandKind.Squeezed, rank.Node, new IndexRange(0, 1), squeezed, sums));
        });
        Exchange(OperandKind.Squeezed, _ => all, static _ => new IndexRange(0, 1));
        Compute((rank, place) =>
        {
            if (!rank.Computes)
                return;
            var vector = Memory(rank).Sum(OperandKind.Squeezed, new IndexRange(0, 1), squeezed, includeOwn: true, out var summands);
            if (summands != all.Length)
                Report(rank, "squeezed mean", $"adds {summands} partial sums of {all.Length}.");
            TensorPrimitives.Add(vector, Small(rank, tensors.SqueezeBias!), vector);
            VectorMath.Silu(vector);
            var rows = Slice(rank, excitation).Span;
            var bias = Small(rank, tensors.ExcitationBias!);
            var channels = new IndexRange(rank.Channels.Start * perRow, rank.Channels.End * perRow);
            var scales = new float[channels.Length];
            for (var i = 0; i < scales.Length; i++)
                scales[i] = VectorMath.Sigmoid(TensorPrimitives.Dot(rows.Slice(i * squeezed, squeezed), vector) + bias[channels.Start + i]);
            Memory(rank).Put(new Block(OperandKind.Scales, rank.Node, channels, 1, scales));
        });
        Gather(OperandKind.Scales, _ => all);
        Compute((rank, place) => _scales[place] = Scales(rank));
        Compute(rank => Memory(rank).ClearBlocks());
    }

    private float[] Scales(RankProgram rank)
    {
        var count = tensors.ExcitationBias!.Count;
        var scales = Memory(rank).Read(OperandKind.Scales, new IndexRange(0, count), 1, out var missing).ToArray();
        if (missing > 0)
            Report(rank, "channel scales", $"lacks {missing} of {count} channel scales.");
        return scales;
    }

    // The carried vector of an output token: the mean of those of the tokens that it covers.
    private float[] Carried(RankProgram rank, int token)
    {
        var channels = Program.Connection.Receives ? Program.CarriedChannels : _layer.InputChannels;
        var (sum, count) = (new float[channels], 0);
        foreach (var covered in Connection.Covered(_layer, token))
        {
            var from = Program.Connection.Receives ? Memory(rank).Carried : Memory(rank).Tokens;
            if (from.TryGetValue(covered, out var values))
                TensorPrimitives.Add(sum, values.Span, sum);
            else
                ReportToken(rank, covered, "lacks what is carried with");
            count++;
        }

        TensorPrimitives.Divide(sum, count, sum);
        return sum;
    }

    // The shortcut's columns of the rank, beside those of the main product.
    private void MultiplyShortcut(RankProgram rank, WindowProgram window, IndexRange rows)
    {
        if (!rank.Computes || rows.IsEmpty)
            return;
        var length = tensors.Shortcut!.Columns;
        var input = Read(rank, OperandKind.Carried, rows, length, window).Span;
        var columns = new float[rows.Length * rank.Width];
        MatrixProduct.TimesTransposed(
            new Matrix(input, rows.Length, length), new Matrix(Slice(rank, tensors.Shortcut).Span, rank.Width, length), columns, rank.Width);
        Memory(rank).Put(new Block(OperandKind.Shortcut, rank.Node, rows, rank.Width, columns));
    }

    private void UnfoldCarried(RankProgram rank, WindowProgram window, IndexRange owned)
    {
        if (owned.IsEmpty)
            return;
        var length = tensors.Shortcut!.Columns;
        var values = new float[owned.Length * length];
        for (var i = 0; i < owned.Length; i++)
            Carried(rank, window.Tokens[owned.Start + i]).CopyTo(values, i * length);
        Memory(rank).Put(new Block(OperandKind.Carried, rank.Node, owned, length, values));
    }

    // Adds what was carried, or carries it on.
    private void Connect(RankProgram rank, int token, Span<float> row, ReadOnlySpan<float> shortcut)
    {
        if (_layer.CarriedChannels > 0)
        {
            Memory(rank).CarriedOutputs[token] = Carried(rank, token);
            return;
        }

        if (!Program.Connection.Receives)
            return;
        if (tensors.Shortcut is null)
        {
            TensorPrimitives.Add(row, Carried(rank, token), row);
            return;
        }

        var mapped = shortcut.ToArray();
        if (tensors.ShortcutGain is not null)
            TensorPrimitives.Multiply(mapped, Small(rank, tensors.ShortcutGain), mapped);
        if (tensors.ShortcutBias is not null)
            TensorPrimitives.Add(mapped, Small(rank, tensors.ShortcutBias), mapped);
        TensorPrimitives.Add(row, mapped, row);
    }
}
