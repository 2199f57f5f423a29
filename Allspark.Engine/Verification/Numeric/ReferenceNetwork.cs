using System.Numerics.Tensors;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;

namespace Allspark.Engine.Verification.Numeric;

/// <summary>What the plain network has after one phase.</summary>
/// <param name="LayerIndex">Layer of the model.</param>
/// <param name="Kind">Part of the layer.</param>
/// <param name="Tensors">The trained numbers of the phase.</param>
/// <param name="Values">Output tokens in raster order, extra tokens last, channel by channel.</param>
internal sealed record ReferencePhase(int LayerIndex, PhaseKind Kind, PhaseTensors Tensors, float[] Values);

/// <summary>The network executed on one machine, layer by layer, with nothing split: what every schedule must equal.</summary>
internal sealed class ReferenceNetwork(DnnModel model, int seed)
{
    private readonly SeededTensors _source = new(seed);

    /// <summary>The image, row by row, pixel by pixel, channel by channel.</summary>
    public float[] Image() =>
        _source.Uniform("image", 0, checked(model.InputHeight * model.InputWidth * model.InputChannels), 0, 1);

    /// <summary>Runs the network phase by phase; only one phase's tensors are alive at a time.</summary>
    public IEnumerable<ReferencePhase> Run()
    {
        var values = Image();
        var carried = Array.Empty<float>();
        foreach (var (index, layer) in model.Layers.Index())
        {
            var connection = Connection.Of(index == 0 ? null : model.Layers[index - 1], layer);
            if (connection.Concatenates)
                values = ReferenceConnections.Joined(layer.InputGrid.Tokens, carried, values);
            PhaseKind[] kinds = layer is TransformerBlock ? [PhaseKind.Attention, PhaseKind.FeedForward] : [PhaseKind.Projection];
            foreach (var kind in kinds)
            {
                var tensors = PhaseTensors.Of(layer, kind, _source);
                values = (layer, tensors) switch
                {
                    (TransformerBlock block, AttentionTensors attention) => Attention(block, attention, values),
                    (TransformerBlock block, FeedForwardTensors feedForward) => FeedForward(block, feedForward, values),
                    _ => ReferenceConnections.Connected(
                        (ProjectionLayer)layer, (ProjectionTensors)tensors, connection, values, ref carried),
                };
                yield return new ReferencePhase(index, kind, tensors, values);
            }
        }
    }

    /// <summary>x + W_O·softmax(QKᵀ/√d + bias + mask)·V of the normalised tokens, window by window.</summary>
    internal static float[] Attention(TransformerBlock block, AttentionTensors tensors, float[] input)
    {
        var channels = block.Channels;
        var normalized = Normalized(input, tensors.Gain, tensors.Offset);
        var keyInput = tensors.Reduction is null ? normalized : Reduced(block, tensors, normalized);
        var queries = Linear(normalized, channels, tensors.Query, tensors.QueryBias);
        var keys = Linear(keyInput, channels, tensors.Key, tensors.KeyBias);
        var values = Linear(keyInput, channels, tensors.Value, tensors.ValueBias);
        var attended = new float[queries.Length];
        Parallel.ForEach(ReferenceWindow.Of(block.Grid, block.Attention), window =>
        {
            var keyTokens = tensors.Reduction is null ? window.Tokens : [.. Enumerable.Range(0, keyInput.Length / channels)];
            var (part, parts) = window.Heads;
            for (var head = block.Heads * part / parts; head < block.Heads * (part + 1) / parts; head++)
            {
                AttendHead(block, tensors, window, keyTokens, head, (queries, keys, values), attended);
                if (tensors.ValueConvolution is not null)
                    ConvolveValues(block, tensors, window, head, values, attended);
            }
        });

        var output = Times(attended, tensors.Output);
        VectorMath.AddToRows(output, tensors.OutputBias.Values);
        TensorPrimitives.Add(output, input, output);
        return output;
    }

    // A token that overhangs the grid is zero after the normalisation, hence the bias alone after the projection.
    private static void AttendHead(
        TransformerBlock block,
        AttentionTensors tensors,
        ReferenceWindow window,
        int[] keyTokens,
        int head,
        (float[] Queries, float[] Keys, float[] Values) projected,
        float[] attended)
    {
        var (size, width) = (block.HeadDimension, block.AttentionChannels);
        var scores = new float[keyTokens.Length];
        for (var i = 0; i < window.Tokens.Length; i++)
        {
            if (window.Tokens[i] < 0)
                continue;
            var query = projected.Queries.AsSpan(window.Tokens[i] * width + head * size, size);
            for (var j = 0; j < scores.Length; j++)
            {
                scores[j] = TensorPrimitives.Dot(query, OrBias(projected.Keys, tensors.KeyBias, keyTokens[j])) / MathF.Sqrt(size)
                    + PositionBias(block, tensors, head, i, j) + Mask(block, window, i, j);
            }

            VectorMath.Softmax(scores);
            var result = attended.AsSpan(window.Tokens[i] * width + head * size, size);
            for (var j = 0; j < scores.Length; j++)
            {
                var value = OrBias(projected.Values, tensors.ValueBias, keyTokens[j]);
                TensorPrimitives.MultiplyAdd(value, scores[j], result, result);
            }
        }

        ReadOnlySpan<float> OrBias(float[] values, WeightTensor bias, int token) =>
            token < 0 ? bias.Values.AsSpan(head * size, size) : values.AsSpan(token * width + head * size, size);
    }

