using System.Numerics.Tensors;
using Allspark.Engine.Models;

namespace Allspark.Engine.Verification.Numeric;

/// <summary>Products over unfolded patches whose channels fall into groups, and the pooling that may follow.</summary>
internal static class GroupedProduct
{
    /// <summary>Some output columns of every row; a column sums over the channels of its own group alone.</summary>
    /// <param name="rows">Unfolded patches, place by place, all channels.</param>
    /// <param name="weights">A row for each column: place by place, the channels of the column's group.</param>
    /// <param name="layer">The convolution.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="product">The columns of each row.</param>
    public static void TimesTransposed(Matrix rows, ReadOnlySpan<float> weights, ProjectionLayer layer, IndexRange columns, Span<float> product)
    {
        if (layer.Groups == 1)
        {
            MatrixProduct.TimesTransposed(rows, new Matrix(weights, columns.Length, rows.Columns), product, columns.Length);
            return;
        }

        var (channels, perGroup) = (layer.InputChannels, layer.InputChannels / layer.Groups);
        var places = rows.Columns / channels;
        for (var row = 0; row < rows.Rows; row++)
        {
            var values = rows[row];
            for (var column = columns.Start; column < columns.End; column++)
            {
                var first = column / (layer.OutputChannels / layer.Groups) * perGroup;
                var kernel = weights.Slice((column - columns.Start) * places * perGroup, places * perGroup);
                var sum = 0f;
                for (var place = 0; place < places; place++)
                    sum += TensorPrimitives.Dot(values.Slice(place * channels + first, perGroup), kernel.Slice(place * perGroup, perGroup));
                product[row * columns.Length + column - columns.Start] = sum;
            }
        }
    }

    /// <summary>The mean of so many rows that follow one another.</summary>
    public static float[] MeanOfRows(float[] values, int width, int rows)
    {
        if (rows == 1)
            return values;
        var means = new float[values.Length / rows];
        for (var first = 0; first < values.Length; first += width)
        {
            var mean = means.AsSpan(first / width / rows * width, width);
            TensorPrimitives.Add(mean, values.AsSpan(first, width), mean);
        }

        TensorPrimitives.Divide(means, rows, means);
        return means;
    }
}
