using Allspark.Engine.Models;
using Xunit;
using static Engine.Tests.Import.OnnxGraphWriter;

namespace Engine.Tests.Import;

/// <summary>What is counted as trained, and what is not, in an attention of 2 heads of 4 channels over 4 tokens, outside and inside of blocks.</summary>
public sealed class TrainedValueTests
{
    private const int Matrices = 3 * 8 * 8;

    private static readonly float[] Triangle = [1, 0, 0, 0, 1, 1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 1];

    [Theory]
    [InlineData("gpt-bool")]
    [InlineData("gpt-additive")]
    [InlineData("gpt-float")]
    public void CausalMasksAreNotTrained(string name)
    {
        var model = OnnxFiles.Import(name);
        Assert.Equal((2 * 50 * 32) + (32 * 32) + (2 * 12 * 32 * 32), model.Parameters);
        Assert.All(model.Blocks, block => Assert.Equal(new GlobalAttention(Causal: true), block.Attention));
    }

    [Fact]
    public void AMaskThatIsAddedIsNotTrained()
    {
        Assert.Equal(Matrices, Parameters(graph => graph.Reals("m", [1, 1, 4, 4], [.. Triangle.Select(value => value == 0 ? float.NegativeInfinity : 0)])
            .Node("Add", ["scores", "m"], ["masked"])));
        Assert.Equal(Matrices, Parameters(graph => graph.Weights("m", 1, 1, 4, 4).Node("Add", ["scores", "m"], ["masked"])));
        Assert.Equal(Matrices, Parameters(graph => graph.Weights("m", 4, 4).Node("Add", ["m", "scores"], ["masked"])));
        Assert.Equal(Matrices, Parameters(graph => graph.Reals("m", [1, 2, 4, 4], [.. Triangle.Concat(Triangle).Select(value => (value - 1) * 1e4f)])
            .Node("Add", ["scores", "m"], ["masked"])));
    }

    // As GPT-2 did at first: the triangle times the scores, less a large number where it is zero.
    [Fact]
    public void AMaskThatMultipliesIsNotTrained() => Assert.Equal(Matrices, Parameters(graph => graph.Weights("m", 1, 1, 4, 4).Reals("one", [1], 1)
        .Reals("large", [1], 1e4f).Node("Mul", ["scores", "m"], ["kept"]).Node("Sub", ["one", "m"], ["rest"]).Node("Mul", ["rest", "large"], ["far"])
        .Node("Sub", ["kept", "far"], ["masked"])));

    [Theory]
    [InlineData("Equal")]
    [InlineData("Less")]
    [InlineData("Greater")]
    public void AMaskThatIsComparedIsNotTrained(string comparison) => Assert.Equal(Matrices, Parameters(graph => graph.Reals("m", [1, 1, 4, 4], Triangle)
        .Reals("zero", [], 0).Reals("never", [], float.NegativeInfinity).Node(comparison, ["m", "zero"], ["chosen"]).Node("Where", ["chosen", "never", "scores"], ["masked"])));

    [Fact]
    public void AMaskThatIsCastIsNotTrained()
    {
        Assert.Equal(Matrices, Parameters(graph => graph.Stored("m", 2, [1, 1, 4, 4], new byte[16]).Reals("never", [], float.NegativeInfinity)
            .Node("Cast", ["m"], ["chosen"], Attribute("to", 9)).Node("Where", ["chosen", "scores", "never"], ["masked"])));
        Assert.Equal(Matrices, Parameters(graph => graph.Weights("m", 1, 1, 4, 4).Reals("never", [], float.NegativeInfinity)
            .Node("Cast", ["m"], ["chosen"], Attribute("to", 9)).Node("Not", ["chosen"], ["other"]).Node("Where", ["other", "scores", "never"], ["masked"])));
    }

    // Slopes of 1/2 and 1/4 for each step of distance (arXiv:2108.12409).
    [Fact]
    public void SlopesOfDistanceAreNotTrained() => Assert.Equal(Matrices, Parameters(graph => graph
        .Reals("m", [1, 2, 1, 4], -1.5f, -1, -0.5f, 0, -0.75f, -0.5f, -0.25f, 0).Node("Add", ["scores", "m"], ["masked"])));

