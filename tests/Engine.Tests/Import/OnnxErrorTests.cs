using Allspark.Engine.Import;
using Allspark.Engine.Models;
using Xunit;

namespace Engine.Tests.Import;

public sealed class OnnxErrorTests
{
    [Fact]
    public void AnEmptyFileIsNoModel() => Fails([], "This is empty");

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(10_000)]
    [InlineData(200_000)]
    public void ATruncatedFileSaysSo(int length) => Fails(OnnxFiles.Bytes("vit_b_16")[..length], "cut short or damaged");

    [Fact]
    public void TextIsNoModel() => Fails("this is not a model, it is a sentence"u8.ToArray(), "This is plain text");

    [Fact]
    public void AClaimOfTwoGibibytesIsNotBelieved()
    {
        using var bytes = new MemoryStream();
        OnnxGraphWriter.Number(bytes, (7 << 3) | 2);
        OnnxGraphWriter.Number(bytes, 1UL << 31);
        bytes.Write(new byte[50]);
        Fails(bytes.ToArray(), "a length of 2147483648 bytes");
    }

    [Fact]
    public void ACycleIsFound() => Fails(
        Image().Node("Add", ["x", "b"], ["a"]).Node("Relu", ["a"], ["b"]).Output("b").ToBytes(), "'/a/Add' (Add)", "cycle");

    [Fact]
    public void AValueComputedNowhereIsNamed() => Fails(Image().Node("Relu", ["nothing"], ["y"]).ToBytes(), "'/y/Relu' (Relu)", "'nothing'");

    [Fact]
    public void ANameGivenTwiceIsNamed() => Fails(Image().Node("Relu", ["x"], ["y"]).Node("Tanh", ["x"], ["y"]).ToBytes(), "'y'", "twice");

    [Fact]
    public void AnUnknownOperatorIsNamed() => Fails(Image().Node("Frobnicate", ["x"], ["y"]).ToBytes(), "'/y/Frobnicate' (Frobnicate)", "unknown");

    [Fact]
    public void AnOperatorOfAnotherDomainIsNamed() =>
        Fails(Image().Node("com.microsoft.Tokenizer", ["x"], ["y"]).ToBytes(), "(Tokenizer)", "'com.microsoft'", "unknown", "without optimisation");

    [Theory]
    [InlineData("If")]
    [InlineData("Loop")]
    [InlineData("Scan")]
    public void ControlFlowIsRefusedByName(string kind) => Fails(
        Image().Node(kind, ["x"], ["y"], OnnxGraphWriter.GraphAttribute("body")).ToBytes(), $"({kind})", "without control flow");

    [Theory]
    [InlineData(6)]
    [InlineData(27)]
    public void AnOperatorSetThatIsNotReadIsNamed(long opset) =>
        Fails(new OnnxGraphWriter(opset).Input("x", 1, 3, 8, 8).Node("Relu", ["x"], ["y"]).ToBytes(), $"operator set {opset}");

    [Theory]
    [InlineData(-1L)]
    [InlineData(-9_000_000_000L)]
    [InlineData(1L << 50)]
    public void ImpossibleShapesAreRefused(long size)
    {
        Fails(new OnnxGraphWriter().Input("x", 1, 3, 8, 8).Weights("w", 8, 3, 3, size).Node("Conv", ["x", "w"], ["y"]).ToBytes(), "'w'", "impossible");
        if (size > 0)
            Fails(new OnnxGraphWriter().Input("x", 1, 3, size, 8).Node("Relu", ["x"], ["y"]).ToBytes(), "'x'", "impossible");
    }

    [Fact]
    public void OverflowingShapesAreRefused()
    {
        var graph = new OnnxGraphWriter().Input("x", 1, 1 << 20, 1 << 19);
        var shape = graph.Constant(1L << 40, 1L << 40, 1L << 40);
        Fails(graph.Node("Expand", ["x", shape], ["y"]).ToBytes(), "(Expand)");
        var tiled = new OnnxGraphWriter().Input("x", 1, 8);
        Fails(tiled.Node("Tile", ["x", tiled.Constant(1L << 39, 1L << 39)], ["y"]).ToBytes(), "(Tile)", "impossible");
    }

    [Fact]
    public void ShapesThatDoNotFitAreShown()
    {
        var graph = Image();
        Fails(graph.Node("Reshape", ["x", graph.Constant(7, -1)], ["y"]).ToBytes(), "'/y/Reshape' (Reshape)", "192 elements", "[7, -1]");
        Fails(Image().Weights("w", 8, 5, 3, 3).Node("Conv", ["x", "w"], ["y"]).ToBytes(), "(Conv)", "3 channels");
        Fails(new OnnxGraphWriter().Input("x", 1, 4, 8).Weights("w", 9, 2).Node("MatMul", ["x", "w"], ["y"]).ToBytes(), "8 is not 9");
    }

    [Fact]
    public void OpenDimensionsAreAskedForByName()
    {
        var graph = new OnnxGraphWriter().Input("x", "batch", 3, 8, 0).Weights("w", 8, 3, 3, 3).Node("Conv", ["x", "w"], ["y"]).ToBytes();
        Fails(graph, "'batch'", "-Dimension batch=1");
        var second = Assert.Throws<ModelImportException>(() => OnnxFiles.Import(graph, "test", ("batch", 1)));
        Assert.Contains("-Dimension x.3=1", second.Message, StringComparison.Ordinal);
        Assert.Equal(6 * 6 * 8 * 27, OnnxFiles.Import(graph, "test", ("batch", 1), ("x.3", 8)).Macs);
        var third = Assert.Throws<ModelImportException>(() => OnnxFiles.Import(graph, "test", ("batch", 1), ("x.3", 8), ("width", 8)));
        Assert.Contains("There are: batch, x.3.", third.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AShapeThatDependsOnDataIsRefused()
    {
        var graph = new OnnxGraphWriter().Input("x", 1, 8).Words("shape", 2);
        Fails(graph.Node("Reshape", ["x", "shape"], ["y"]).ToBytes(), "(Reshape)", "depends on the data");
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../weights.bin")]
    [InlineData("folder/../../weights.bin")]
    [InlineData("..\\weights.bin")]
    [InlineData("C:\\weights.bin")]
    [InlineData("\\\\server\\weights.bin")]
    [InlineData("")]
    public void ExternalDataMustStayInTheFolder(string location) => Fails(
        Image().WeightsAt("w", location, 8, 3, 3, 3).Node("Conv", ["x", "w"], ["y"]).ToBytes(), "'w'", "in the model's folder");

    [Fact]
    public void ExternalDataIsNotNeeded() => Assert.Equal(
        6 * 6 * 8 * 27, OnnxFiles.Import(Image().WeightsAt("w", "data/weights.bin", 8, 3, 3, 3).Node("Conv", ["x", "w"], ["y"]).ToBytes()).Macs);

    [Fact]
    public void ElementsMustFillTheShape()
    {
        using var tensor = new MemoryStream();
        tensor.Write([(1 << 3) | 0, 3, (2 << 3) | 0, 7]);
        tensor.Write(OnnxGraphWriter.Field(9, new byte[16]));
        tensor.Write(OnnxGraphWriter.Field(8, "short"u8.ToArray()));
        Fails(Image().Raw(5, tensor.ToArray()).Node("Relu", ["x"], ["y"]).ToBytes(), "'short'", "16 bytes", "24 are needed");
    }

    // The reader enters the messages that it knows, and those do not nest; all others are passed over whole.
    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(99)]
    public void DeepNestingIsHarmless(int field)
    {
        byte[] bytes = [];
        for (var depth = 0; depth < 10_000; depth++)
            bytes = OnnxGraphWriter.Field(depth % 2 == 0 ? 2 : 1, bytes);
        var graph = Image().Raw(field, bytes).Weights("w", 8, 3, 3, 3).Node("Conv", ["x", "w"], ["y"]).ToBytes();
        Assert.Equal(6 * 6 * 8 * 27, OnnxFiles.Import(graph).Macs);
    }

    [Fact]
    public void FunctionsAreInlined()
    {
        var graph = Image().Function("Activate", "local", "Relu").Weights("w", 8, 3, 3, 3)
            .Node("local.Activate", ["x"], ["a"]).Node("Conv", ["a", "w"], ["y"]).ToBytes();
        Assert.Equal(6 * 6 * 8 * 27, OnnxFiles.Import(graph).Macs);
    }

    [Fact]
    public void AFunctionThatCallsItselfIsRefused() => Fails(
        Image().Function("Loop", "local", "local.Loop").Node("local.Loop", ["x"], ["y"]).ToBytes(), "'Loop'", "deep");

    [Fact]
    public void AGraphWithoutProductsIsRefused() => Fails(Image().Node("Relu", ["x"], ["y"]).ToBytes(), "nothing to schedule");

    [Fact]
    public void NodesInAnyOrderAreRead()
    {
        var graph = Image().Weights("w", 8, 3, 3, 3).Node("Relu", ["a"], ["y"]).Node("Conv", ["x", "w"], ["a"]).ToBytes();
        Assert.Equal(6 * 6 * 8 * 27, OnnxFiles.Import(graph).Macs);
    }

    [Fact]
    public void AFixedBatchIsTakenAsOneImage()
    {
        var model = OnnxFiles.Import(new OnnxGraphWriter().Input("x", 8, 3, 8, 8).Weights("w", 8, 3, 3, 3).Node("Conv", ["x", "w"], ["y"]).ToBytes());
        Assert.Equal(6 * 6 * 8 * 27, model.Macs);
        Assert.Contains(model.Notes, note => note.Contains("batch", StringComparison.Ordinal));
    }

    [Fact]
    public void ProductsOfActivationsThatAreNoAttentionStayProducts()
    {
        var graph = new OnnxGraphWriter().Input("x", 1, 16, 8).Weights("w", 8, 4).Node("MatMul", ["x", "w"], ["a"])
            .Node("Transpose", ["a"], ["t"], OnnxGraphWriter.Attributes("perm", 0, 2, 1)).Node("MatMul", ["a", "t"], ["y"]).ToBytes();
        var model = OnnxFiles.Import(graph);
        var product = Assert.IsType<ProductLayer>(model.Layers[1]);
        Assert.Equal((1, 16, 4, 16), (product.Groups, product.Rows, product.ReductionLength, product.OutputChannels));
        Assert.Equal((16 * 8 * 4) + (16 * 4 * 16), model.Macs);
        Assert.Equal(8 * 4, model.Parameters);
        Assert.Contains(model.Notes, note => note.Contains("product of two activations", StringComparison.Ordinal));
    }

    [Fact]
    public void TheFileAndTheNodeAreInTheError()
    {
        var failure = Fails(Image().Node("Frobnicate", ["x"], ["y"]).ToBytes());
        Assert.Equal("test.onnx", failure.File);
        Assert.Equal("'/y/Frobnicate' (Frobnicate)", failure.Node);
    }

    private static OnnxGraphWriter Image() => new OnnxGraphWriter().Input("x", 1, 3, 8, 8);

    private static ModelImportException Fails(byte[] file, params string[] parts)
    {
        var failure = Assert.Throws<ModelImportException>(() => OnnxFiles.Import(file));
        foreach (var part in parts)
            Assert.Contains(part, failure.Message, StringComparison.Ordinal);
        return failure;
    }
}