    // Each channel of the values is convolved within the window, zeros around it, and added to what is attended.
    private static void ConvolveValues(
        TransformerBlock block, AttentionTensors tensors, ReferenceWindow window, int head, float[] values, float[] attended)
    {
        var (size, width, kernel, extra) = (block.HeadDimension, block.AttentionChannels, tensors.ValueKernel, block.Grid.ExtraTokens);
        for (var i = extra; i < window.Tokens.Length; i++)
        {
            if (window.Tokens[i] < 0)
                continue;
            for (var channel = head * size; channel < (head + 1) * size; channel++)
            {
                var sum = tensors.ValueConvolutionBias!.Values[channel];
                for (var place = 0; place < kernel * kernel; place++)
                {
                    var row = (i - extra) / window.Columns + place / kernel - kernel / 2;
                    var column = (i - extra) % window.Columns + place % kernel - kernel / 2;
                    if (row < 0 || column < 0 || column >= window.Columns || extra + row * window.Columns + column >= window.Tokens.Length)
                        continue;
                    var neighbour = window.Tokens[extra + row * window.Columns + column];
                    var value = neighbour < 0 ? tensors.ValueBias.Values[channel] : values[neighbour * width + channel];
                    sum += value * tensors.ValueConvolution!.Values[place * width + channel];
                }

                attended[window.Tokens[i] * width + channel] += sum;
            }
        }
    }

    private static float PositionBias(TransformerBlock block, AttentionTensors tensors, int head, int query, int key)
    {
        if (tensors.PositionTable is null)
            return 0;
        var size = tensors.PositionSide;
        var row = query / size - key / size + size - 1;
        var column = query % size - key % size + size - 1;
        return tensors.PositionTable.Values[(row * (2 * size - 1) + column) * block.Heads + head];
    }

    private static float Mask(TransformerBlock block, ReferenceWindow window, int query, int key) => block.Attention switch
    {
        GlobalAttention { Causal: true } when key > query => float.NegativeInfinity,
        WindowAttention when window.Regions[query] != window.Regions[key] => ReferenceWindow.Masked,
        _ => 0,
    };

    // Keys of r×r patches: a convolution of stride r, then a normalisation.
    private static float[] Reduced(TransformerBlock block, AttentionTensors tensors, float[] normalized)
    {
        var reduction = (SpatialReductionAttention)block.Attention;
        var (grid, channels, ratio) = (reduction.ReducedGrid(block.Grid), block.Channels, reduction.Ratio);
        var patches = new float[grid.Height * grid.Width * ratio * ratio * channels];
        var next = 0;
        for (var key = 0; key < grid.Height * grid.Width; key++)
        {
            for (var place = 0; place < ratio * ratio; place++, next += channels)
            {
                var row = key / grid.Width * ratio + place / ratio;
                var column = key % grid.Width * ratio + place % ratio;
                normalized.AsSpan((row * block.Grid.Width + column) * channels, channels).CopyTo(patches.AsSpan(next));
            }
        }

        var keys = Times(patches, tensors.Reduction!);
        VectorMath.AddToRows(keys, tensors.ReductionBias!.Values);
        return Normalized(keys, tensors.ReductionGain!, tensors.ReductionOffset!);
    }

    /// <summary>x + W₂·GELU(W₁·norm(x)), and the positional encoding where the block has one.</summary>
    internal static float[] FeedForward(TransformerBlock block, FeedForwardTensors tensors, float[] input)
    {
        var hidden = Linear(Normalized(input, tensors.Gain, tensors.Offset), block.Channels, tensors.Expand, tensors.ExpandBias);
        VectorMath.Gelu(hidden);
        var output = Times(hidden, tensors.Contract);
        VectorMath.AddToRows(output, tensors.ContractBias.Values);
        TensorPrimitives.Add(output, input, output);
        return tensors.Position is null ? output : Encoded(block, tensors, output);
    }

