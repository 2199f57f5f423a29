namespace Allspark.Engine.Import.Onnx;

/// <summary>What is known of a value of the graph: its type, its shape, and where they are few and fixed its elements.</summary>
internal sealed class Tensor
{
    /// <summary>Elements up to which values are kept: shapes, axes, indices; never weights.</summary>
    public const int MostElements = 4096;

    /// <summary>The largest dimension and number of elements that are believed.</summary>
    public const long LargestSize = 1L << 40;

    public Tensor(ElementType type, long[] shape)
    {
        Type = type;
        Shape = shape;
    }

    public Tensor(ElementType type, long[] shape, long[] integers)
        : this(type, shape) => Integers = integers;

    public Tensor(ElementType type, long[] shape, double[] reals)
        : this(type, shape) => Reals = reals;

    public ElementType Type { get; }

    public long[] Shape { get; }

    public int Rank => Shape.Length;

    /// <summary>The elements of an integer or boolean tensor, in row-major order; null where they are not known.</summary>
    public long[]? Integers { get; }

    /// <summary>The elements of a real tensor; null where they are not known.</summary>
    public double[]? Reals { get; }

    /// <summary>Whether the elements are known.</summary>
    public bool IsKnown => Integers is not null || Reals is not null;

    /// <summary>Number of elements. Shapes are checked where they arise, so that it cannot overflow.</summary>
    public long Count => CountOf(Shape);

    public static Tensor Scalar(long value) => new(ElementType.Int64, [], new[] { value });

    public static Tensor Vector(long[] values) => new(ElementType.Int64, [values.Length], values);

    public static long CountOf(ReadOnlySpan<long> shape)
    {
        var count = 1L;
        foreach (var size in shape)
            count *= size;
        return count;
    }

    /// <summary>Whether every size is sensible and the product of all is.</summary>
    public static bool IsSound(ReadOnlySpan<long> shape)
    {
        var count = 1L;
        foreach (var size in shape)
        {
            if (size is < 0 or > LargestSize)
                return false;
            count = size == 0 ? count : count > LargestSize / size ? LargestSize + 1 : count * size;
            if (count > LargestSize)
                return false;
        }

        return true;
    }

    /// <summary>The same elements in another shape.</summary>
    public Tensor Reshaped(long[] shape) =>
        Integers is not null ? new(Type, shape, Integers) : Reals is not null ? new(Type, shape, Reals) : new(Type, shape);

    /// <summary>Elements chosen by their places; the tensor's own must be known.</summary>
    public Tensor Picked(long[] shape, Func<long, long> source)
    {
        var count = CountOf(shape);
        if (!IsKnown || count > MostElements)
            return new(Type, shape);
        if (Integers is { } integers)
        {
            var picked = new long[count];
            for (var i = 0; i < count; i++)
                picked[i] = integers[source(i)];
            return new(Type, shape, picked);
        }

        var values = new double[count];
        for (var i = 0; i < count; i++)
            values[i] = Reals![source(i)];
        return new(Type, shape, values);
    }

    /// <summary>Elements to step over for each axis, in row-major order.</summary>
    public static long[] Strides(ReadOnlySpan<long> shape)
    {
        var strides = new long[shape.Length];
        var step = 1L;
        for (var axis = shape.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = step;
            step *= shape[axis];
        }

        return strides;
    }

    public static bool IsReal(ElementType type) =>
        type is ElementType.Float or ElementType.Float16 or ElementType.Double or ElementType.BFloat16;

    /// <summary>Types of one byte or less, which quantised weights have.</summary>
    public static bool IsNarrow(ElementType type) => type is ElementType.Int8 or ElementType.UInt8 or >= ElementType.Float8E4M3Fn;

    public override string ToString() => $"{Type}[{string.Join("×", Shape)}]";
}