    [Fact]
    public void ABiasOfEachHeadIsTrained()
    {
        Assert.Equal(Matrices + 32, Parameters(graph => graph.Weights("b", 1, 2, 4, 4).Node("Add", ["scores", "b"], ["masked"])));
        Assert.Equal(Matrices + 32, Parameters(graph => graph.Reals("b", [1, 2, 4, 4], new float[32]).Node("Add", ["scores", "b"], ["masked"])));
        Assert.Equal(Matrices + 2, Parameters(graph => graph.Weights("b", 2, 1, 1).Node("Mul", ["scores", "b"], ["masked"])));
    }

    [Fact]
    public void TablesThatRotateAreNotTrained()
    {
        var graph = new OnnxGraphWriter().Input("x", 1, 2, 16, 8).Weights("w", 8, 8).Node("MatMul", ["x", "w"], ["q"]).Weights("c", 1, 1, 16, 8).Weights("s", 1, 1, 16, 8);
        Rotate(graph, "c", "s");
        Assert.Equal(64, OnnxFiles.Import(graph.Output("y").ToBytes()).Parameters);
        var looked = new OnnxGraphWriter().Input("x", 1, 2, 16, 8).Words("ids", 1, 16).Weights("w", 8, 8).Node("MatMul", ["x", "w"], ["q"]).Weights("c", 64, 8).Weights("s", 64, 8)
            .Node("Gather", ["c", "ids"], ["c1"]).Node("Gather", ["s", "ids"], ["s1"]);
        Rotate(looked, "c1", "s1");
        Assert.Equal(64, OnnxFiles.Import(looked.Output("y").ToBytes()).Parameters);
    }

    // Positions times frequencies, whose sines are taken: a product of the graph, and no weights.
    [Fact]
    public void FrequenciesAreNotTrained()
    {
        var graph = new OnnxGraphWriter().Input("x", 1, 16, 8).Words("ids", 1, 1, 16).Weights("w", 8, 8).Node("MatMul", ["x", "w"], ["q"]).Weights("f", 1, 8, 1)
            .Node("Cast", ["ids"], ["p"], Attribute("to", 1)).Node("MatMul", ["f", "p"], ["a"]).Node("Transpose", ["a"], ["t"], Attributes("perm", 0, 2, 1))
            .Node("Sin", ["t"], ["s"]).Node("Mul", ["q", "s"], ["y"]);
        var model = OnnxFiles.Import(graph.Output("y").ToBytes());
        Assert.Equal(64, model.Parameters);
        Assert.Equal((16 * 8 * 8) + (16 * 8), model.Macs);
    }

    // A sine is also an activation (arXiv:2006.09661): what stands before it is trained.
    [Fact]
    public void WeightsBeforeASineAreTrained()
    {
        var graph = new OnnxGraphWriter().Input("x", 16, 2).Weights("w", 2, 8).Weights("b", 8).Weights("v", 8, 3).Node("MatMul", ["x", "w"], ["m"])
            .Node("Add", ["m", "b"], ["n"]).Node("Sin", ["n"], ["s"]).Node("MatMul", ["s", "v"], ["y"]);
        Assert.Equal(16 + 8 + 24, OnnxFiles.Import(graph.Output("y").ToBytes()).Parameters);
    }

    [Fact]
    public void APicturesMeanAndDeviationAreNotTrained()
    {
        var graph = new OnnxGraphWriter().Input("x", 1, 3, 8, 8).Reals("mean", [1, 3, 1, 1], 0.485f, 0.456f, 0.406f).Weights("deviation", 3, 1, 1).Weights("w", 4, 3, 3, 3)
            .Node("Sub", ["x", "mean"], ["a"]).Node("Div", ["a", "deviation"], ["b"]).Node("Conv", ["b", "w"], ["y"]);
        Assert.Equal(4 * 27, OnnxFiles.Import(graph.Output("y").ToBytes()).Parameters);
    }

