using Allspark.Engine.Models;
using Xunit;
using static Engine.Tests.Import.OnnxGraphWriter;

namespace Engine.Tests.Import;

/// <summary>
/// Fused and quantised operators give the network that the same operators spelled out give. The network: 2 blocks of 16 channels, 4 heads, 32 hidden
/// channels, over 9 tokens of 50 words; 16 positions.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class ExpansionTests
{
    private const int Tokens = 9;
    private const long BlockMacs = (4 * Tokens * 16 * 16) + (2 * 4 * Tokens * Tokens * 4) + (2 * Tokens * 16 * 32);
    private const long BlockParameters = (4 * 17 * 16) + (17 * 32) + (33 * 16) + (4 * 16);
    private const long Tables = (50 * 16) + (16 * 16) + 32;

    [Fact]
    public void SpelledOutItIsTwoBlocks() => Check(Network(Plain), 2 * BlockMacs, Tables + (2 * BlockParameters));

    // What ONNX Runtime's optimiser makes of an encoder (BERT).
    [Fact]
    public void OnnxRuntimesOptimiserIsRead()
    {
        var graph = new OnnxGraphWriter().Words("ids", 1, Tokens).Words("mask", 1, Tokens).Weights("words", 50, 16).Weights("places", 16, 16).Weights("g", 16).Weights("b", 16)
            .Node("com.microsoft.EmbedLayerNormalization", ["ids", "", "words", "places", "", "g", "b", "mask"], ["x0", "seen"]);
        for (var i = 0; i < 2; i++)
        {
            graph.Weights($"qkv{i}", 16, 48).Weights($"qkvb{i}", 48).Node("com.microsoft.Attention", [$"x{i}", $"qkv{i}", $"qkvb{i}", "seen"], [$"a{i}"], Attribute("num_heads", 4));
            Linear(graph, $"a{i}", $"o{i}", 16, 16, bias: false);
            graph.Weights($"ob{i}", 16);
            Norm(graph, $"n{i}").Node("com.microsoft.SkipLayerNormalization", [$"o{i}", $"x{i}", $"n{i}g", $"n{i}b", $"ob{i}"], [$"h{i}"]);
            Linear(graph, $"h{i}", $"f{i}", 16, 32, bias: false);
            graph.Weights($"fb{i}", 32).Node("com.microsoft.BiasGelu", [$"f{i}", $"fb{i}"], [$"e{i}"]);
            Linear(graph, $"e{i}", $"p{i}", 32, 16, bias: false);
            graph.Weights($"pb{i}", 16);
            Norm(graph, $"m{i}").Node("com.microsoft.SkipLayerNormalization", [$"p{i}", $"h{i}", $"m{i}g", $"m{i}b", $"pb{i}"], [$"x{i + 1}", "", "", $"sum{i}"]);
        }

        Check(graph.Output("x2"), 2 * BlockMacs, Tables + (2 * BlockParameters));
    }

    [Fact]
    public void MultiHeadAttentionIsRead() => Check(Network((graph, i) =>
    {
        Projected(graph, i, bias: false);
        graph.Weights($"b{i}", 48).Node("com.microsoft.MultiHeadAttention", [$"q{i}", $"k{i}", $"v{i}", $"b{i}"], [$"a{i}"], Attribute("num_heads", 4));
    }), 2 * BlockMacs, Tables + (2 * BlockParameters));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void GroupedQueriesAreRead(int shared)
    {
        var keys = 4 * shared;
        var graph = Network((graph, i) =>
        {
            Linear(graph, $"y{i}", $"q{i}", 16, 16, bias: false);
            Linear(graph, $"y{i}", $"k{i}", 16, keys, bias: false);
            Linear(graph, $"y{i}", $"v{i}", 16, keys, bias: false);
            graph.Node("com.microsoft.GroupQueryAttention", [$"q{i}", $"k{i}", $"v{i}", "", "", "", "", "cos", "sin"], [$"a{i}", "", ""],
                Attribute("num_heads", 4), Attribute("kv_num_heads", shared), Attribute("do_rotary", 1));
        }).Weights("cos", 64, 2).Weights("sin", 64, 2);
        var less = 2 * (16 - keys);
        var model = Check(graph, 2 * (BlockMacs - (Tokens * 16 * less)), Tables + (2 * (BlockParameters - (16 * less) - 48)));
        Assert.All(model.Blocks, block => Assert.Equal((shared, new GlobalAttention(Causal: true)), (block.KeyValueHeads, block.Attention)));
    }

    [Fact]
    public void GroupedQueriesPackedInOneMatrixAreRead()
    {
        var graph = Network((graph, i) =>
        {
            Linear(graph, $"y{i}", $"q{i}", 16, 16 + (2 * 8), bias: false);
            graph.Node("com.microsoft.GroupQueryAttention", [$"q{i}"], [$"a{i}"], Attribute("num_heads", 4), Attribute("kv_num_heads", 2));
        });
        Check(graph, 2 * (BlockMacs - (Tokens * 16 * 16)), Tables + (2 * (BlockParameters - (16 * 16) - 48)));
    }

    // The standard set's own attention, of joined and of separate heads (set 23).
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TheStandardAttentionIsRead(bool separate) => Check(Network((graph, i) =>
    {
        Projected(graph, i, bias: true);
        if (!separate)
        {
            graph.Node("Attention", [$"q{i}", $"k{i}", $"v{i}"], [$"a{i}"], Attribute("q_num_heads", 4), Attribute("kv_num_heads", 4), Attribute("is_causal", 1));
            return;
        }

        foreach (var name in new[] { $"q{i}", $"k{i}", $"v{i}" })
            Heads(graph, name);
        graph.Node("Attention", [$"q{i}h", $"k{i}h", $"v{i}h"], [$"t{i}"]);
        Joined(graph, $"t{i}", $"a{i}");
    }, opset: 23), 2 * BlockMacs, Tables + (2 * BlockParameters));

    // One new token behind five that are kept: the products are those of the grown keys.
    [Theory]
    [InlineData("com.microsoft.Attention")]
    [InlineData("com.microsoft.MultiHeadAttention")]
    [InlineData("com.microsoft.GroupQueryAttention")]
    [InlineData("Attention")]
    public void ACacheOfKeysIsRead(string kind)
    {
        var graph = new OnnxGraphWriter(23).Input("x", 1, 1, 16);
        if (kind == "com.microsoft.Attention")
        {
            graph.Input("past", 2, 1, 4, 5, 4).Weights("w", 16, 48).Node(kind, ["x", "w", "", "", "past"], ["a", "present"], Attribute("num_heads", 4));
        }
        else
        {
            graph.Input("pk", 1, 4, 5, 4).Input("pv", 1, 4, 5, 4);
            foreach (var name in new[] { "q", "k", "v" })
                Linear(graph, "x", name, 16, 16, bias: false);
            string[] inputs = kind switch
            {
                "Attention" => ["q", "k", "v", "", "pk", "pv"],
                "com.microsoft.MultiHeadAttention" => ["q", "k", "v", "", "", "", "pk", "pv"],
                _ => ["q", "k", "v", "pk", "pv", "", ""],
            };
            graph.Node(kind, inputs, ["a", "nk", "nv"], Attribute("num_heads", 4), Attribute("q_num_heads", 4), Attribute("kv_num_heads", 4));
        }

        Linear(graph, "a", "y", 16, 16, bias: false);
        var model = OnnxFiles.Import(graph.ToBytes());
        Assert.Equal((4 * 16 * 16) + (2 * 4 * 6 * 4), model.Macs);
        Assert.Equal(4 * 16 * 16, model.Parameters);
    }

    // Weights of 8 bits and products of integers, as dynamic quantisation writes them.
    [Fact]
    public void DynamicQuantisationIsRead() => Check(
        Network(Plain, static (graph, from, to, rows, columns) => graph.Bytes8($"{to}w", rows, columns).Reals($"{to}s", [1], 1).Bytes8($"{to}z", 1)
            .Node("DynamicQuantizeLinear", [from], [$"{to}x", $"{to}xs", $"{to}xz"]).Node("MatMulInteger", [$"{to}x", $"{to}w", $"{to}xz", $"{to}z"], [$"{to}i"])
            .Node("Cast", [$"{to}i"], [$"{to}f"], Attribute("to", 1)).Node("Mul", [$"{to}xs", $"{to}s"], [$"{to}r"]).Node("Mul", [$"{to}f", $"{to}r"], [to])),
        2 * BlockMacs, Tables + (2 * BlockParameters));

    // Pairs of QuantizeLinear and DequantizeLinear around every product.
    [Fact]
    public void QuantisedPairsAreRead() => Check(
        Network(Plain, static (graph, from, to, rows, columns) => graph.Bytes8($"{to}w", rows, columns).Reals($"{to}s", [], 1).Stored($"{to}z", 3, [], [0])
            .Node("QuantizeLinear", [from, $"{to}s", $"{to}z"], [$"{to}q"]).Node("DequantizeLinear", [$"{to}q", $"{to}s", $"{to}z"], [$"{to}x"])
            .Node("DequantizeLinear", [$"{to}w", $"{to}s", $"{to}z"], [$"{to}d"]).Node("MatMul", [$"{to}x", $"{to}d"], [to])),
        2 * BlockMacs, Tables + (2 * BlockParameters));

    [Fact]
    public void ProductsOfQuantisedNumbersAreRead() => Check(
        Network(Plain, static (graph, from, to, rows, columns) => graph.Bytes8($"{to}w", rows, columns).Reals($"{to}s", [], 1).Stored($"{to}z", 3, [], [0])
            .Node("QuantizeLinear", [from, $"{to}s", $"{to}z"], [$"{to}q"])
            .Node("QLinearMatMul", [$"{to}q", $"{to}s", $"{to}z", $"{to}w", $"{to}s", $"{to}z", $"{to}s", $"{to}z"], [$"{to}p"])
            .Node("DequantizeLinear", [$"{to}p", $"{to}s", $"{to}z"], [to])),
        2 * BlockMacs, Tables + (2 * BlockParameters));

    // Two numbers of 4 bits in a byte, in runs of 16.
    [Fact]
    public void WeightsOfFourBitsAreRead() => Check(
        Network(Plain, static (graph, from, to, rows, columns) => graph.Stored($"{to}w", 2, [columns, rows / 16, 8], new byte[columns * rows / 2])
            .Weights($"{to}s", columns * rows / 16)
            .Node("com.microsoft.MatMulNBits", [from, $"{to}w", $"{to}s"], [to], Attribute("K", rows), Attribute("N", columns), Attribute("bits", 4), Attribute("block_size", 16))),
        2 * BlockMacs, Tables + (2 * BlockParameters));

    [Fact]
    public void FusedProductsAreRead()
    {
        var turned = new OnnxGraphWriter().Input("x", 1, 9, 16).Weights("w", 32, 16)
            .Node("com.microsoft.FusedMatMul", ["x", "w"], ["y"], Attribute("transB", 1), Attribute("alpha", 0.5f));
        Assert.Equal(9 * 16 * 32, OnnxFiles.Import(turned.ToBytes()).Macs);
        var convolution = new OnnxGraphWriter().Input("x", 1, 3, 8, 8).Weights("w", 4, 3, 3, 3).Weights("b", 4).Node("Conv", ["x", "w"], ["r"])
            .Node("com.microsoft.FusedConv", ["x", "w", "b", "r"], ["y"], Attribute("activation", "Relu"));
        Assert.Equal(2 * 36 * 4 * 27, OnnxFiles.Import(convolution.ToBytes()).Macs);
        var gemm = new OnnxGraphWriter().Input("x", 16, 9).Weights("w", 32, 16).Weights("b", 32)
            .Node("com.microsoft.FusedGemm", ["x", "w", "b"], ["y"], Attribute("transA", 1), Attribute("transB", 1));
        Assert.Equal((9 * 16 * 32, (16 * 32) + 32), (OnnxFiles.Import(gemm.ToBytes()).Macs, OnnxFiles.Import(gemm.ToBytes()).Parameters));
    }

    [Theory]
    [InlineData("ConvInteger")]
    [InlineData("QLinearConv")]
    [InlineData("com.microsoft.QLinearConv")]
    public void ConvolutionsOfIntegersKeepTheirAttributes(string kind)
    {
        var graph = new OnnxGraphWriter().Input("x", 1, 4, 8, 8).Bytes8("w", 8, 2, 3, 3).Reals("s", [], 1).Stored("z", 3, [], [0]).Node("QuantizeLinear", ["x", "s", "z"], ["q"]);
        graph.Node(kind, kind == "ConvInteger" ? ["q", "w", "z", "z"] : ["q", "s", "z", "w", "s", "z", "s", "z"], ["y"],
            Attributes("pads", 1, 1, 1, 1), Attributes("strides", 2, 2), Attribute("group", 2));
        Assert.Equal(4 * 4 * 8 * 2 * 9, OnnxFiles.Import(graph.ToBytes()).Macs);
    }

    [Theory]
    [InlineData("LSTM", "recurrent layers are not read")]
    [InlineData("GRU", "recurrent layers are not read")]
    [InlineData("com.microsoft.nchwc.Conv", "level 'basic'")]
    [InlineData("com.microsoft.PackedAttention", "without optimisation")]
    [InlineData("com.microsoft.Attention", "num_heads")]
    public void WhatIsNotReadIsRefusedWithARemedy(string kind, string remedy)
    {
        var graph = new OnnxGraphWriter().Input("x", 1, 9, 16).Weights("w", 16, 48).Node(kind, ["x", "w"], ["y"]);
        Assert.Contains(remedy, Assert.Throws<Allspark.Engine.Import.ModelImportException>(() => OnnxFiles.Import(graph.ToBytes())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryFusedOperatorSurvivesInputsThatMakeNoSense()
    {
        object[][] shapes = [[], [0], [1], [2, 3], [1, 9, 16], [1, 3, 8, 8], [1, 2, 3, 4, 5]];
        foreach (var kind in Allspark.Engine.Import.Onnx.Expansion.Operators)
        {
            foreach (var shape in shapes)
            {
                for (var count = 0; count < 10; count++)
                {
                    var graph = new OnnxGraphWriter(23).Input("x", shape).Node(kind, [.. Enumerable.Repeat("x", count)], ["y"], Attribute("num_heads", 4),
                        Attribute("kv_num_heads", 3), Attribute("K", 1 << 20), Attribute("N", 1 << 20));
                    var failure = Record.Exception(() => OnnxFiles.Import(graph.ToBytes()));
                    Assert.True(failure is null or Allspark.Engine.Import.ModelImportException, $"{kind} of {count} × [{string.Join(", ", shape)}]: {failure}");
                }
            }
        }
    }

    private delegate void Product(OnnxGraphWriter graph, string from, string to, int rows, int columns);

    private static DnnModel Check(OnnxGraphWriter graph, long macs, long parameters)
    {
        var model = OnnxFiles.Import(graph.ToBytes());
        Assert.Equal((macs, parameters), (model.Macs, model.Parameters));
        Assert.Equal(2, model.Blocks.Count);
        Assert.All(model.Blocks, block => Assert.Equal((4, 4, 32), (block.Heads, block.HeadDimension, block.FeedForwardWidth)));
        return model;
    }

    private static OnnxGraphWriter Network(Action<OnnxGraphWriter, int> attention, int opset = 17) => Network((graph, i, _) => attention(graph, i), Multiplied, opset);

    private static OnnxGraphWriter Network(Action<OnnxGraphWriter, int, Product> attention, Product? product = null, int opset = 17)
    {
        product ??= Multiplied;
        var graph = new OnnxGraphWriter(opset).Words("ids", 1, Tokens).Weights("words", 50, 16).Weights("places", 16, 16).Node("Gather", ["words", "ids"], ["e"]);
        graph.Node("Gather", ["places", graph.Constant([.. Enumerable.Range(0, Tokens).Select(i => (long)i)])], ["p"]).Node("Add", ["e", "p"], ["s"]);
        Normalised(graph, "s", "x0");
        for (var i = 0; i < 2; i++)
        {
            Normalised(graph, $"x{i}", $"y{i}");
            attention(graph, i, product);
            Linear(graph, $"a{i}", $"o{i}", 16, 16, product: product);
            graph.Node("Add", [$"o{i}", $"x{i}"], [$"h{i}"]);
            Normalised(graph, $"h{i}", $"z{i}");
            Linear(graph, $"z{i}", $"f{i}", 16, 32, product: product);
            graph.Node("Relu", [$"f{i}"], [$"g{i}"]);
            Linear(graph, $"g{i}", $"r{i}", 32, 16, product: product);
            graph.Node("Add", [$"r{i}", $"h{i}"], [$"x{i + 1}"]);
        }

        return graph.Output("x2");
    }

    private static void Plain(OnnxGraphWriter graph, int i, Product product)
    {
        Projected(graph, i, bias: true, product);
        foreach (var name in new[] { $"q{i}", $"k{i}", $"v{i}" })
            Heads(graph, name);
        graph.Node("Transpose", [$"k{i}h"], [$"k{i}t"], Attributes("perm", 0, 1, 3, 2)).Node("MatMul", [$"q{i}h", $"k{i}t"], [$"s{i}"])
            .Node("Softmax", [$"s{i}"], [$"w{i}"], Attribute("axis", -1)).Node("MatMul", [$"w{i}", $"v{i}h"], [$"t{i}"]);
        Joined(graph, $"t{i}", $"a{i}");
    }

    private static void Projected(OnnxGraphWriter graph, int i, bool bias, Product? product = null)
    {
        foreach (var name in new[] { $"q{i}", $"k{i}", $"v{i}" })
            Linear(graph, $"y{i}", name, 16, 16, bias, product);
    }

    private static void Heads(OnnxGraphWriter graph, string name) => graph.Node("Reshape", [name, graph.Constant(0, 0, 4, 4)], [$"{name}r"])
        .Node("Transpose", [$"{name}r"], [$"{name}h"], Attributes("perm", 0, 2, 1, 3));

    private static void Joined(OnnxGraphWriter graph, string from, string to) => graph.Node("Transpose", [from], [$"{from}j"], Attributes("perm", 0, 2, 1, 3))
        .Node("Reshape", [$"{from}j", graph.Constant(0, 0, 16)], [to]);

    private static void Linear(OnnxGraphWriter graph, string from, string to, int rows, int columns, bool bias = true, Product? product = null)
    {
        (product ?? Multiplied)(graph, from, bias ? $"{to}m" : to, rows, columns);
        if (bias)
            graph.Weights($"{to}b", columns).Node("Add", [$"{to}m", $"{to}b"], [to]);
    }

    private static void Multiplied(OnnxGraphWriter graph, string from, string to, int rows, int columns) =>
        graph.Weights($"{to}w", rows, columns).Node("MatMul", [from, $"{to}w"], [to]);

    private static void Normalised(OnnxGraphWriter graph, string from, string to) =>
        Norm(graph, to).Node("LayerNormalization", [from, $"{to}g", $"{to}b"], [to]);

    private static OnnxGraphWriter Norm(OnnxGraphWriter graph, string name) => graph.Weights($"{name}g", 16).Weights($"{name}b", 16);
}
