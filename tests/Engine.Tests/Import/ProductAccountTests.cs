using Allspark.Engine.Models;
using Xunit;
using static Engine.Tests.Import.OnnxGraphWriter;

namespace Engine.Tests.Import;

/// <summary>Whatever stands around a product, its multiply-accumulates and its numbers are in the network once.</summary>
public sealed class ProductAccountTests
{
    // Behind a convolution of 3 to 6 channels: what is done with its result c, up to y. All are activations, none a layer.
    public static TheoryData<string, string> Activations => new()
    {
        { "square and identity", "Mul c c a; Add a c y" },
        { "identity and square", "Mul c c a; Add c a y" },
        { "cube and identity", "Mul c c a; Mul a c b; Add c b y" },
        { "swish and identity", "Sigmoid c a; Mul c a b; Add c b y" },
        { "gelu of tanh", "Mul c c a; Mul a c b; Add c b d; Tanh d e; Add e c y" },
        { "concatenated relu", "Relu c a; Neg c b; Relu b d; Concat a d y" },
        { "both sides of zero", "Relu c a; Neg c b; Relu b d; Add a d y" },
        { "twice", "Add c c y" },
        { "square twice", "Mul c c a; Mul c c b; Add a b y" },
        { "normalised twice", "Softmax c a; Tanh c b; Add a b y" },
        { "pooled and itself", "GlobalAveragePool c a; Mul c a b; Add b c y" },
        { "mish", "Softplus c a; Tanh a b; Mul c b d; Add d c y" },
        { "distance", "Sub c c a; Mul a a b; Add b c y" },
    };

    [Theory]
    [MemberData(nameof(Activations))]
    public void AnActivationOfAConvolutionLosesNothing(string what, string spelling)
    {
        var graph = new OnnxGraphWriter().Input("x", 1, 3, 8, 8).Weights("w", 6, 3, 3, 3).Weights("v", 6)
            .Node("Conv", ["x", "w", "v"], ["c"], Attributes("pads", 1, 1, 1, 1));
        Spell(graph, spelling);
        var channels = what == "concatenated relu" ? 12 : 6;
        graph.Weights("u", 4, channels, 1, 1).Node("Conv", ["y", "u"], ["z"]).Node("GlobalAveragePool", ["z"], ["p"]).Node("Flatten", ["p"], ["f"])
            .Weights("h", 4, 10).Node("Gemm", ["f", "h"], ["out"]).Output("out");
        var bytes = graph.ToBytes();
        var model = OnnxFiles.Import(bytes);
        Assert.Equal((64 * 6 * 27) + (64 * 4 * channels) + 40, model.Macs);
        Assert.Equal((6 * 27) + 6 + (4 * channels) + 40, model.Parameters);
    }

    // Linear maps of one row each: nothing is squeezed, nothing is excited.
    [Fact]
    public void ASingleTokenIsNoSqueeze()
    {
        var graph = new OnnxGraphWriter().Input("x", 1, 1, 32);
        var at = "x";
        for (var i = 0; i < 5; i++)
            graph.Weights($"w{i}", 32, 32).Node("MatMul", [at, $"w{i}"], [at = $"m{i}"]);
        graph.Input("past", 1, 15, 32).Node("Concat", ["past", at], ["all"], Attribute("axis", 1))
            .Node("Transpose", ["all"], ["keys"], Attributes("perm", 0, 2, 1)).Node("MatMul", [at, "keys"], ["scores"]);
        Assert.Equal((5 * 32 * 32) + (16 * 32), OnnxFiles.Import(graph.ToBytes()).Macs);
    }

    [Fact]
    public void SqueezeAndExcitationJoinsTheLayerThatReadsTheScaledChannels()
    {
        var projection = Assert.IsType<ProjectionLayer>(OnnxFiles.Import(Squeezed("c").ToBytes()).Layers[1]);
        Assert.Equal([AuxiliaryOperator.Squeeze, AuxiliaryOperator.Excitation], projection.Auxiliary.Select(operation => operation.Name));
        Assert.Equal((64 * 16 * 27) + (64 * 4 * 16) + (2 * 16 * 4), OnnxFiles.Import(Squeezed("c").ToBytes()).Macs);
    }

    // Scaled by the means of something else: the maps are layers of their own.
    [Fact]
    public void AGateOfAnotherPathStaysPlain()
    {
        var model = OnnxFiles.Import(Squeezed("other").Weights("o", 16, 3, 1, 1).Node("Conv", ["x", "o"], ["other"]).ToBytes());
        Assert.All(model.Layers, layer => Assert.Empty(layer.Auxiliary));
        Assert.Equal((64 * 16 * 27) + (64 * 16 * 3) + (64 * 4 * 16) + (2 * 16 * 4), model.Macs);
    }

    // The scaled channels are multiplied by activations and read by no layer with weights.
    [Fact]
    public void ASqueezeBeforeAProductOfActivationsIsNotLost()
    {
        var graph = Squeezed("c").Node("Transpose", ["s"], ["t"], Attributes("perm", 0, 1, 3, 2)).Node("MatMul", ["s", "t"], ["q"]);
        Assert.Equal((64 * 16 * 27) + (64 * 4 * 16) + (2 * 16 * 4) + (16 * 8 * 8 * 8), OnnxFiles.Import(graph.ToBytes()).Macs);
    }

