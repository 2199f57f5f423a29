using Allspark.Engine.Import;
using Xunit;
using static Engine.Tests.Import.OnnxGraphWriter;

namespace Engine.Tests.Import;

/// <summary>Shapes of single operators, worked out by hand from the operators' definitions.</summary>
[Trait("Speed", "Slow")]
public sealed class ShapeInferenceTests
{
    [Fact]
    public void ConvolutionsSlideTheirKernels()
    {
        Assert.Equal([1, 8, 112, 112], Conv(224, 7, Attributes("strides", 2, 2), Attributes("pads", 3, 3, 3, 3)));
        Assert.Equal([1, 8, 28, 28], Conv(32, 3, Attributes("dilations", 2, 2)));
        Assert.Equal([1, 8, 5, 5], Conv(9, 3, Attribute("auto_pad", "SAME_UPPER"), Attributes("strides", 2, 2)));
        Assert.Equal([1, 8, 4, 4], Conv(9, 3, Attribute("auto_pad", "VALID"), Attributes("strides", 2, 2)));

        static long[] Conv(long size, long kernel, params byte[][] attributes) => Shape(
            new OnnxGraphWriter().Input("x", 1, 3, size, size).Weights("w", 8, 3, kernel, kernel), "Conv", ["x", "w"], attributes);
    }

    [Fact]
    public void TransposedConvolutionsUndoThem() => Assert.Equal(
        [1, 8, 16, 16],
        Shape(
            new OnnxGraphWriter().Input("x", 1, 4, 8, 8).Weights("w", 4, 8, 4, 4), "ConvTranspose", ["x", "w"],
            Attributes("strides", 2, 2), Attributes("pads", 1, 1, 1, 1)));

    [Theory]
    [InlineData(0, 56)]
    [InlineData(1, 57)]
    public void PoolsRoundAsTheyAreTold(long ceiling, long side) => Assert.Equal(
        [1, 3, side, side],
        Shape(
            new OnnxGraphWriter().Input("x", 1, 3, 114, 114), "MaxPool", ["x"], Attributes("kernel_shape", 3, 3), Attributes("strides", 2, 2),
            Attribute("ceil_mode", ceiling)));

    [Theory]
    [InlineData(11)]
    [InlineData(13)]
    public void AxesAreAttributesOrInputs(long opset)
    {
        var graph = new OnnxGraphWriter(opset).Input("x", 1, 4, 1, 8);
        var (squeezed, extended) = opset < 13
            ? (Shape(graph, "Squeeze", ["x"], Attributes("axes", 0, 2)), Shape(Graph(), "Unsqueeze", ["x"], Attributes("axes", 0, -1)))
            : (Shape(graph, "Squeeze", ["x", graph.Constant(0, 2)]), WithConstant(Graph(), "Unsqueeze", 0, -1));
        Assert.Equal([4, 8], squeezed);
        Assert.Equal([1, 1, 4, 1, 8, 1], extended);

        OnnxGraphWriter Graph() => new OnnxGraphWriter(opset).Input("x", 1, 4, 1, 8);
    }

    // Every operator set that is read, with what changed from one to another.
    [Theory]
    [InlineData(7)]
    [InlineData(10)]
    [InlineData(22)]
    [InlineData(26)]
    public void WhatDidNotChangeIsReadUnderEverySet(long opset)
    {
        var graph = new OnnxGraphWriter(opset).Input("x", 64, 32).Weights("w", 32, 128).Weights("b", 128).Node("Gemm", ["x", "w", "b"], ["g"]).Node("Relu", ["g"], ["r"])
            .Node("Transpose", ["r"], ["t"], Attributes("perm", 1, 0)).Node("MatMul", ["t", "g"], ["m"]).Node("Softmax", ["m"], ["s"], Attribute("axis", 1));
        Assert.Equal((64 * 32 * 128) + (128 * 64 * 128), OnnxFiles.Import(graph.ToBytes()).Macs);
    }