    // x + depthwise convolution of x, zeros around the image (arXiv:2102.10882).
    private static float[] Encoded(TransformerBlock block, FeedForwardTensors tensors, float[] input)
    {
        var output = (float[])input.Clone();
        VectorMath.AddToRows(output, tensors.PositionBias!.Values);
        var (grid, channels, reach) = (block.Grid, block.Channels, tensors.Kernel / 2);
        for (var place = 0; place < tensors.Kernel * tensors.Kernel; place++)
        {
            var weights = tensors.Position!.Values.AsSpan(place * channels, channels);
            for (var token = 0; token < grid.Height * grid.Width; token++)
            {
                var row = token / grid.Width + place / tensors.Kernel - reach;
                var column = token % grid.Width + place % tensors.Kernel - reach;
                if (row < 0 || row >= grid.Height || column < 0 || column >= grid.Width)
                    continue;
                var target = output.AsSpan(token * channels, channels);
                var source = input.AsSpan((row * grid.Width + column) * channels, channels);
                TensorPrimitives.MultiplyAdd(source, weights, target, target);
            }
        }

        return output;
    }

    /// <summary>A projection over unfolded patches, or over the pooled tokens.</summary>
    internal static float[] Projection(ProjectionLayer layer, ProjectionTensors tensors, float[] input)
    {
        var unfolding = new Unfolding(layer);
        var rows = unfolding.Pools ? Pooled(layer, tensors, input) : Unfolded(layer, unfolding, input);
        if (tensors.NormalizesInput && !unfolding.Averages)
            rows = Normalized(rows, tensors.Gain!, tensors.Offset!);
        var computed = layer.Groups == 1
            ? Linear(rows, layer.ReductionLength, tensors.Weight, bias: null)
            : ReferenceConnections.Grouped(layer, tensors, rows);
        if (layer.PooledBy > 1)
            computed = ReferenceConnections.MeanPooled(layer, computed);
        if (tensors.Bias is not null)
            VectorMath.AddToRows(computed, tensors.Bias.Values);
        if (tensors.NormalizesOutput)
            computed = Normalized(computed, tensors.OutputGain!, tensors.OutputOffset!);
        float[] output = tensors.ExtraTokens is null ? computed : [.. computed, .. tensors.ExtraTokens.Values];
        if (tensors.Position is not null)
            TensorPrimitives.Add(output, tensors.Position.Values, output);
        return output;
    }

    // The class token, or the mean of the normalised tokens.
    private static float[] Pooled(ProjectionLayer layer, ProjectionTensors tensors, float[] input)
    {
        var (channels, grid) = (layer.InputChannels, layer.InputGrid);
        if (grid.ExtraTokens > 0)
            return input.AsSpan(grid.Height * grid.Width * channels, channels).ToArray();
        var tokens = tensors.NormalizesInput ? Normalized(input, tensors.Gain!, tensors.Offset!) : input;
        var mean = new float[channels];
        for (var first = 0; first < tokens.Length; first += channels)
            TensorPrimitives.Add(mean, tokens.AsSpan(first, channels), mean);
        TensorPrimitives.Divide(mean, grid.Tokens, mean);
        return mean;
    }

    private static float[] Unfolded(ProjectionLayer layer, Unfolding unfolding, float[] input)
    {
        var length = unfolding.Places * layer.InputChannels;
        var patches = layer.PooledBy * layer.PooledBy;
        var rows = new float[layer.ComputedTokens * length];
        var row = rows.AsSpan();
        for (var computed = 0; computed < layer.ComputedTokens; computed++, row = row[length..])
        {
            for (var place = 0; place < unfolding.Places; place++)
            {
                // The patches that are pooled to one token come one after another.
                if (unfolding.Source(computed / patches, computed % patches * unfolding.Places + place) is var source and >= 0)
                    input.AsSpan(source * layer.InputChannels, layer.InputChannels).CopyTo(row[(place * layer.InputChannels)..]);
            }
        }

        return rows;
    }

    private static float[] Normalized(float[] rows, WeightTensor gain, WeightTensor offset)
    {
        var result = (float[])rows.Clone();
        for (var first = 0; first < result.Length; first += gain.Count)
            VectorMath.Normalize(result.AsSpan(first, gain.Count), gain.Values, offset.Values);
        return result;
    }

    private static float[] Times(float[] rows, WeightTensor matrix)
    {
        var (count, width) = (rows.Length / matrix.Rows, matrix.Columns);
        var result = new float[count * width];
        MatrixProduct.Times(new Matrix(rows, count, matrix.Rows), new Matrix(matrix.Values, matrix.Rows, width), result, width);
        return result;
    }

    private static float[] Linear(float[] rows, int length, WeightTensor weight, WeightTensor? bias)
    {
        var result = new float[rows.Length / length * weight.Rows];
        MatrixProduct.TimesTransposed(
            new Matrix(rows, rows.Length / length, length), new Matrix(weight.Values, weight.Rows, length), result, weight.Rows);
        if (bias is not null)
            VectorMath.AddToRows(result, bias.Values);
        return result;
    }
}
