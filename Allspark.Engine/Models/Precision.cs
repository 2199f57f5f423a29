namespace Allspark.Engine.Models;

/// <summary>The number format in which weights and activations are stored and multiplied.</summary>
public enum Precision
{
    /// <summary>8-bit integers, one byte an element.</summary>
    Int8,

    /// <summary>16-bit floating point, two bytes an element.</summary>
    Fp16,

    /// <summary>32-bit floating point, four bytes an element.</summary>
    Fp32,
}

/// <summary>Storage widths of <see cref="Precision"/>.</summary>
public static class PrecisionExtensions
{
    /// <summary>Bytes that one element takes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a defined precision.</exception>
    public static int Bytes(this Precision precision) => precision switch
    {
        Precision.Int8 => 1,
        Precision.Fp16 => 2,
        Precision.Fp32 => 4,
        _ => throw new ArgumentOutOfRangeException(nameof(precision), precision, "Precision is Int8, Fp16 or Fp32."),
    };
}
