using Allspark.Engine.Hardware;
using Allspark.Engine.Import.Onnx;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Scheduling;
using Allspark.Engine.Simulation;
using Allspark.Engine.Verification;
using Xunit;

namespace Engine.Tests.Import;

[Trait("Speed", "Slow")]
public sealed class OnnxImportTests
{
    private static readonly Scheduler s_scheduler = new();

    public static TheoryData<string> Graphs => [.. OnnxFiles.In("onnx")];

    public static TheoryData<string> AllGraphs => [.. OnnxFiles.In("onnx"), .. OnnxFiles.In("onnx-traits")];

    [Theory]
    [InlineData("swin_t")]
    [InlineData("swin_b")]
    [InlineData("vit_b_16")]
    public void ImportEqualsThePreset(string name)
    {
        var (imported, preset) = (Import(name), ModelCatalog.Get(name));
        Assert.Equal(preset.Layers, imported.Layers);
        Assert.Equal(preset.ContentHash, imported.ContentHash);
        Assert.Equal((preset.Macs, preset.Parameters), (imported.Macs, imported.Parameters));
    }

    [Theory]
    [InlineData("swin_t")]
    [InlineData("vit_b_16")]
    public void ImportIsScheduledAsThePreset(string name)
    {
        var array = ArrayCatalog.Get("stack-16x16");
        var (imported, preset) = (Partitioner.Split(Import(name), array), Partitioner.Split(ModelCatalog.Get(name), array));
        Assert.Equal(preset.Branches, imported.Branches);
        Assert.Equal(s_scheduler.Schedule(preset, new ExactSolver()).Solver.Objective, s_scheduler.Schedule(imported, new ExactSolver()).Solver.Objective);
    }

    // torchvision's published figures; an exporter's folding of normalisations leaves some of the parameters out.
    [Theory]
    [InlineData("swin_t", 28.288354, 4.491)]
    [InlineData("vit_b_16", 86.567656, 17.564)]
    [InlineData("swin_b", 87.768224, 15.43)]
    [InlineData("vit_b_32_op17", 88.224232, 4.409)]
    [InlineData("maxvit_t", 30.919624, 5.558)]
    [InlineData("swin_v2_t", 28.351570, 5.94)]
    [InlineData("resnet50", 25.557032, 4.089)]
    [InlineData("densenet121", 7.978856, 2.834)]
    [InlineData("convnext_tiny", 28.589128, 4.456)]
    [InlineData("efficientnet_b0", 5.288548, 0.386)]
    [InlineData("mobilenet_v3_large", 5.483032, 0.217)]
    public void SizesAreAsPublished(string name, double parameters, double macs)
    {
        var model = Import(name);
        Assert.InRange(model.Parameters / 1e6 / parameters, 0.995, 1.005);
        Assert.InRange(model.Macs / 1e9 / macs, 0.985, 1.015);
    }

    // The networks' own parameter counts, and what their export folds away or writes twice.
    [Theory]
    [InlineData("resnet50", 25_557_032 - 26_560)]
    [InlineData("convnext_tiny", 28_589_128)]
    [InlineData("swin_v2_t", 28_351_570)]
    [InlineData("twins_like", 10_386_280)]
    [InlineData("cswin_like", 7_066_920)]
    [InlineData("pvt2_like", 12_107_752)]
    [InlineData("llama_gqa", 619_136)]
    [InlineData("gptj_like", 660_480)]
    [InlineData("gpt2_like", 532_992 + (1000 * 128))]
    [InlineData("vit_post", 1_713_640)]
    [InlineData("torch2_vit", 1_713_640)]
    [InlineData("ein_vit", 1_713_640)]
    [InlineData("timm_vit_nofold", 1_713_640)]
    [InlineData("timm_vit_op11", 1_713_640)]
    [InlineData("deit_dist_ls", 1_715_176)]
    public void ParametersAreExact(string name, long parameters) => Assert.Equal(parameters, Import(name).Parameters);

    [Theory]
    [MemberData(nameof(AllGraphs))]
    public void EveryMultiplyAccumulateOfTheGraphIsInTheNetwork(string name)
    {
        var products = NaiveCount.Of(OnnxFiles.Bytes(name), Dimensions(name));
        Assert.Equal(products.Sum(product => product.Macs), Import(name).Macs);
        Assert.Equal(products.Count, OnnxFiles.Graph(OnnxFiles.Bytes(name), Dimensions(name)).Nodes.Count(node =>
            node is { Operator: "Conv" or "MatMul" or "Gemm" or "Einsum", Output.Tensor.Count: > 0 } && (node.Operator != "Einsum" || node.Inputs.Length == 2)));
    }

    [Theory]
    [MemberData(nameof(Graphs))]
    public void EveryGraphCanBeScheduledAndMeasured(string name)
    {
        var workload = Partitioner.Split(Import(name), ArrayCatalog.Get("stack-4x4"));
        var schedule = Schedule(workload);
        Assert.Empty(LegalityChecker.Check(schedule).Findings);
        Assert.True(AnalyticSimulator.Measure(schedule, s_scheduler.Machine(workload)).LatencySeconds > 0);
    }

