using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Allspark.Engine.Verification.Numeric;

/// <summary>A matrix in row-major order within a longer span.</summary>
internal readonly ref struct Matrix(ReadOnlySpan<float> values, int rows, int columns, int stride)
{
    public Matrix(ReadOnlySpan<float> values, int rows, int columns)
        : this(values, rows, columns, columns)
    {
    }

    public ReadOnlySpan<float> Values { get; } = values;

    public int Rows { get; } = rows;

    public int Columns { get; } = columns;

    /// <summary>Elements from one row to the next.</summary>
    public int Stride { get; } = stride;

    public ReadOnlySpan<float> this[int row] => Values.Slice(row * Stride, Columns);
}

/// <summary>Products of single-precision matrices: register-blocked, one thread, the same bits for the same operands.</summary>
internal static class MatrixProduct
{
    private const int Block = 4;

    /// <summary>A·Bᵀ for A of M×K and B of N×K, into M rows of N that lie <paramref name="stride"/> apart.</summary>
    public static void TimesTransposed(Matrix a, Matrix b, Span<float> product, int stride)
    {
        var row = 0;
        for (; row + Block <= a.Rows; row += Block)
        {
            var column = 0;
            for (; column + Block <= b.Rows; column += Block)
                DotTile(a, row, b, column, product, stride);
            for (; column < b.Rows; column++)
            {
                for (var i = row; i < row + Block; i++)
                    product[i * stride + column] = TensorPrimitives.Dot(a[i], b[column]);
            }
        }

        for (; row < a.Rows; row++)
        {
            for (var column = 0; column < b.Rows; column++)
                product[row * stride + column] = TensorPrimitives.Dot(a[row], b[column]);
        }
    }

    /// <summary>A·B for A of M×K and B of K×N, into M rows of N that lie <paramref name="stride"/> apart.</summary>
    public static void Times(Matrix a, Matrix b, Span<float> product, int stride)
    {
        var row = 0;
        for (; row + Block <= a.Rows; row += Block)
        {
            var column = 0;
            for (; column + 2 * Vector<float>.Count <= b.Columns; column += 2 * Vector<float>.Count)
                AxpyTile(a, row, b, column, product, stride);
            for (var i = row; i < row + Block; i++)
                TimesRow(a[i], b, column, product.Slice(i * stride, b.Columns));
        }

        for (; row < a.Rows; row++)
            TimesRow(a[row], b, 0, product.Slice(row * stride, b.Columns));
    }

    // One row of the product from the given column on.
    private static void TimesRow(ReadOnlySpan<float> factors, Matrix b, int column, Span<float> product)
    {
        var rest = product[column..];
        rest.Clear();
        if (rest.IsEmpty)
            return;
        for (var k = 0; k < factors.Length; k++)
            TensorPrimitives.MultiplyAdd(b[k][column..], factors[k], rest, rest);
    }

