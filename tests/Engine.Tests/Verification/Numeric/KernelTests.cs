using Allspark.Engine.Verification.Numeric;
using Xunit;

namespace Engine.Tests.Verification.Numeric;

public sealed class KernelTests
{
    public static TheoryData<int, int, int> Shapes()
    {
        var shapes = new TheoryData<int, int, int>();
        (int, int, int)[] all = [(1, 1, 1), (3, 5, 7), (4, 8, 16), (5, 33, 19), (9, 3, 40), (49, 32, 49), (8, 96, 1), (0, 4, 4)];
        foreach (var (m, k, n) in all)
            shapes.Add(m, k, n);
        return shapes;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ProductsAreThoseOfTheDefinition(int rows, int length, int columns)
    {
        var source = new SeededTensors(1);
        var (strideA, strideB, strideC) = (length + 2, columns + 3, columns + 1);
        var a = source.Uniform("a", 0, Math.Max(1, rows * strideA), 0, 1);
        var b = source.Uniform("b", 0, length * strideB, 0, 1);
        var transposed = new float[columns * length];
        for (var i = 0; i < transposed.Length; i++)
            transposed[i] = b[i % length * strideB + i / length];
        var (product, same) = (new float[rows * strideC + columns], new float[rows * strideC + columns]);
        var left = new Matrix(a, rows, length, strideA);
        MatrixProduct.Times(left, new Matrix(b, length, columns, strideB), product, strideC);
        MatrixProduct.TimesTransposed(left, new Matrix(transposed, columns, length), same, strideC);
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                var sum = 0.0;
                for (var k = 0; k < length; k++)
                    sum += (double)a[row * strideA + k] * b[k * strideB + column];
                Assert.Equal(sum, product[row * strideC + column], 1e-4);
                Assert.Equal(sum, same[row * strideC + column], 1e-4);
            }

            Assert.Equal(0, product[row * strideC + columns]);
            Assert.Equal(0, same[row * strideC + columns]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(49)]
    [InlineData(197)]
    public void SoftmaxSumsToOne(int length)
    {
        var row = new SeededTensors(2).Uniform("scores", 0, length, 1000, 50);
        VectorMath.Softmax(row);
        Assert.Equal(1, row.Sum(value => (double)value), 1e-5);
        Assert.All(row, value => Assert.InRange(value, 0, 1));
    }

    [Fact]
    public void SoftmaxIsTheRatioOfExponentials()
    {
        float[] row = [0, MathF.Log(2), MathF.Log(5), float.NegativeInfinity];
        VectorMath.Softmax(row);
        Assert.Equal([0.125f, 0.25f, 0.625f, 0], row, (a, b) => Math.Abs(a - b) < 1e-6);
    }

    // Values of x·Φ(x) from tables of the normal distribution.
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0.8413447)]
    [InlineData(-1, -0.1586553)]
    [InlineData(3, 2.9959503)]
    [InlineData(-10, 0)]
    public void GeluFollowsTheNormalDistribution(float x, double expected)
    {
        float[] value = [x];
        VectorMath.Gelu(value);
        Assert.Equal(expected, value[0], 1e-6);
    }

    [Fact]
    public void NormalisationGivesMeanZeroAndVarianceOne()
    {
        var row = new SeededTensors(3).Uniform("row", 0, 96, 5, 3);
        VectorMath.Standardize(row);
        Assert.Equal(0, row.Average(value => (double)value), 1e-5);
        Assert.Equal(1, row.Average(value => (double)value * value), 1e-4);
        VectorMath.Normalize(row, [.. Enumerable.Repeat(2f, 96)], [.. Enumerable.Repeat(1f, 96)]);
        Assert.Equal(1, row.Average(value => (double)value), 1e-5);
    }

    [Fact]
    public void AnySliceOfASeededTensorIsTheSameAnywhere()
    {
        var whole = new SeededTensors(4).Uniform("w", 0, 1000, 0, 1);
        Assert.Equal(whole.AsSpan(700, 100).ToArray(), new SeededTensors(4).Uniform("w", 700, 100, 0, 1));
        Assert.NotEqual(whole, new SeededTensors(5).Uniform("w", 0, 1000, 0, 1));
        Assert.NotEqual(whole, new SeededTensors(4).Uniform("v", 0, 1000, 0, 1));
        Assert.All(whole, value => Assert.InRange(value, -1, 1));
        Assert.InRange(whole.Average(), -0.1f, 0.1f);
        Assert.InRange(whole.Average(value => value * value), 0.3f, 0.37f);
    }

    [Fact]
    public void RangesJoinAndGapsAreFound()
    {
        var set = new RangeSet();
        set.Add(new IndexRange(10, 20));
        set.Add(new IndexRange(30, 40));
        set.Add(new IndexRange(0, 5));
        set.Add(new IndexRange(7, 7));
        Assert.Equal(new IndexRange(5, 10), set.FirstGap(new IndexRange(0, 40)));
        Assert.Equal(new IndexRange(20, 25), set.FirstGap(new IndexRange(12, 25)));
        Assert.Equal(new IndexRange(40, 50), set.FirstGap(new IndexRange(30, 50)));
        Assert.True(set.FirstGap(new IndexRange(31, 39)).IsEmpty);
        set.Add(new IndexRange(5, 10));
        set.Add(new IndexRange(18, 31));
        Assert.Equal([new IndexRange(0, 40)], set.Ranges);
    }
}