    [Theory]
    [InlineData("swin_v2_t", "W8 W8+4 W8 W8+4 W8 W8+4 W8 W8+4 W8 W8+4 W8 W8")]
    [InlineData("maxvit_t", "W7 G7 W7 G7 W7 G7 W7 G7 W7 G7 W7 G7 W7 G7 W7 G7 W7 G7 W7 W7 W7 W7")]
    [InlineData("twins_like", "W7 R8 W7 R4 W7 R2 A A")]
    [InlineData("pvt2_like", "R8 R8 R4 R4 R2 R2 A A")]
    [InlineData("cswin_like", "S1 S2 S7 S7 A")]
    [InlineData("cvt_like", "R2 R2 R2 R2 R2")]
    [InlineData("hf_vit_dyn", "A A A")]
    [InlineData("ein_vit", "A A A")]
    [InlineData("torch2_vit", "A A A")]
    [InlineData("vit_post", "A A A")]
    [InlineData("timm_vit_nofold", "A A A")]
    [InlineData("timm_vit_op11", "A A A")]
    [InlineData("deit_dist_ls", "A A A")]
    [InlineData("gpt2_like", "C C")]
    [InlineData("gptj_like", "C C")]
    [InlineData("llama_gqa", "C C")]
    public void GeometryIsRecognised(string name, string geometries) =>
        Assert.Equal(geometries, string.Join(' ', Import(name).Blocks.Select(block => Short(block.Attention))));

    [Fact]
    public void BlocksOfMaxViTAreThePresets()
    {
        var (imported, preset) = (Import("maxvit_t"), ModelCatalog.Get("maxvit_t"));
        Assert.Equal(preset.Layers.Count, imported.Layers.Count);
        Assert.Equal(preset.Layers.Select(layer => layer.Macs), imported.Layers.Select(layer => layer.Macs));
        Assert.Equal(preset.Layers.Select(layer => layer.OutputGrid), imported.Layers.Select(layer => layer.OutputGrid));
        Assert.Equal(preset.Layers.Select(layer => layer.CarriedChannels), imported.Layers.Select(layer => layer.CarriedChannels));
        Assert.Equal(preset.Blocks.Select(block => block.Parameters), imported.Blocks.Select(block => block.Parameters));
        Assert.Equal(preset.Blocks.Take(18), imported.Blocks.Take(18));
    }

    [Fact]
    public void LayersOfResNetAreThePresets()
    {
        var (imported, preset) = (Import("resnet50"), ModelCatalog.Get("resnet50"));
        Assert.Equal(preset.Layers.Select(Shape), imported.Layers.Select(Shape));
        static (TokenGrid, TokenGrid, int, int, long, int) Shape(Layer layer) =>
            (layer.InputGrid, layer.OutputGrid, layer.InputChannels, layer.OutputChannels, layer.Macs, layer.CarriedChannels);
    }

    [Fact]
    public void StagesAndMergingFollowTheGrid()
    {
        var model = Import("twins_like");
        Assert.Equal([0, 0, 1, 1, 2, 2, 3, 3], model.Blocks.Select(block => block.Stage));
        Assert.Equal(["stages.1.merging", "stages.2.merging", "stages.3.merging"],
            model.Layers.OfType<ProjectionLayer>().Where(layer => layer.Kind == ProjectionKind.PatchMerging).Select(layer => layer.Name));
        Assert.Equal(ModelCatalog.Get("twins_svt_s").Blocks[0].Auxiliary, model.Blocks[0].Auxiliary);
    }

    [Fact]
    public void GroupedQueriesAndGatesAreRecognised()
    {
        var block = Import("llama_gqa").Blocks[0];
        Assert.Equal((4, 2, 32, 344, true), (block.Heads, block.KeyValueHeads, block.HeadDimension, block.FeedForwardWidth, block.GatedFeedForward));
        Assert.Equal(ProjectionKind.TokenEmbedding, ((ProjectionLayer)Import("llama_gqa").Layers[0]).Kind);
    }

    [Fact]
    public void OpenDimensionsTakeTheSizesGiven()
    {
        var (small, large) = (Import("hf_vit_dyn"), OnnxFiles.Import("hf_vit_dyn", ("batch", 1), ("height", 224), ("width", 224)));
        Assert.Equal(small.Macs, large.Macs);
        Assert.Equal(new TokenGrid(14, 14, 1), small.Blocks[0].Grid);
    }

    [Fact]
    public void NotesSayWhatIsLeftPlain()
    {
        Assert.Contains(Import("swin_t").Notes, note => note.Contains("12 transformer blocks", StringComparison.Ordinal));
        Assert.Contains(Import("resnet50").Notes, note => note.Contains("normalisation of 53 convolutions", StringComparison.Ordinal));
        Assert.Contains(Import("maxvit_t").Notes, note => note.Contains("conv_b.0' is outside of any block", StringComparison.Ordinal));
    }

    private static Schedule Schedule(Workload workload) => s_scheduler.Schedule(workload, new GreedySolver());

    private static DnnModel Import(string name) => OnnxFiles.Import(name, Dimensions(name));

    private static (string, long)[] Dimensions(string name) =>
        name.EndsWith("_dyn", StringComparison.Ordinal) ? [("batch", 1), ("height", 224), ("width", 224)] : [];

    private static string Short(AttentionGeometry geometry) => geometry switch
    {
        WindowAttention { Shift: 0 } window => $"W{window.Size}",
        WindowAttention window => $"W{window.Size}+{window.Shift}",
        GridAttention grid => $"G{grid.Size}",
        StripeAttention stripe => $"S{stripe.Width}",
        SpatialReductionAttention reduction => $"R{reduction.Ratio}",
        GlobalAttention { Causal: true } => "C",
        _ => "A",
    };
}