    // 4×4 dot products at once: eight loads feed sixteen multiply-adds.
    private static void DotTile(Matrix a, int row, Matrix b, int column, Span<float> product, int stride)
    {
        var length = a.Columns;
        ref var a0 = ref MemoryMarshal.GetReference(a[row]);
        ref var a1 = ref MemoryMarshal.GetReference(a[row + 1]);
        ref var a2 = ref MemoryMarshal.GetReference(a[row + 2]);
        ref var a3 = ref MemoryMarshal.GetReference(a[row + 3]);
        ref var b0 = ref MemoryMarshal.GetReference(b[column]);
        ref var b1 = ref MemoryMarshal.GetReference(b[column + 1]);
        ref var b2 = ref MemoryMarshal.GetReference(b[column + 2]);
        ref var b3 = ref MemoryMarshal.GetReference(b[column + 3]);
        Vector<float> c00 = default, c01 = default, c02 = default, c03 = default;
        Vector<float> c10 = default, c11 = default, c12 = default, c13 = default;
        Vector<float> c20 = default, c21 = default, c22 = default, c23 = default;
        Vector<float> c30 = default, c31 = default, c32 = default, c33 = default;
        var k = 0;
        for (; k + Vector<float>.Count <= length; k += Vector<float>.Count)
        {
            var at = (nuint)k;
            var (y0, y1) = (Vector.LoadUnsafe(ref b0, at), Vector.LoadUnsafe(ref b1, at));
            var (y2, y3) = (Vector.LoadUnsafe(ref b2, at), Vector.LoadUnsafe(ref b3, at));
            var x = Vector.LoadUnsafe(ref a0, at);
            (c00, c01) = (Vector.FusedMultiplyAdd(x, y0, c00), Vector.FusedMultiplyAdd(x, y1, c01));
            (c02, c03) = (Vector.FusedMultiplyAdd(x, y2, c02), Vector.FusedMultiplyAdd(x, y3, c03));
            x = Vector.LoadUnsafe(ref a1, at);
            (c10, c11) = (Vector.FusedMultiplyAdd(x, y0, c10), Vector.FusedMultiplyAdd(x, y1, c11));
            (c12, c13) = (Vector.FusedMultiplyAdd(x, y2, c12), Vector.FusedMultiplyAdd(x, y3, c13));
            x = Vector.LoadUnsafe(ref a2, at);
            (c20, c21) = (Vector.FusedMultiplyAdd(x, y0, c20), Vector.FusedMultiplyAdd(x, y1, c21));
            (c22, c23) = (Vector.FusedMultiplyAdd(x, y2, c22), Vector.FusedMultiplyAdd(x, y3, c23));
            x = Vector.LoadUnsafe(ref a3, at);
            (c30, c31) = (Vector.FusedMultiplyAdd(x, y0, c30), Vector.FusedMultiplyAdd(x, y1, c31));
            (c32, c33) = (Vector.FusedMultiplyAdd(x, y2, c32), Vector.FusedMultiplyAdd(x, y3, c33));
        }

        Store(product.Slice(row * stride + column, Block), c00, c01, c02, c03);
        Store(product.Slice((row + 1) * stride + column, Block), c10, c11, c12, c13);
        Store(product.Slice((row + 2) * stride + column, Block), c20, c21, c22, c23);
        Store(product.Slice((row + 3) * stride + column, Block), c30, c31, c32, c33);
        if (k < length)
            AddRest(a, row, b, column, product, stride, k);
    }

    private static void AddRest(Matrix a, int row, Matrix b, int column, Span<float> product, int stride, int first)
    {
        for (var i = 0; i < Block; i++)
        {
            for (var j = 0; j < Block; j++)
                product[(row + i) * stride + column + j] += TensorPrimitives.Dot(a[row + i][first..], b[column + j][first..]);
        }
    }

    private static void Store(Span<float> target, Vector<float> c0, Vector<float> c1, Vector<float> c2, Vector<float> c3) =>
        (target[0], target[1], target[2], target[3]) = (Vector.Sum(c0), Vector.Sum(c1), Vector.Sum(c2), Vector.Sum(c3));

    // Four rows by two vectors of columns, the sums in registers.
    private static void AxpyTile(Matrix a, int row, Matrix b, int column, Span<float> product, int stride)
    {
        var r0 = a[row];
        var r1 = a[row + 1];
        var r2 = a[row + 2];
        var r3 = a[row + 3];
        var width = Vector<float>.Count;
        Vector<float> c00 = default, c01 = default, c10 = default, c11 = default;
        Vector<float> c20 = default, c21 = default, c30 = default, c31 = default;
        for (var k = 0; k < r0.Length; k++)
        {
            ref var source = ref MemoryMarshal.GetReference(b.Values.Slice(k * b.Stride + column, 2 * width));
            var (y0, y1) = (Vector.LoadUnsafe(ref source), Vector.LoadUnsafe(ref source, (nuint)width));
            var x = new Vector<float>(r0[k]);
            (c00, c01) = (Vector.FusedMultiplyAdd(x, y0, c00), Vector.FusedMultiplyAdd(x, y1, c01));
            x = new Vector<float>(r1[k]);
            (c10, c11) = (Vector.FusedMultiplyAdd(x, y0, c10), Vector.FusedMultiplyAdd(x, y1, c11));
            x = new Vector<float>(r2[k]);
            (c20, c21) = (Vector.FusedMultiplyAdd(x, y0, c20), Vector.FusedMultiplyAdd(x, y1, c21));
            x = new Vector<float>(r3[k]);
            (c30, c31) = (Vector.FusedMultiplyAdd(x, y0, c30), Vector.FusedMultiplyAdd(x, y1, c31));
        }

        Store(product.Slice(row * stride + column, 2 * width), c00, c01);
        Store(product.Slice((row + 1) * stride + column, 2 * width), c10, c11);
        Store(product.Slice((row + 2) * stride + column, 2 * width), c20, c21);
        Store(product.Slice((row + 3) * stride + column, 2 * width), c30, c31);
    }

    private static void Store(Span<float> target, Vector<float> first, Vector<float> second)
    {
        first.CopyTo(target);
        second.CopyTo(target[Vector<float>.Count..]);
    }
}
