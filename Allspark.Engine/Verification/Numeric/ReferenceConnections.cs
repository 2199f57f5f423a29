using System.Numerics.Tensors;
using Allspark.Engine.Models;

namespace Allspark.Engine.Verification.Numeric;

/// <summary>What goes past the plain network's convolutions, the mean that scales their input, groups of channels and pooling.</summary>
internal static class ReferenceConnections
{
    /// <summary>A convolution with what it adds, and what it carries on.</summary>
    public static float[] Connected(
        ProjectionLayer layer, ProjectionTensors tensors, Connection connection, float[] input, ref float[] carried)
    {
        var beside = connection.Receives ? carried : [];
        var own = connection.Receives ? carried : input;
        var output = ReferenceNetwork.Projection(layer, tensors, tensors.Squeeze is null ? input : Scaled(layer, tensors, input));
        carried = layer.CarriedChannels > 0 ? Covered(layer, own, layer.CarriedChannels) : [];
        if (!connection.Receives || layer.CarriedChannels > 0)
            return output;
        var added = Covered(layer, beside, beside.Length / layer.InputGrid.Tokens);
        if (tensors.Shortcut is not null)
            added = Mapped(tensors, added);
        TensorPrimitives.Add(output, added, output);
        return output;
    }

    /// <summary>What is carried, then the token's own channels.</summary>
    public static float[] Joined(int tokens, float[] carried, float[] values)
    {
        var (first, second) = (carried.Length / tokens, values.Length / tokens);
        var joined = new float[carried.Length + values.Length];
        for (var token = 0; token < tokens; token++)
        {
            carried.AsSpan(token * first, first).CopyTo(joined.AsSpan(token * (first + second)));
            values.AsSpan(token * second, second).CopyTo(joined.AsSpan(token * (first + second) + first));
        }

        return joined;
    }

    /// <summary>Every output channel over the channels of its group: rows unfolded place by place, kernels likewise.</summary>
    public static float[] Grouped(ProjectionLayer layer, ProjectionTensors tensors, float[] rows)
    {
        var (channels, outputs, perGroup) = (layer.InputChannels, layer.OutputChannels, layer.InputChannels / layer.Groups);
        var length = rows.Length / layer.ComputedTokens;
        var result = new float[layer.ComputedTokens * outputs];
        Parallel.For(0, layer.ComputedTokens, token =>
        {
            for (var output = 0; output < outputs; output++)
            {
                var (sum, next) = (0.0, output * layer.ReductionLength);
                for (var place = 0; place < length / channels; place++)
                {
                    for (var i = 0; i < perGroup; i++)
                    {
                        var channel = output * layer.Groups / outputs * perGroup + i;
                        sum += (double)rows[token * length + place * channels + channel] * tensors.Weight.Values[next++];
                    }
                }

                result[token * outputs + output] = (float)sum;
            }
        });

        return result;
    }

    /// <summary>The mean of the computed tokens that become one.</summary>
    public static float[] MeanPooled(ProjectionLayer layer, float[] computed)
    {
        var (width, patches) = (layer.OutputChannels, layer.PooledBy * layer.PooledBy);
        var result = new float[computed.Length / patches];
        for (var i = 0; i < computed.Length; i++)
            result[i / width / patches * width + i % width] += computed[i] / patches;
        return result;
    }

    // The mean of the tokens of the input grid that one of the output grid covers.
    private static float[] Covered(ProjectionLayer layer, float[] values, int channels)
    {
        var (input, output) = (layer.InputGrid, layer.OutputGrid);
        if (input.Tokens == output.Tokens)
            return (float[])values.Clone();
        var result = new float[output.Tokens * channels];
        var share = (float)output.Tokens / input.Tokens;
        for (var token = 0; token < input.Tokens; token++)
        {
            var covering = output.TokenCovering(token, input);
            for (var channel = 0; channel < channels; channel++)
                result[covering * channels + channel] += values[token * channels + channel] * share;
        }

        return result;
    }

    private static float[] Mapped(ProjectionTensors tensors, float[] carried)
    {
        var shortcut = tensors.Shortcut!;
        var (tokens, width) = (carried.Length / shortcut.Columns, shortcut.Rows);
        var result = new float[tokens * width];
        MatrixProduct.TimesTransposed(
            new Matrix(carried, tokens, shortcut.Columns), new Matrix(shortcut.Values, width, shortcut.Columns), result, width);
        for (var i = 0; i < result.Length; i++)
            result[i] = result[i] * (tensors.ShortcutGain?.Values[i % width] ?? 1) + (tensors.ShortcutBias?.Values[i % width] ?? 0);
        return result;
    }

    // Squeeze-and-excitation (arXiv:1709.01507): sigmoid(W₂·silu(W₁·mean)) for each channel.
    private static float[] Scaled(ProjectionLayer layer, ProjectionTensors tensors, float[] input)
    {
        var (channels, squeezed) = (layer.InputChannels, tensors.SqueezeBias!.Count);
        var mean = new float[channels];
        for (var i = 0; i < input.Length; i++)
            mean[i % channels] += input[i] / layer.InputGrid.Tokens;
        var hidden = (float[])tensors.SqueezeBias.Values.Clone();
        for (var channel = 0; channel < channels; channel++)
        {
            for (var i = 0; i < squeezed; i++)
                hidden[i] += mean[channel] * tensors.Squeeze!.Values[channel * squeezed + i];
        }

        VectorMath.Silu(hidden);
        var result = (float[])input.Clone();
        for (var channel = 0; channel < channels; channel++)
        {
            var sum = tensors.ExcitationBias!.Values[channel];
            for (var i = 0; i < squeezed; i++)
                sum += hidden[i] * tensors.Excitation!.Values[channel * squeezed + i];
            var scale = VectorMath.Sigmoid(sum);
            for (var i = channel; i < result.Length; i += channels)
                result[i] *= scale;
        }

        return result;
    }
}