    // Two residual sums that share their shortcut's convolution, and a shortcut of a shortcut.
    [Fact]
    public void ShortcutsAreCountedOnce()
    {
        var graph = new OnnxGraphWriter().Input("x", 1, 4, 8, 8).Weights("w", 8, 4, 1, 1).Weights("a", 8, 4, 3, 3).Weights("b", 8, 8, 3, 3).Weights("v", 8, 8, 1, 1)
            .Node("Conv", ["x", "a"], ["a1"], Attributes("pads", 1, 1, 1, 1)).Node("Conv", ["x", "w"], ["s"]).Node("Add", ["a1", "s"], ["r"])
            .Node("Conv", ["r", "b"], ["b1"], Attributes("pads", 1, 1, 1, 1)).Node("Conv", ["s", "v"], ["s2"]).Node("Add", ["b1", "s2"], ["q"])
            .Node("Add", ["q", "s"], ["y"]);
        var model = OnnxFiles.Import(graph.ToBytes());
        Assert.Equal(64 * ((8 * 4) + (8 * 36) + (8 * 72) + (8 * 8)), model.Macs);
        Assert.Equal((8 * 4) + (8 * 36) + (8 * 72) + (8 * 8), model.Parameters);
    }

    // One matrix for each head, the same for every image of the batch that the heads make.
    [Fact]
    public void WeightsThatAreRepeatedAreTrainedOnce()
    {
        var graph = new OnnxGraphWriter().Input("x", 2, 6, 16, 8).Weights("w", 6, 8, 5).Node("MatMul", ["x", "w"], ["y"]);
        var layer = Assert.IsType<ProjectionLayer>(OnnxFiles.Import(graph.ToBytes()).Layers[0]);
        Assert.Equal((2L * 6 * 16 * 8 * 5, 6L * 8 * 5), (layer.Macs, layer.Parameters));
        var left = new OnnxGraphWriter().Input("x", 2, 16, 8).Weights("w", 5, 16).Node("MatMul", ["w", "x"], ["y"]);
        Assert.Equal((2L * 5 * 16 * 8, 5L * 16), (OnnxFiles.Import(left.ToBytes()).Macs, OnnxFiles.Import(left.ToBytes()).Parameters));
    }

    // A bias behind weights that another layer shares, and behind weights that are 8-bit integers, is trained all the same.
    [Fact]
    public void ABiasIsCountedWhereverItsWeightsAre()
    {
        var shared = new OnnxGraphWriter().Input("x", 1, 16, 8).Weights("w", 8, 8).Weights("a", 8).Weights("b", 8).Node("MatMul", ["x", "w"], ["m"])
            .Node("Add", ["m", "a"], ["n"]).Node("MatMul", ["n", "w"], ["o"]).Node("Add", ["o", "b"], ["y"]);
        Assert.Equal((2 * 64) + 16, OnnxFiles.Import(shared.ToBytes()).Parameters);
        Assert.Contains(OnnxFiles.Import(shared.ToBytes()).Notes, note => note.Contains("80 trained", StringComparison.Ordinal));
        Assert.Equal((4 * 27) + 4 + (8 * 4) + 8, OnnxFiles.Import("int8conv").Parameters);
        Assert.DoesNotContain(OnnxFiles.Import("int8conv").Notes, note => note.Contains("share", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("d-prefill", 16, 0)]
    [InlineData("d-kv-4-12", 4, 12)]
    [InlineData("d-kv-1-15", 1, 15)]
    public void ADecoderWithACacheKeepsItsMaps(string name, long tokens, long past)
    {
        var model = OnnxFiles.Import(name);
        Assert.Equal((2 * ((4 * tokens * 32 * 32) + (2 * 4 * tokens * (past + tokens) * 8) + (8 * tokens * 32 * 32))) + (tokens * 32 * 50), model.Macs);
        Assert.Equal((50 * 32) + (2 * 12 * 32 * 32) + (32 * 50), model.Parameters);
    }

    [Theory]
    [InlineData("lenet-squareplus", 13_440, 4_006)]
    [InlineData("act-gelutanh", 13_696, 2_750)]
    public void ActivationsSpelledOutLoseNothing(string name, long macs, long parameters) =>
        Assert.Equal((macs, parameters), (OnnxFiles.Import(name).Macs, OnnxFiles.Import(name).Parameters));

    [Theory]
    [InlineData("v-swiglu")]
    [InlineData("v-swiglu-fused")]
    public void AGateIsOneWhetherPackedOrNot(string name)
    {
        var model = OnnxFiles.Import(name);
        Assert.Equal(483_776, model.Macs);
        Assert.Equal(2, model.Blocks.Count);
        Assert.All(model.Blocks, block => Assert.True(block.GatedFeedForward));
        Assert.Equal(OnnxFiles.Import("v-swiglu").Blocks[0].FeedForwardWidth, model.Blocks[0].FeedForwardWidth);
    }

    private static OnnxGraphWriter Squeezed(string source) => new OnnxGraphWriter().Input("x", 1, 3, 8, 8).Weights("w", 16, 3, 3, 3)
        .Weights("e", 4, 16, 1, 1).Weights("g", 16, 4, 1, 1).Weights("u", 4, 16, 1, 1)
        .Node("Conv", ["x", "w"], ["c"], Attributes("pads", 1, 1, 1, 1)).Node("GlobalAveragePool", [source], ["p"]).Node("Conv", ["p", "e"], ["e1"])
        .Node("Relu", ["e1"], ["e2"]).Node("Conv", ["e2", "g"], ["g1"]).Node("Sigmoid", ["g1"], ["g2"]).Node("Mul", ["c", "g2"], ["s"])
        .Node("Conv", ["s", "u"], ["y"]);

    private static void Spell(OnnxGraphWriter graph, string spelling)
    {
        foreach (var step in spelling.Split("; "))
        {
            var words = step.Split(' ');
            graph.Node(words[0], words[1..^1], [words[^1]], words[0] == "Concat" ? [Attribute("axis", 1)] : []);
        }
    }
}
