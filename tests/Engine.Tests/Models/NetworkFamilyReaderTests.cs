using Allspark.Engine.Models;
using Allspark.Engine.Specifications;
using Xunit;

namespace Engine.Tests.Models;

public sealed class NetworkFamilyReaderTests
{
    private const string Family = """
        family: Tiny
        source: "a test"
        shared:
          resolution: 32
          embedding: [{ kernel: 4, stride: 4, bias: true, norm: none }]
          merging: { kernel: 2, stride: 2, bias: false, norm: before }
          channels: [8, 16]
          depths: [1, 2]
          heads: 2
          feedForwardRatio: 4
          attention: shiftedWindow
          window: 4
          head: { pool: average, norm: true, classes: 10 }
        networks:
          tiny: { published: { parameters: 8 M, macs: 1 G } }
          wide: { channels: [16, 32], published: { parameters: 8 M, macs: 1 G } }
        """;

    [Fact]
    public void ANetworkOverridesWhatItsFamilyShares()
    {
        var networks = NetworkFamilyReader.Read(Family, "tiny.yaml");
        Assert.Equal(["tiny", "wide"], networks.Select(network => network.Name));
        Assert.Equal([8, 16], networks[0].Stages.Select(stage => stage.Channels));
        Assert.Equal([16, 32], networks[1].Stages.Select(stage => stage.Channels));
        Assert.Equal([2, 2], networks[1].Stages.Select(stage => stage.Heads));
        Assert.Equal((8e6, 1e9), (networks[0].Published.Parameters, networks[0].Published.Macs));
        var model = VisionTransformerBuilder.Build(networks[0], 32, Precision.Int8);
        Assert.Equal([0, 0, 0], model.Blocks.Select(block => ((WindowAttention)block.Attention).Shift)); // stage 1 is one window
        Assert.Equal([4, 1, 1], model.Blocks.Select(block => block.Windows));
    }

    [Theory]
    [InlineData("window: 4", "windows: 4", "shared.windows", "Did you mean 'window'?")]
    [InlineData("window: 4", "", "shared.attention", "needs 'window'")]
    [InlineData("heads: 2", "heads: 3", "shared.heads", "do not divide")]
    [InlineData("heads: 2", "heads: [2]", "shared.heads", "Allowed: 2")]
    [InlineData("depths: [1, 2]", "depths: [1, 0]", "shared.depths[1]", "Allowed: 1 to 1000")]
    [InlineData("attention: shiftedWindow", "attention: [shiftedWindow, windowGrid]", "shared.attention", "come together")]
    [InlineData("attention: shiftedWindow", "attention: shiftedwindos", "shared.attention", "Did you mean 'ShiftedWindow'?")]
    [InlineData("kernel: 4, stride: 4", "kernel: 9, stride: 4", "shared.embedding[0]", "kernel − 2·padding")]
    [InlineData("merging: { kernel: 2, stride: 2, bias: false, norm: before }", "", "shared.channels", "need 'merging' or 'bottleneck'")]
    [InlineData("resolution: 32", "", "networks.tiny", "'resolution' is missing")]
    [InlineData("macs: 1 G }", "macs: 1 T }", "networks.tiny.published.macs", "wrong unit")]
    public void ABadFamilyIsRefusedWithItsPlace(string good, string bad, string key, string problem)
    {
        Assert.Contains(good, Family, StringComparison.Ordinal);
        var text = Family.Replace(good, bad, StringComparison.Ordinal);
        var error = Assert.Throws<SpecificationException>(() => NetworkFamilyReader.Read(text, "bad.yaml"));
        Assert.Equal(key, error.Key);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.55", -12, "0.00000000000055")]
    [InlineData("5.5E-13", 12, "0.55")]
    [InlineData("-12.50", 3, "-12500")]
    [InlineData("0.000", 9, "0")]
    [InlineData("1e3", 9, "1000000000000")]
    [InlineData("123", -2, "1.23")]
    [InlineData("7", 30, "7e30")]
    public void ADecimalPointMovesWithoutRounding(string number, int exponent, string shifted) =>
        Assert.Equal(shifted, DecimalText.Shift(number, exponent));
}