    [Fact]
    public void OldSetsHaveAttributesWhereNewOnesHaveInputs()
    {
        Assert.Equal([1, 3, 5], Shape(new OnnxGraphWriter(7).Input("x", 1, 4, 8), "Slice", ["x"], Attributes("starts", 1, 2), Attributes("ends", 4, 7), Attributes("axes", 1, 2)));
        Assert.Equal([1, 6, 8], Shape(new OnnxGraphWriter(7).Input("x", 1, 4, 8), "Pad", ["x"], Attributes("pads", 0, 1, 0, 0, 1, 0)));
        Assert.Equal([1, 4, 3], Shape(new OnnxGraphWriter(9).Input("x", 1, 4, 8), "TopK", ["x"], Attribute("k", 3)));
        Assert.Equal([1, 3, 16, 24], Shape(new OnnxGraphWriter(7).Input("x", 1, 3, 8, 8), "Upsample", ["x"], RealsAttribute("scales", 1, 1, 2, 3)));
        Assert.Equal([1, 3, 16, 24], Shape(new OnnxGraphWriter(9).Input("x", 1, 3, 8, 8).Reals("s", [4], 1, 1, 2, 3), "Upsample", ["x", "s"]));
        Assert.Equal([1, 3, 16, 24], Shape(new OnnxGraphWriter(10).Input("x", 1, 3, 8, 8).Reals("s", [4], 1, 1, 2, 3), "Resize", ["x", "s"]));
        Assert.Equal([1, 3, 16, 24], Shape(new OnnxGraphWriter(13).Input("x", 1, 3, 8, 8).Reals("s", [4], 1, 1, 2, 3), "Resize", ["x", "", "s"]));
    }

    // Sizes that are to keep the picture's proportions (since set 18).
    [Theory]
    [InlineData("stretch", 20, 32)]
    [InlineData("not_larger", 16, 32)]
    [InlineData("not_smaller", 20, 40)]
    public void ResizesKeepProportions(string policy, long height, long width)
    {
        var graph = new OnnxGraphWriter(18).Input("x", 1, 3, 8, 16).Integers("size", 20, 32);
        Assert.Equal([1, 3, height, width], Shape(graph, "Resize", ["x", "", "", "size"], Attributes("axes", 2, 3), Attribute("keep_aspect_ratio_policy", policy)));
    }

    [Fact]
    public void TransposedConvolutionsMayKeepTheImageWhole() => Assert.Equal(
        [1, 8, 16, 16],
        Shape(new OnnxGraphWriter().Input("x", 1, 4, 8, 8).Weights("w", 4, 8, 3, 3), "ConvTranspose", ["x", "w"], Attributes("strides", 2, 2), Attribute("auto_pad", "SAME_UPPER")));

    // "past + 1", as exporters name a dimension that follows from another.
    [Fact]
    public void SumsOfDimensionsFollowFromTheirParts()
    {
        var graph = new OnnxGraphWriter().Input("x", 1, "past + 1", 8).Input("y", "past", 8).Weights("w", 8, 8).Node("MatMul", ["x", "w"], ["z"]);
        Assert.Equal(16 * 64, OnnxFiles.Import(graph.ToBytes(), "test", ("past", 15)).Macs);
    }

    [Fact]
    public void ReductionsTakeTheirAxesAsInputsSinceOperatorSet18()
    {
        Assert.Equal([1, 4, 1], WithConstant(new OnnxGraphWriter(18).Input("x", 1, 4, 8), "ReduceMean", -1));
        Assert.Equal([1, 4], Shape(new OnnxGraphWriter(17).Input("x", 1, 4, 8), "ReduceMean", ["x"], Attributes("axes", -1), Attribute("keepdims", 0)));
        Assert.Equal([1, 1, 1], Shape(new OnnxGraphWriter(18).Input("x", 1, 4, 8), "ReduceMax", ["x"]));
    }

    [Fact]
    public void SlicesCountBothWays()
    {
        var graph = new OnnxGraphWriter().Input("x", 10, 10, 10);
        string[] inputs = ["x", graph.Constant(1, -1, 100), graph.Constant(9, -11, long.MaxValue), graph.Constant(0, 1, 2), graph.Constant(2, -3, 1)];
        Assert.Equal([4, 4, 0], Shape(graph, "Slice", inputs));
    }

    [Fact]
    public void SplitsLeaveTheRestToTheLast()
    {
        var graph = OnnxFiles.Graph(new OnnxGraphWriter(18).Input("x", 1, 10)
            .Node("Split", ["x"], ["a", "b", "c"], Attribute("axis", 1), Attribute("num_outputs", 3)).ToBytes());
        Assert.Equal([4, 4, 2], graph.Nodes[0].Outputs.Select(output => output.Shape[1]));
    }

