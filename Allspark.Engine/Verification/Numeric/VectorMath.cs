using System.Numerics.Tensors;

namespace Allspark.Engine.Verification.Numeric;

/// <summary>The element-wise and row-wise functions of a transformer, in place.</summary>
internal static class VectorMath
{
    private const float Epsilon = 1e-5f;

    /// <summary>Layer normalisation without gain and offset: mean 0, variance 1 (Ba et al., arXiv:1607.06450).</summary>
    public static void Standardize(Span<float> row)
    {
        TensorPrimitives.Subtract(row, TensorPrimitives.Sum<float>(row) / row.Length, row);
        TensorPrimitives.Multiply(row, 1 / MathF.Sqrt(TensorPrimitives.SumOfSquares<float>(row) / row.Length + Epsilon), row);
    }

    /// <summary>Layer normalisation.</summary>
    public static void Normalize(Span<float> row, ReadOnlySpan<float> gain, ReadOnlySpan<float> offset)
    {
        Standardize(row);
        TensorPrimitives.MultiplyAdd(row, gain, offset, row);
    }

    /// <summary>Exponentials over their sum, the largest element taken off first.</summary>
    public static void Softmax(Span<float> row)
    {
        TensorPrimitives.Subtract(row, TensorPrimitives.Max<float>(row), row);
        TensorPrimitives.Exp(row, row);
        TensorPrimitives.Multiply(row, 1 / TensorPrimitives.Sum<float>(row), row);
    }

    /// <summary>x·Φ(x) (Hendrycks and Gimpel, arXiv:1606.08415).</summary>
    public static void Gelu(Span<float> values)
    {
        foreach (ref var value in values)
            value *= 0.5f * (1 + Erf(value * 0.70710678f));
    }

    /// <summary>1/(1 + e⁻ˣ).</summary>
    public static float Sigmoid(float value) => 1 / (1 + MathF.Exp(-value));

    /// <summary>x/(1 + e⁻ˣ) (arXiv:1606.08415).</summary>
    public static void Silu(Span<float> values)
    {
        foreach (ref var value in values)
            value *= Sigmoid(value);
    }

    /// <summary>Adds a bias to every row.</summary>
    public static void AddToRows(Span<float> rows, ReadOnlySpan<float> bias)
    {
        for (var first = 0; first < rows.Length; first += bias.Length)
        {
            var row = rows.Slice(first, bias.Length);
            TensorPrimitives.Add(row, bias, row);
        }
    }

    // Rational approximation 7.1.26 of Abramowitz and Stegun, absolute error below 1.5e-7.
    private static float Erf(float x)
    {
        var t = 1 / (1 + 0.3275911f * MathF.Abs(x));
        var series = t * (0.254829592f + t * (-0.284496736f + t * (1.421413741f + t * (-1.453152027f + t * 1.061405429f))));
        return MathF.CopySign(1 - series * MathF.Exp(-x * x), x);
    }
}
