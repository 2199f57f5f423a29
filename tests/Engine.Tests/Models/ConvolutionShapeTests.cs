using Allspark.Engine.Models;
using Xunit;

namespace Engine.Tests.Models;

public sealed class ConvolutionShapeTests
{
    [Theory]
    [InlineData("swin_t", "embedding", 4, 4, 0)]
    [InlineData("swin_t", "stages.1.merging", 2, 2, 0)]
    [InlineData("cswin_t", "embedding", 7, 4, 2)]
    [InlineData("cswin_t", "stages.1.merging", 3, 2, 1)]
    [InlineData("maxvit_t", "embedding.1", 3, 1, 1)]
    [InlineData("maxvit_t", "stages.1.bottlenecks.0.depthwise", 3, 2, 1)]
    [InlineData("maxvit_t", "stages.1.bottlenecks.0.projection", 1, 1, 0)]
    [InlineData("vit_b_16", "head", 1, 1, 0)]
    public void KernelsAndStridesFollowFromTheGrids(string model, string layer, int kernel, int stride, int padding)
    {
        var projection = ModelCatalog.Get(model).Layers.OfType<ProjectionLayer>().Single(projection => projection.Name == layer);
        Assert.Equal(new ConvolutionShape(kernel, stride, 1), projection.Convolution);
        Assert.Equal(padding, projection.Convolution.Padding);
    }

    // A 3×3 patch of stride 2 reads rows −1 to 1 and 1 to 3; pooled by 2, the first row out reads both.
    [Fact]
    public void PatchesAreClippedToTheGrid()
    {
        var shape = new ConvolutionShape(3, 2, 1);
        Assert.Equal(((0, 1), (1, 3), (5, 7)), (shape.Reads(0, 8), shape.Reads(1, 8), shape.Reads(3, 8)));
        Assert.Equal((0, 3), (shape with { PooledBy = 2 }).Reads(0, 8));
        Assert.True(shape.Overlaps && !new ConvolutionShape(2, 2, 1).Overlaps);
    }
}
