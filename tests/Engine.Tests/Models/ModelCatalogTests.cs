using Allspark.Engine.Models;
using Xunit;

namespace Engine.Tests.Models;

public sealed class ModelCatalogTests
{
    public static TheoryData<string> Names => [.. ModelCatalog.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void SizesAreThePublishedOnes(string name)
    {
        var model = ModelCatalog.Get(name);
        var published = ModelCatalog.Published(name);
        var (parameters, macs) = published.Rounded ? (0.03, 0.03) : (0.005, 0.015);
        Assert.InRange(model.Parameters / published.Parameters, 1 - parameters, 1 + parameters);
        if (published.Macs > 0)
            Assert.InRange(model.Macs / published.Macs, 1 - macs, 1 + macs);
    }

    /// <summary>The counts that torchvision states for its own weights.</summary>
    [Theory]
    [InlineData("swin_t", 28_288_354)]
    [InlineData("swin_s", 49_606_258)]
    [InlineData("swin_b", 87_768_224)]
    [InlineData("vit_b_16", 86_567_656)]
    [InlineData("vit_l_16", 304_326_632)]
    [InlineData("maxvit_t", 30_919_624)]
    [InlineData("resnet18", 11_689_512)]
    [InlineData("resnet50", 25_557_032)]
    [InlineData("resnet152", 60_192_808)]
    [InlineData("vgg16", 138_357_544)]
    [InlineData("densenet121", 7_978_856)]
    public void ParametersAreThoseOfTorchvisionToTheLast(string name, long parameters) =>
        Assert.Equal(parameters, ModelCatalog.Get(name).Parameters);

    [Theory]
    [MemberData(nameof(Names))]
    public void LayersFitTogether(string name)
    {
        var model = ModelCatalog.Get(name);
        var (grid, channels, carried) = (new TokenGrid(model.InputHeight, model.InputWidth, 0), model.InputChannels, 0);
        foreach (var layer in model.Layers)
        {
            // Carried channels may join those of the layer before.
            Assert.Equal(grid, layer.InputGrid);
            Assert.Contains(layer.InputChannels, (int[])[channels, channels + carried]);
            Assert.True(layer.Macs > 0 || layer is ProjectionLayer { Kind: ProjectionKind.TokenEmbedding }, layer.Name);
            Assert.True(layer.Parameters > 0, layer.Name);
            (grid, channels, carried) = (layer.OutputGrid, layer.OutputChannels, layer.CarriedChannels);
        }

        if (model.Family != "GPT")
            Assert.Equal((new TokenGrid(1, 1, 0), 1000), (grid, channels));
        Assert.Equal(model.Layers.Count, model.Layers.Select(layer => layer.Name).Distinct().Count());
        Assert.Equal(model.Layers.Sum(layer => layer.Macs), model.Macs);
        Assert.Equal(2 * model.Parameters, model.ParameterBytes);
    }

    [Fact]
    public void BranchesOfSwinFallFromManyToFew()
    {
        var blocks = ModelCatalog.Get("swin_t").Blocks;
        Assert.Equal([192, 96, 48, 24], blocks.Where(block => block.IndexInStage == 0).Select(block => block.Branches));
        Assert.Equal([0, 3, 0, 3, 0, 3, 0, 3, 0, 3, 0, 0], blocks.Select(block => ((WindowAttention)block.Attention).Shift));
    }

    [Theory]
    [InlineData("Swin-T", "swin_t")]
    [InlineData(" VIT_B-16 ", "vit_b_16")]
    public void NamesIgnoreCaseAndTakeDashForUnderscore(string written, string name) => Assert.Equal(name, ModelCatalog.Get(written).Name);

    [Theory]
    [InlineData("swim_t", "swin_t")]
    [InlineData("vit_b16", "vit_b_16")]
    [InlineData("swin", "swin_b_384")]
    public void AnUnknownNameListsTheNearOnes(string written, string near)
    {
        var error = Assert.Throws<UnknownPresetException>(() => ModelCatalog.Get(written));
        Assert.Contains(near, error.NearMatches);
        Assert.Contains(near, error.Message, StringComparison.Ordinal);
        Assert.Contains($"'{written}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ANameNearNothingListsAll()
    {
        var error = Assert.Throws<UnknownPresetException>(() => ModelCatalog.Get("something-else-entirely"));
        Assert.Empty(error.NearMatches);
        Assert.All(ModelCatalog.Names, name => Assert.Contains(name, error.Message, StringComparison.Ordinal));
        Assert.InRange(Assert.Throws<UnknownPresetException>(() => ModelCatalog.Get(new string('x', 100_000))).Message.Length, 100, 2000);
    }

    [Theory]
    [InlineData("vit_b_16", 225, "The nearest is 224")]
    [InlineData("vit_b_16", 0, "The nearest is 16")]
    [InlineData("vit_h_14", 384, "The nearest is 378")]
    [InlineData("swin_t", 236, "The nearest is 224")]
    [InlineData("swin_t", -32, "The nearest is 32")]
    [InlineData("swin_t", 1_000_000, "The nearest is 8192")]
    [InlineData("cswin_t", 256, "whole stripes of 7")]
    [InlineData("maxvit_t", 256, "whole windows of 7")]
    [InlineData("resnet50", 230, "The nearest is 224")]
    [InlineData("vgg16", 256, "224×224 alone")]
    public void AResolutionThatDoesNotFitIsRefused(string name, int resolution, string remedy)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => ModelCatalog.Get(name, resolution));
        Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    // Hugging Face counts 6 050 882 784 numbers in GPT-J-6B.
    [Fact]
    public void DecodersCountWordsBlocksAndClassifier()
    {
        var gptJ = ModelCatalog.Get("gpt_j", sequenceLength: 128);
        Assert.Equal(6_050_882_784, gptJ.Parameters);
        Assert.Equal((1, 128, 28), (gptJ.InputHeight, gptJ.InputWidth, gptJ.Blocks.Count));
        var products = 28L * ((4 * 4096 * 4096) + (2 * 4096 * 16384)) + (4096 * 50400);
        Assert.Equal(128 * products + 28L * 2 * 128 * 128 * 4096, gptJ.Macs);
        Assert.All(gptJ.Blocks, block => Assert.Equal(new GlobalAttention(Causal: true), block.Attention));

        var xl = ModelCatalog.Get("gpt3_xl");
        Assert.Equal((40, 1024), (xl.Layers.Count, xl.InputWidth));
        Assert.Equal(40L * ((4L * 2048 * 2048) + (2L * 2048 * 8192) + (9 * 2048) + 8192), xl.Parameters);
    }

    [Theory]
    [InlineData("gpt_j", 224, null, "-SequenceLength")]
    [InlineData("swin_t", null, 128, "-Resolution")]
    [InlineData("gpt_j", null, 0, "It takes 1 to 131072")]
    public void TextAndImagesAreToldApart(string name, int? resolution, int? tokens, string remedy) =>
        Assert.Contains(remedy, Assert.ThrowsAny<ArgumentException>(() => ModelCatalog.Get(name, resolution, Precision.Fp16, tokens)).Message, StringComparison.Ordinal);

    [Fact]
    public void ALargerImageHasMoreTokensAndThePositionsForThem()
    {
        var (small, large) = (ModelCatalog.Get("vit_b_16"), ModelCatalog.Get("vit_b_16", 384));
        Assert.Equal((24 * 24) + 1, large.Blocks[0].Grid.Tokens);
        Assert.Equal(768L * ((24 * 24) - (14 * 14)), large.Parameters - small.Parameters);
        Assert.InRange(large.Macs / 1e9, 55.48 * 0.985, 55.48 * 1.015); // timm: vit_base_patch16_384
    }

    [Fact]
    public void WindowsArePaddedWhereTheGridIsNoMultiple()
    {
        var block = ModelCatalog.Get("swin_t", 256).Blocks[0];
        Assert.Equal((64, 10 * 10, 49), (block.Grid.Height, block.Windows, block.QueryTokens));
        Assert.Equal((100L * 49 * 4 * 96 * 96) + (2L * 100 * 49 * 49 * 96), block.AttentionMacs);
        Assert.Equal(64L * 64 * 8 * 96 * 96, block.FeedForwardMacs);
    }

    [Fact]
    public void MacsOfPooledKeysCountThePooling()
    {
        var block = ModelCatalog.Get("pcpvt_s").Blocks[0];
        Assert.Equal((1, 3136, 49), (block.Windows, block.QueryTokens, block.KeyTokens));
        var projections = ((2L * 3136) + (2 * 49)) * 64 * 64;
        var pooling = 49L * (8 * 8 * 64) * 64;
        Assert.Equal(projections + (2L * 3136 * 49 * 64) + pooling, block.AttentionMacs);
        Assert.Equal((2L * 3136 * 64 * 512) + (3136L * 9 * 64), block.FeedForwardMacs);
    }

    [Fact]
    public void TheHashTellsWhatDeterminesResults()
    {
        var model = ModelCatalog.Get("swin_t");
        Assert.Equal(64, model.ContentHash.Length);
        Assert.Equal(model.ContentHash, ModelCatalog.Get("SWIN-T").ContentHash);
        Assert.Equal(model.ContentHash, (model with { Notes = ["a remark"] }).ContentHash);
        var others = new[]
        {
            ModelCatalog.Get("swin_s"),
            ModelCatalog.Get("swin_t", 256),
            ModelCatalog.Get("swin_t", precision: Precision.Int8),
            model with { Layers = [.. model.Layers.Skip(1)] },
            model with { Layers = [.. model.Layers.Select(layer => layer is TransformerBlock block ? block with { Attention = new GlobalAttention() } : layer)] },
        };
        Assert.Equal(others.Length + 1, others.Append(model).Select(other => other.ContentHash).Distinct().Count());
    }

    // The widest layers: 224²·3 in and 56²·96 out; a 56² grid of 64 to 128 channels with 224 carried.
    [Fact]
    public void ActivationsAreWhatALayerReadsAndLeaves()
    {
        var swin = ModelCatalog.Get("swin_t");
        Assert.Equal((56L * 56 * 96, 56L * 56 * 96), (swin.Layers[1].InputElements, swin.Layers[1].OutputElements));
        Assert.Equal(2 * 2L * 56 * 56 * 96, swin.PeakActivationBytes);
        var dense = ModelCatalog.Get("densenet121").Layers.Single(layer => layer.Name == "stages.0.layers.5.0");
        Assert.Equal((56L * 56 * 224, 56L * 56 * (128 + 224)), (dense.InputElements, dense.OutputElements));
    }

    [Fact]
    public void EqualNetworksAreEqual() => Assert.Equal(ModelCatalog.Get("cswin_t"), ModelCatalog.Get("cswin_t"));
}