    // Queries that are learned, as those of a decoder of objects, are weights that weights work on.
    [Fact]
    public void LearnedQueriesAreTrained()
    {
        var graph = new OnnxGraphWriter().Input("x", 1, 16, 8).Weights("queries", 4, 8).Weights("w", 8, 8).Node("MatMul", ["queries", "w"], ["q"])
            .Node("Transpose", ["x"], ["k"], Attributes("perm", 0, 2, 1)).Node("MatMul", ["q", "k"], ["y"]);
        Assert.Equal(32 + 64, OnnxFiles.Import(graph.Output("y").ToBytes()).Parameters);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void QuantisedWeightsAreTrainedAndTheirScalesAreNot(bool dequantised)
    {
        var graph = new OnnxGraphWriter().Input("x", 1, 3, 8, 8).Bytes8("w", 4, 3, 3, 3).Stored("b", 6, [4], new byte[16]).Reals("s", [4], 1, 1, 1, 1).Bytes8("z", 4);
        if (dequantised)
        {
            graph.Node("DequantizeLinear", ["w", "s", "z"], ["w1"], Attribute("axis", 0)).Node("DequantizeLinear", ["b", "s"], ["b1"], Attribute("axis", 0))
                .Node("Conv", ["x", "w1", "b1"], ["y"]);
        }
        else
        {
            graph.Reals("xs", [], 1).Stored("xz", 2, [], [0]).Node("QuantizeLinear", ["x", "xs", "xz"], ["q"])
                .Node("QLinearConv", ["q", "xs", "xz", "w", "s", "z", "xs", "xz", "b"], ["y"]);
        }

        var model = OnnxFiles.Import(graph.Output("y").ToBytes());
        Assert.Equal((36 * 4 * 27, (4 * 27) + 4), (model.Macs, model.Parameters));
        Assert.DoesNotContain(model.Notes, note => note.Contains("share", StringComparison.Ordinal));
    }

    // Weights and biases that an exporter writes as Constant nodes, and numbers that it writes so and that are settings.
    [Fact]
    public void ConstantsAreTrainedWhereWeightsStand()
    {
        var graph = new OnnxGraphWriter().Input("x", 1, 16, 8)
            .Node("Constant", [], ["w"], TensorAttribute("value", 1, [8, 8], new byte[256])).Node("Constant", [], ["b"], TensorAttribute("value", 1, [8], new byte[32]))
            .Node("Constant", [], ["grid"], TensorAttribute("value", 1, [1, 16, 8], new byte[512]))
            .Node("MatMul", ["x", "w"], ["m"]).Node("Add", ["m", "b"], ["n"]).Node("Add", ["n", "grid"], ["y"]);
        Assert.Equal(64 + 8, OnnxFiles.Import(graph.Output("y").ToBytes()).Parameters);
    }

    [Fact]
    public void ATableThatIsAlsoTheClassifierIsCountedOnce()
    {
        var graph = new OnnxGraphWriter().Words("x", 1, 16).Weights("t", 100, 8).Weights("w", 8, 8).Node("Gather", ["t", "x"], ["e"]).Node("MatMul", ["e", "w"], ["m"])
            .Node("Transpose", ["t"], ["h"], Attributes("perm", 1, 0)).Node("MatMul", ["m", "h"], ["y"]);
        Assert.Equal(800 + 64, OnnxFiles.Import(graph.Output("y").ToBytes()).Parameters);
    }

    private static long Parameters(Func<OnnxGraphWriter, OnnxGraphWriter> mask)
    {
        var graph = new OnnxGraphWriter().Input("x", 1, 4, 8);
        foreach (var name in new[] { "q", "k", "v" })
        {
            graph.Weights($"w{name}", 8, 8).Node("MatMul", ["x", $"w{name}"], [$"m{name}"])
                .Node("Reshape", [$"m{name}", graph.Constant(1, 4, 2, 4)], [$"r{name}"])
                .Node("Transpose", [$"r{name}"], [$"t{name}"], Attributes("perm", name == "k" ? [0, 2, 3, 1] : [0, 2, 1, 3]));
        }

        graph.Node("MatMul", ["tq", "tk"], ["scores"]);
        mask(graph).Node("Softmax", ["masked"], ["p"], Attribute("axis", -1)).Node("MatMul", ["p", "tv"], ["y"]).Output("y");
        return OnnxFiles.Import(graph.ToBytes()).Parameters;
    }

    private static void Rotate(OnnxGraphWriter graph, string cosines, string sines)
    {
        var halves = (graph.Constant(0), graph.Constant(4), graph.Constant(8), graph.Constant(3));
        graph.Node("Slice", ["q", halves.Item1, halves.Item2, halves.Item4], ["h1"]).Node("Slice", ["q", halves.Item2, halves.Item3, halves.Item4], ["h2"])
            .Node("Neg", ["h2"], ["n2"]).Node("Concat", ["n2", "h1"], ["turned"], Attribute("axis", -1))
            .Node("Mul", ["q", cosines], ["a"]).Node("Mul", ["turned", sines], ["b"]).Node("Add", ["a", "b"], ["y"]);
    }
}
