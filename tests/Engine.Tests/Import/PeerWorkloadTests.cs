using System.Globalization;
using Allspark.Engine.Hardware;
using Allspark.Engine.Import;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Scheduling;
using Allspark.Engine.Simulation;
using Allspark.Engine.Specifications;
using Allspark.Engine.Verification;
using Xunit;

namespace Engine.Tests.Import;

[Trait("Speed", "Slow")]
public sealed class PeerWorkloadTests
{
    private const string Convolutions = "Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,\n";
    private const string Products = "Layer, M, N, K,\n";

    public static TheoryData<string> Files => ["alexnet.csv", "encoder.csv", "small_cnn.csv", "resnet_stage.yaml", "attention.yaml", "conv_v3.yaml", "conv_v4.yaml"];

    [Fact]
    public void ReportsAreThoseOfScaleSim()
    {
        var model = Read("small_cnn.csv");
        var report = File.ReadAllLines(Data("small_cnn_report.csv"))[1..];
        var products = LayerProducts.Of(model).ToList();
        Assert.Equal(5, products.Count);
        Assert.All(products.Zip(report), pair =>
        {
            var cells = pair.Second.Split(',');
            var numbers = cells[1..].Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray();
            Assert.Equal(cells[0], pair.First.Layer);
            var ours = new SystolicReport(pair.First.Gemm, Dataflow.WeightStationary, 4, 4);
            Assert.Equal(numbers[0], ours.Cycles);
            Assert.Equal(numbers[1], ours.OverallUtilization * 100, 9);
            Assert.Equal(numbers[2], ours.MappingEfficiency * 100, 9);
            Assert.Equal(numbers[3], ours.ComputeUtilization * 100, 9);
            Assert.Equal((numbers[4], numbers[5], numbers[6]), (ours.InputReads, ours.FilterReads, ours.OutputWrites));
        });
    }

    // The published 61.1 M parameters and 1.135 G MACs of AlexNet without groups, less the biases (10568).
    [Fact]
    public void AlexNetIsReadWhole()
    {
        var model = Read("alexnet.csv");
        Assert.Equal(62_367_776, model.Parameters);
        Assert.Equal(1_135_256_096, model.Macs);
        Assert.Equal("alexnet", model.Name);
        var layers = model.Layers.OfType<ProjectionLayer>().ToList();
        // 55×55 to 27×27 is pooling that overlaps, which no file of this kind tells; 13×13 to 6×6 too.
        Assert.Equal(["55×55", "27×27", "13×13", "13×13", "13×13", "1×1", "1×1", "1×1"], layers.Select(layer => layer.OutputGrid.ToString()));
        Assert.Contains(model.Notes, note => note.Contains("sparsity of 1 layers", StringComparison.Ordinal));
        Assert.Contains(model.Notes, note => note.Contains("'Target'", StringComparison.Ordinal));
        Assert.Contains(model.Notes, note => note.Contains("AlexNet (no grouping)", StringComparison.Ordinal));
        Assert.Contains(model.Notes, note => note.Contains("'conv2' reads 31×31", StringComparison.Ordinal));
        Assert.DoesNotContain(model.Notes, note => note.Contains("'conv4'", StringComparison.Ordinal));
    }

