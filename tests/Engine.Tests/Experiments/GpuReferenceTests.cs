using Allspark.Engine.Experiments;
using Allspark.Engine.Models;
using Xunit;

namespace Engine.Tests.Experiments;

public sealed class GpuReferenceTests
{
    [Theory]
    [InlineData("swin_t", 755)]
    [InlineData("Swin-S", 437)]
    [InlineData("swin_b", 278)]
    [InlineData("swin_b_384", 85)]
    [InlineData("swin_l", 141)]
    [InlineData("deit_s", 940.4)]
    [InlineData("vit_b_16", 292.3)]
    public void PublishedThroughputIsHeld(string model, double imagesPerSecond)
    {
        var reference = GpuReference.Find("v100", model)!;
        Assert.Equal(imagesPerSecond, reference.ImagesPerSecond);
        Assert.Equal(250, reference.BoardPowerWatts);
        Assert.Equal(1 / imagesPerSecond, reference.BatchedImageSeconds);
    }

    [Fact]
    public void EveryReferenceIsOfAPresetAtItsResolutionAndNamesItsSource()
    {
        Assert.Equal(["V100"], GpuReference.Machines);
        foreach (var reference in GpuReference.All)
        {
            Assert.Equal(reference.Resolution, ModelCatalog.Get(reference.Model).InputHeight);
            Assert.All((string[])[reference.Source, reference.BoardPowerSource, reference.Caveat], text => Assert.NotEmpty(text));
            Assert.Equal(reference.SingleImageSeconds is null, reference.SingleImageSource is null);
        }

        Assert.Null(GpuReference.Find("V100", "resnet50"));
        Assert.Null(GpuReference.Find("V100", "swin_t", 384));
        Assert.Null(GpuReference.Find("A100", "swin_t"));
    }

    [Fact]
    public void BothReadingsAreComparedWhereBothArePublished()
    {
        var result = new ResultPoint(
            "vit_b_16", "stack-16x16", "Allspark", new Dictionary<string, double> { ["LatencySeconds"] = 2e-3, ["EnergyJoules"] = 0.05 });
        var readings = Comparison.Of(result, GpuReference.Find("V100", "vit_b_16")!);
        Assert.Equal(["V100 (batched throughput)", "V100 (single image)"], readings.Select(reading => reading.Reference));
        Assert.Equal(1 / 292.3 / 2e-3, readings[0].Speedup, 12);
        Assert.Equal(250 / 292.3 / 0.05, readings[0].EnergyRatio, 9);
        Assert.Equal(3, readings[1].Speedup, 12);
        Assert.All(readings, reading => Assert.NotEmpty(reading.Caveat!));
        Assert.Single(Comparison.Of(result with { Model = "deit_s" }, GpuReference.Find("V100", "deit_s")!));
    }

    [Fact]
    public void ABatchIsHeldAgainstAsManyImages()
    {
        var result = new ResultPoint("vit_b_16", "stack-16x16", "Allspark", new Dictionary<string, double>
        {
            ["LatencySeconds"] = 16e-3,
            ["EnergyJoules"] = 0.4,
            ["Batch"] = 8,
        });
        var reading = Comparison.Of(result, GpuReference.Find("V100", "vit_b_16")!)[0];
        Assert.Equal(8 / 292.3 / 16e-3, reading.Speedup, 12);
        Assert.Equal(8 * 250 / 292.3 / 0.4, reading.EnergyRatio, 9);
        Assert.Throws<ArgumentException>(() => Comparison.Of(result, result with { Metrics = new Dictionary<string, double>(result.Metrics) { ["Batch"] = 1 } }));
    }
}
