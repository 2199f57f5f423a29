using Allspark.Engine.Import;
using Allspark.Engine.Models;
using Allspark.Engine.Specifications;
using Xunit;

namespace Engine.Tests.Models;

public sealed class ModelYamlTests
{
    private const string Small = """
        name: small
        family: Test
        input: [8, 8, 3]
        layers:
          - { name: embedding, type: projection, kind: patchEmbedding, input: [8, 8, 0, 3], output: [4, 4, 1, 8], computedTokens: 16, reductionLength: 12, extraParameters: 24 }
          - { name: block, type: block, input: [4, 4, 1, 8], output: [4, 4, 1, 8], stage: 0, indexInStage: 0, heads: 4, keyValueHeads: 2, headDimension: 2, feedForwardWidth: 32, gatedFeedForward: true, attention: { kind: causal } }
          - { name: head, type: projection, kind: head, input: [4, 4, 1, 8], output: [1, 1, 0, 10], computedTokens: 1, reductionLength: 8 }
        """;

    public static TheoryData<string> Names => [.. ModelCatalog.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void WhatIsWrittenReadsBackTheSame(string name)
    {
        var model = ModelCatalog.Get(name, precision: Precision.Int8);
        var read = ModelYaml.Read(ModelYaml.Write(model));
        Assert.Equal(model.ContentHash, read.ContentHash);
        Assert.Equal(model, read);
    }

    [Fact]
    public void NamesAndNotesOfAnySignsReadBack()
    {
        var model = ModelYaml.Read(Small) with { Name = "a \"b\" \\ é: #{}", Notes = ["'x': [1], *y &z", "日本 😀"] };
        Assert.Equal(model, ModelYaml.Read(ModelYaml.Write(model)));
    }

    [Fact]
    public void ASmallNetworkIsWhatItSays()
    {
        var model = ModelYaml.Read(Small);
        var block = Assert.Single(model.Blocks);
        Assert.Equal((17, 2, true, new GlobalAttention(Causal: true)), (block.QueryTokens, block.KeyValueHeads, block.GatedFeedForward, (GlobalAttention)block.Attention));
        Assert.Equal(Precision.Fp16, model.Precision);
        Assert.Equal((12 * 8) + 24 + (2 * 8 * 12) + (3 * 8 * 32) + 80, model.Parameters);
    }

    [Theory]
    [InlineData("name: small", "title: small", "title", "not a known key")]
    [InlineData("family: Test\n", "", "", "'family' is missing")]
    [InlineData("input: [8, 8, 3]", "input: [8, 8]", "input", "Allowed: 3")]
    [InlineData("kind: causal", "kind: causl", "layers[1].attention.kind", "Did you mean 'Causal'?")]
    [InlineData("kind: causal", "kind: window, size: 2", "layers[1].attention.kind", "have no place in window attention")]
    [InlineData("kind: causal", "kind: causal, sizes: 2", "layers[1].attention.sizes", "not a known key")]
    [InlineData("keyValueHeads: 2", "keyValueHeads: 3", "layers[1].keyValueHeads", "do not divide")]
    [InlineData("computedTokens: 16", "computedTokens: 18", "layers[0].computedTokens", "out of bounds")]
    [InlineData("computedTokens: 16", "computedTokens: -1", "layers[0].computedTokens", "out of bounds")]
    [InlineData("output: [4, 4, 1, 8], computed", "output: [4, 5, 1, 8], computed", "layers[1].input", "do not follow on 4×5+1")]
    [InlineData("input: [4, 4, 1, 8], output: [1", "input: [4, 4, 1, 9], output: [1", "layers[2].input", "9 channels do not follow on 4×4+1 tokens of 8")]
    [InlineData("output: [4, 4, 1, 8], stage", "output: [4, 4, 1, 16], stage", "layers[1].output", "leaves what it reads")]
    [InlineData("name: head", "name: block", "layers[2].name", "name of an earlier layer")]
    [InlineData("type: block", "type: bloc", "layers[1].type", "Did you mean 'Block'?")]
    [InlineData("reductionLength: 12", "reductionLength: 12, groups: 2", "layers[0].groups", "do not divide 3 and 8")]
    [InlineData("extraParameters: 24", "extraParameters: -24", "layers[0].extraParameters", "out of bounds")]
    public void ABadNetworkIsRefusedWithItsPlace(string good, string bad, string key, string problem)
    {
        Assert.Contains(good, Small, StringComparison.Ordinal);
        var error = Assert.Throws<SpecificationException>(() => ModelYaml.Read(Small.Replace(good, bad, StringComparison.Ordinal), "bad.yaml"));
        Assert.Equal(key, error.Key);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("bad.yaml(", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SizesBeyondCountingAreRefused()
    {
        var text = Small
            .Replace("input: [8, 8, 0, 3], output: [4, 4, 1, 8], computedTokens: 16, reductionLength: 12", "input: [8, 8, 0, 3], output: [4, 4, 1, 8], computedTokens: 16, reductionLength: 2147483647", StringComparison.Ordinal)
            .Replace("feedForwardWidth: 32", "feedForwardWidth: 16777216", StringComparison.Ordinal)
            .Replace("extraParameters: 24", "extraParameters: 1125899906842624", StringComparison.Ordinal);
        Assert.True(ModelYaml.Read(text).Macs > 0);
        var grown = text.Replace("output: [1, 1, 0, 10], computedTokens: 1, reductionLength: 8", "output: [8192, 8192, 0, 16777216], computedTokens: 67108864, reductionLength: 2147483647", StringComparison.Ordinal);
        Assert.Contains("more than can be counted", Assert.Throws<SpecificationException>(() => ModelYaml.Read(grown)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ImportTakesANewNameAndFormatButNoNewShapes()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "small.yml");
        File.WriteAllText(path, Small);
        var model = ModelImport.Read(path, new ImportSettings { Name = "mine", Precision = Precision.Int8 });
        Assert.Equal(("mine", Precision.Int8), (model.Name, model.Precision));
        Assert.Contains("small.yml", Assert.Throws<ArgumentException>(() => ModelImport.Read(path, new ImportSettings { Resolution = 8 })).Message, StringComparison.Ordinal);
    }
}