    [Fact]
    public void HeadsAreProductsOfActivations()
    {
        var model = Read("encoder.csv");
        Assert.Equal(4L * 768 * 768 + 2L * 768 * 3072, model.Parameters);
        var scores = Assert.IsType<ProductLayer>(model.Layers[3]);
        Assert.Equal((12, 128, 64, 128), (scores.Groups, scores.Rows, scores.ReductionLength, scores.OutputChannels));
        Assert.Equal(model.Parameters * 128 + 2L * 12 * 128 * 128 * 64, model.Macs);
        Assert.Contains(model.Notes, note => note.Contains("sparsity of 1 layers", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("dwDP1, 16, 16, 3, 3, 32, 1, 1,", 32, 14 * 14, 9, 1)]
    [InlineData("c, 224, 224, 7, 7, 3, 64, 2,", 1, 110 * 110, 147, 64)]
    [InlineData("c, 8, 8, 3, 3, 4, 5, 1", 1, 36, 36, 5)]
    [InlineData("c , 9,7 , 3,3,4,5,2,2:4,", 1, 4 * 3, 36, 5)]
    public void ConvolutionsAreTheProductsOfScaleSim(string row, int count, int m, int k, int n)
    {
        var product = Assert.Single(LayerProducts.Of(ReadText(Convolutions + row, "x.csv")));
        Assert.Equal((count, new Gemm(m, k, n)), (product.Count, product.Gemm));
    }

    [Fact]
    public void ResNetInZigZagHasTheLayersOfThePreset()
    {
        var (model, preset) = (Read("resnet_stage.yaml"), ModelCatalog.Get("resnet18"));
        var layers = model.Layers.Cast<ProjectionLayer>().ToList();
        ProjectionLayer Of(string name) => (ProjectionLayer)preset.Layers.First(layer => layer.Name == name);
        Assert.Equal(["conv1", "stage1.0.a", "stage1.0.b", "stage2.0.a", "stage2.0.b", "stage2.0.short", "fc"], layers.Select(layer => layer.Name));
        foreach (var (own, other) in new[] { (layers[0], Of("stem")), (layers[1], Of("stages.0.blocks.0.0")), (layers[3], Of("stages.1.blocks.0.0")) })
        {
            Assert.Equal((other.ComputedTokens, other.ReductionLength, other.OutputChannels, other.OutputGrid, other.PooledBy),
                (own.ComputedTokens, own.ReductionLength, own.OutputChannels, own.OutputGrid, own.PooledBy));
            Assert.Equal(other.CarriedChannels, own.CarriedChannels);
            Assert.Equal(other.Convolution, own.Convolution);
        }

        Assert.True(layers[^1].PoolsAll);
        Assert.Equal(Precision.Int8, model.Precision);
        Assert.Contains(model.Notes, note => note.Contains("2 Add", StringComparison.Ordinal) && note.Contains("1 MaxPool", StringComparison.Ordinal));
        Assert.Contains(model.Notes, note => note.StartsWith("'stage2.0.short' reads layer 4", StringComparison.Ordinal));
    }

    [Fact]
    public void StreamWorkloadsHaveBatchesHeadsAndProductsOfActivations()
    {
        var model = Read("attention.yaml");
        Assert.Equal(2, model.Batch);
        Assert.Equal(Precision.Fp16, model.Precision);
        var products = LayerProducts.Of(model).ToList();
        Assert.Equal((1, new Gemm(128, 128, 128)), (products[0].Count, products[0].Gemm));
        Assert.Equal((8, new Gemm(64, 32, 64)), (products[2].Count, products[2].Gemm));
        Assert.Contains(model.Notes, note => note.Contains("'comment'", StringComparison.Ordinal));
    }

    [Fact]
    public void BothVersionsOfTimeloopAreTheSameLayer()
    {
        var (old, current) = (Read("conv_v3.yaml"), Read("conv_v4.yaml"));
        Assert.Equal(old.Layers[0] with { }, ((ProjectionLayer)current.Layers[0]) with { Name = "conv_v3" });
        Assert.Equal(4, current.Batch);
        Assert.Equal(64L * 128 * 9 * 28 * 28, current.Macs);
        var layer = (ProjectionLayer)current.Layers[0];
        Assert.Equal((57, 57, 64), (current.InputHeight, current.InputWidth, current.InputChannels));
        Assert.Equal(new ConvolutionShape(3, 2, 1), layer.Convolution);
        Assert.Contains(current.Notes, note => note.Contains("Densities", StringComparison.Ordinal));
        Assert.Contains(current.Notes, note => note.Contains("variables", StringComparison.Ordinal));
    }

    [Fact]
    public void TimeloopsOwnShapeIsKnownByName()
    {
        var model = ReadText("problem: {shape: cnn-layer, C: 3, K: 64, R: 7, S: 7, P: 112, Q: 112, N: 1, Wstride: 2, Hstride: 2, Wdilation: 1, Hdilation: 1}", "c.yaml");
        Assert.Equal(new Gemm(112 * 112, 147, 64), Assert.Single(LayerProducts.Of(model)).Gemm);
        var gemm = ReadText(
            "problem: {instance: {M: 512, N: 256, K: 1024}, shape: {name: gemm, dimensions: [M, N, K], data-spaces: ["
            + "{name: A, projection: [[[M]], [[K]]]}, {name: B, projection: [[[N]], [[K]]]}, {name: Z, projection: [[[M]], [[N]]], read-write: true}]}}", "g.yaml");
        Assert.Equal((1, new Gemm(512, 1024, 256)), (gemm.Batch, Assert.Single(LayerProducts.Of(gemm)).Gemm));
    }

    /// <summary>The sentence from the file to the measurement, and the file to YAML and back.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void EveryFileIsScheduledAndMeasured(string file)
    {
        var model = Read(file);
        Assert.Equal(model.ContentHash, ModelYaml.Read(ModelYaml.Write(model)).ContentHash);
        Assert.Equal(model.Macs * model.Batch, LayerProducts.Of(model).Sum(product => product.Macs));
        var workload = Partitioner.Split(model, ArrayCatalog.Get("stack-8x8"));
        Assert.Equal(model.Macs * model.Batch, workload.Phases.Sum(phase => phase.Macs));
        var scheduler = new Scheduler();
        var schedule = scheduler.Schedule(workload, new ExactSolver());
        Assert.Empty(LegalityChecker.Check(schedule).Findings);
        var measured = AnalyticSimulator.Measure(schedule, scheduler.Machine(workload));
        Assert.True(measured.LatencySeconds >= measured.Bounds.ComputeSeconds && measured.EnergyJoules > 0);
    }

    [Theory]
    [InlineData("c, 8, 8, 3, 3, 0, 5, 1,", 2, "0 is out of bounds. Allowed: 1 to 67108864.")]
    [InlineData("c, 8, 8, 3, 3, -4, 5, 1,", 2, "-4 is out of bounds")]
    [InlineData("c, 8, 8, 3, 3, 4.5, 5, 1,", 2, "'4.5' is not a whole number")]
    [InlineData("c, 8, 8, 3, 3, 99999999999999999999, 5, 1,", 2, "is not a whole number")]
    [InlineData("a, 8, 8, 3, 3, 4, 5, 1,\n\nc, 8, 8, 3, 3, 4,", 4, "the row has 5 values behind the name. Needed: 7, IFMAP Height")]
    [InlineData("c, 8, 8, 9, 3, 4, 5, 1,", 2, "a filter of 9×3 is larger than its input of 8×8")]
    [InlineData("c, 60000, 60000, 1, 1, 4, 5, 1,", 2, "has 60000×60000 tokens. Allowed: 1 to 67108864.")]
    [InlineData("c, 1000, 1000, 1000, 1000, 67108864, 5, 1,", 2, "channels. Allowed: up to 16777216")]
    [InlineData("c, 1000, 1000, 1000, 1000, 16777216, 5, 1,", 2, "reduction length). Allowed: up to 2147483647")]
    [InlineData("only a title,", 1, "has no matrix product")]
    public void BadConvolutionsAreRefusedWithTheirLine(string rows, int line, string problem) => Refused(Convolutions + rows, "x.csv", line, problem);

    [Theory]
    [InlineData("", "x.csv", 1, "is empty")]
    [InlineData("Conv1, 8, 8, 3, 3, 4, 5, 1,\n", "x.csv", 1, "is no topology of SCALE-Sim")]
    [InlineData("Layer, M, K, N,\na, 1, 2, 3,\n", "x.csv", 1, "in this order")]
    [InlineData("LayerID, Total Cycles, Stall Cycles,\n0, 1, 2,\n", "x.csv", 1, "is no topology of SCALE-Sim")]
    [InlineData("Layer, M, N, K,\na, 1, 2,\n", "x.csv", 2, "Needed: 3, M, N, K")]
    [InlineData("Layer, M, N, K,\na, 1, 2, 3, 0,\n", "x.csv", 2, "0 is out of bounds")]
    [InlineData("- {core_allocation: [1], spatial_mapping: {}}", "x.yaml", 1, "is a mapping of ZigZag or Stream, no network")]
    [InlineData("name: a\nmemories: {}\noperational_array: {}", "x.yaml", 1, "New-PimArray -Path reads it")]
    [InlineData("architecture: {version: 0.4}", "x.yaml", 1, "is an architecture of Timeloop")]
    [InlineData("problem:\n  shape: deconv\n", "x.yaml", 2, "Known by name: cnn-layer")]
    [InlineData("{{include_text('base.yaml')}}\nproblem: {}", "x.yaml", 1, "is a template")]
    [InlineData("problem: {shape: cnn-layer, C: 3}", "x.yaml", 1, "the size of the dimension R is missing")]
    [InlineData("problem: {shape: cnn-layer, R: 0}", "x.yaml", 1, "0 is out of bounds")]
    [InlineData("problem:\n  shape:\n    dimensions: [A]\n    data_spaces: [{name: X, projection: [[[B]]]}]", "x.yaml", 4, "'B' is not a known dimension")]
    [InlineData("problem:\n  shape:\n    dimensions: [A]\n    data_spaces: [{name: X, projection: [[[A]]]}]", "x.yaml", 4, "A matrix product has two and one")]
    public void WhatIsNoWorkloadIsSaidToBeSo(string text, string file, int line, string problem) => Refused(text, file, line, problem);

    [Theory]
    [InlineData("loop_sizes: [1, 64, 3, 112, 112, 7, 7]", "loop_sizes: [1, 64, 3, 112, 112, 7]", "has 6 sizes for 7 loops")]
    [InlineData("loop_sizes: [1, 64, 3, 112, 112, 7, 7]", "loop_sizes: [1, 64, 3, 112, 112, 7, -7]", "-7 is out of bounds")]
    [InlineData("loop_sizes: [1, 64, 3, 112, 112, 7, 7]", "loop_sizes: [1, 64, 3, 2147483647, 2147483647, 2147483647, 7]", "tokens. Allowed: 1 to 67108864")]
    [InlineData("loop_dims: [B, K, C, OY, OX, FY, FX]", "loop_dims: [B, K, C, OY, OX, FY, K]", "names a loop twice")]
    [InlineData("loop_dims: [B, K, C, OY, OX, FY, FX]", "loop_dims: [B, K, C, OY, OX, FY, Z]", "the index fx of W is no loop")]
    [InlineData("dimension_relations: [ix=2*ox+1*fx, iy=2*oy+1*fy]", "dimension_relations: [ix=2*ox*fx]", "is no sum of two loops")]
    [InlineData("dimension_relations: [ix=2*ox+1*fx, iy=2*oy+1*fy]", "dimension_relations: [ix=2*ox+1*fx]", "the index iy of I is no loop")]
    [InlineData("O[b][k][oy][ox]+=W[k][c][fy][fx]*I[b][c][iy][ix]", "O = W * I", "is no equation of three arrays")]
    [InlineData("operand_source: {I: 0, W: 0}", "operand_source: {I: 7, W: 0}", "7 is the id of no layer before this one")]
    [InlineData("- id: 4", "- id: 3", "3 is the id of an earlier layer too")]
    [InlineData("operator_type: Conv\n", "operator_kind: Conv\n", "has no operator_type")]
    public void BadLayersAreRefused(string right, string wrong, string problem)
    {
        var text = File.ReadAllText(Data("resnet_stage.yaml"));
        var place = text.IndexOf(right, StringComparison.Ordinal);
        var changed = string.Concat(text.AsSpan(0, place), wrong, text.AsSpan(place + right.Length));
        var error = Assert.Throws<SpecificationException>(() => ReadText(changed, "x.yaml"));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.InRange(error.Line, 1, 150);
    }

    // A hundred thousand aliases of one list of aliases must cost no more than the file has values.
    [Fact]
    public void AliasesAreNotMultipliedOut()
    {
        var text = "a: &a [x, x, x, x, x, x, x, x]\n" + string.Concat(Enumerable.Range(0, 20).Select(i =>
            $"b{i}: &b{i} [{string.Join(", ", Enumerable.Repeat(i == 0 ? "*a" : $"*b{i - 1}", 8))}]\n")) + "problem: {shape: *b19}";
        Assert.Throws<SpecificationException>(() => ReadText(text, "x.yaml"));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void DamageIsRefusedOrReadButNeverCrashes(string file)
    {
        var text = File.ReadAllText(Data(file));
        var random = new Random(7);
        var refused = 0;
        for (var trial = 0; trial < 300; trial++)
        {
            var letters = text.ToCharArray();
            for (var change = 0; change < 3; change++)
                letters[random.Next(letters.Length)] = "0-9:,[]{}x#\n*&é"[random.Next(15)];
            try
            {
                var model = ReadText(new string(letters), file);
                Assert.True(model.Macs > 0 && model.Layers.Count > 0);
            }
            catch (SpecificationException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1, 300);
    }

    private static void Refused(string text, string file, int line, string problem)
    {
        var error = Assert.Throws<SpecificationException>(() => ReadText(text, file));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Equal(line, error.Line);
    }

    private static string Data(string file) => Path.Combine(AppContext.BaseDirectory, "Data", "peers", file);

    private static DnnModel Read(string file) => ModelImport.Read(Data(file));

    private static DnnModel ReadText(string text, string file)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File(file);
        File.WriteAllText(path, text);
        return ModelImport.Read(path);
    }
}