    [Fact]
    public void ReshapesKeepAndInfer()
    {
        Assert.Equal([2, 24, 7], WithConstant(new OnnxGraphWriter().Input("x", 2, 6, 4, 7), "Reshape", 0, -1, 7));
        Assert.Equal([2, 6, 28], WithConstant(new OnnxGraphWriter().Input("x", 2, 6, 4, 7), "Reshape", 0, 0, -1));
    }

    [Fact]
    public void EinsteinSumsSpellTheirAxes()
    {
        Assert.Equal([2, 7, 5, 6], Einsum("bhnd,bhmd->bhnm", [2, 7, 5, 4], [2, 7, 6, 4]));
        Assert.Equal([2, 7, 5, 6], Einsum("...nd,...md->...nm", [2, 7, 5, 4], [2, 7, 6, 4]));
        Assert.Equal([5, 6], Einsum("ij,jk", [5, 4], [4, 6]));

        static long[] Einsum(string equation, long[] left, long[] right) => Shape(
            new OnnxGraphWriter().Input("x", [.. left.Cast<object>()]).Input("y", [.. right.Cast<object>()]), "Einsum", ["x", "y"], Attribute("equation", equation));
    }

    // Height over 7, times 7: what an exporter writes for a window that follows the image's size.
    [Fact]
    public void SubgraphsOfShapesAreFolded()
    {
        var graph = new OnnxGraphWriter().Input("x", 1, 56, 56, 96);
        var (seven, first) = (graph.Constant(7), graph.Constant(1));
        graph.Node("Shape", ["x"], ["shape"]).Node("Gather", ["shape", first], ["height"]).Node("Div", ["height", seven], ["windows"])
            .Node("Cast", ["windows"], ["whole"], Attribute("to", 7))
            .Node("Concat", [first, "whole", seven, "whole", seven, graph.Constant(-1)], ["wanted"], Attribute("axis", 0));
        Assert.Equal([1, 8, 7, 8, 7, 96], Shape(graph, "Reshape", ["x", "wanted"]));
    }

    [Fact]
    public void BroadcastingStretchesOnes()
    {
        Assert.Equal([8, 3, 5], Shape(new OnnxGraphWriter().Input("x", 8, 1, 5).Input("y", 3, 1), "Add", ["x", "y"]));
        Assert.Throws<ModelImportException>(() => Shape(new OnnxGraphWriter().Input("x", 8, 2).Input("y", 3), "Add", ["x", "y"]));
    }

    [Fact]
    public void EveryOperatorSurvivesInputsThatMakeNoSense()
    {
        object[][] shapes = [[], [0], [1], [2, 3], [1, 3, 8, 8]];
        foreach (var kind in Allspark.Engine.Import.Onnx.ShapeInference.Operators)
        {
            foreach (var shape in shapes)
            {
                for (var count = 0; count < 4; count++)
                {
                    var graph = new OnnxGraphWriter(20).Input("x", shape).Node(kind, [.. Enumerable.Repeat("x", count)], ["y"]);
                    var failure = Record.Exception(() => OnnxFiles.Import(graph.ToBytes()));
                    Assert.True(failure is null or ModelImportException, $"{kind} of {count} × [{string.Join(", ", shape)}]: {failure}");
                }
            }
        }
    }

    [Fact]
    public void EmbeddedWeightsAreNotLoaded()
    {
        using var tensor = new MemoryStream();
        tensor.Write([(1 << 3) | 0]);
        Number(tensor, 1 << 12);
        tensor.Write([(1 << 3) | 0]);
        Number(tensor, 1 << 12);
        tensor.Write([(2 << 3) | 0, 1]);
        tensor.Write(Field(8, "w"u8.ToArray()));
        tensor.Write(Field(9, new byte[1 << 26]));
        var file = new OnnxGraphWriter().Input("x", 1, 7, 1 << 12).Raw(5, tensor.ToArray()).Node("MatMul", ["x", "w"], ["y"]).ToBytes();
        OnnxFiles.Import(file);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(7L << 24, OnnxFiles.Import(file).Macs);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    private static long[] WithConstant(OnnxGraphWriter graph, string kind, params long[] values) => Shape(graph, kind, ["x", graph.Constant(values)]);

    private static long[] Shape(OnnxGraphWriter graph, string kind, string[] inputs, params byte[][] attributes) =>
        OnnxFiles.Graph(graph.Node(kind, inputs, ["result"], attributes).ToBytes()).Values.Single(value => value.Name == "result").Shape;
}
