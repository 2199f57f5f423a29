using Allspark.Engine.Hardware;
using Allspark.Engine.Partitioning;
using Xunit;

namespace Engine.Tests.Partitioning;

public sealed class TilingTests
{
    private static readonly PimArray s_array = ArrayCatalog.Get("stack-16x16");

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 7)]
    [InlineData(8, 8)]
    [InlineData(16, 16)]
    [InlineData(7, 7)]
    [InlineData(4, 14)]
    [InlineData(9, 2)]
    [InlineData(13, 5)]
    public void CurveVisitsEveryCellOnceAndStepsToNeighbours(int rows, int columns)
    {
        var cells = SpaceFillingCurve.Order(rows, columns);

        Assert.Equal(rows * columns, cells.Distinct().Count());
        Assert.All(cells, cell => Assert.True(cell.Row >= 0 && cell.Row < rows && cell.Column >= 0 && cell.Column < columns));
        Assert.All(cells.Zip(cells.Skip(1)), step =>
            Assert.True(Math.Max(Math.Abs(step.First.Row - step.Second.Row), Math.Abs(step.First.Column - step.Second.Column)) == 1));
    }

    [Fact]
    public void RectanglesCoverTheArrayOnce()
    {
        var tilings = Tiling.Rectangles(s_array);

        Assert.Equal(25, tilings.Count);
        Assert.All(tilings, tiling =>
        {
            Assert.Equal(s_array.NodeCount, tiling.Groups * tiling.GroupSize);
            Assert.Equal(Enumerable.Range(0, s_array.NodeCount), tiling.Nodes.ToArray().Order());
        });
    }

    [Fact]
    public void RingNeighboursAreAtMostTwoHopsApart()
    {
        foreach (var tiling in Tiling.Rectangles(s_array))
        {
            for (var rank = 0; rank < tiling.GroupSize; rank++)
            {
                var hops = s_array.Interconnect.Hops(tiling[0, rank], tiling[0, (rank + 1) % tiling.GroupSize]);
                Assert.InRange(hops, tiling.GroupSize == 1 ? 0 : 1, tiling.Shape.GroupRows == 1 || tiling.Shape.GroupColumns == 1 ? 2 : 1);
            }
        }
    }

    [Fact]
    public void RunsLeaveTheRestIdle()
    {
        var tiling = Tiling.Runs(3, 10, 11);

        Assert.Equal(3, tiling.Groups);
        Assert.Equal(Enumerable.Range(10, 9), tiling.Nodes.ToArray());
    }

    [Fact]
    public void AGroupThatDoesNotTileIsRefused() =>
        Assert.Throws<ArgumentException>(() => Tiling.Rectangle(s_array, 3, 4));
}
