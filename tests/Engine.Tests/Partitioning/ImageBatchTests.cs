using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Placement;
using Allspark.Engine.Scheduling;
using Allspark.Engine.Simulation;
using Allspark.Engine.Verification;
using Xunit;

namespace Engine.Tests.Partitioning;

[Trait("Speed", "Slow")]
public sealed class ImageBatchTests
{
    private static readonly PimArray s_array = ArrayCatalog.Get("stack-8x8");

    [Theory]
    [InlineData("swin_t")]
    [InlineData("cswin_t")]
    [InlineData("vit_ti_16")]
    [InlineData("twins_svt_s")]
    [InlineData("maxvit_t")]
    [InlineData("resnet18")]
    [InlineData("densenet121")]
    public void ABatchIsScheduledLegallyAndBothFidelitiesAgree(string name)
    {
        var model = ModelCatalog.Get(name) with { Batch = 4 };
        var workload = Partitioner.Split(model, s_array);
        Assert.Equal(4 * model.Macs, workload.Phases.Sum(phase => phase.Macs));
        Assert.Equal(model.Parameters, workload.Phases.Sum(phase => phase.WeightElements + phase.ReplicatedElements));

        var scheduler = new Scheduler();
        var schedule = scheduler.Schedule(workload, new GreedySolver());
        Assert.Empty(LegalityChecker.Check(schedule).Findings);
        var measured = AnalyticSimulator.Measure(schedule, scheduler.Machine(workload));
        var events = EventSimulator.Measure(schedule, scheduler.Machine(workload));
        Assert.InRange(events.LatencySeconds / measured.LatencySeconds, 0.9, 1.1);

        // Four at once take longer than one, and not four times as long: weights are fetched once.
        var one = Partitioner.Split(ModelCatalog.Get(name), s_array);
        var single = AnalyticSimulator.Measure(scheduler.Schedule(one, new GreedySolver()), scheduler.Machine(one));
        Assert.InRange(measured.LatencySeconds / single.LatencySeconds, 1.5, 4);
        Assert.InRange(measured.InferencesPerSecond / single.InferencesPerSecond, 1, 3);
        Assert.InRange(measured.Efficiency, single.Efficiency * 0.95, 1);
    }

    // Two images of 4×4 tokens and a class token each: the second's rows are below the first's, extra tokens at the end.
    [Fact]
    public void ImagesFollowOneAnotherInTheOrder()
    {
        var one = TokenOrder.Of(new TokenGrid(4, 4, 1), new GlobalAttention());
        var two = TokenOrder.Of(ImageBatch.Stack(new TokenGrid(4, 4, 1), 2), new ImageBatch(new GlobalAttention(), 2));
        Assert.Equal((2, 17, 34), (two.Windows, two.WindowTokens, two.Rank.Count));
        Assert.Equal(Enumerable.Range(0, 34), two.Rank.Order());
        Assert.Equal((1, one.Position[3], 17 + one.Rank[3]), (two.Window[16 + 3], two.Position[16 + 3], two.Rank[16 + 3]));
        Assert.Equal((1, one.Position[16], 17 + one.Rank[16]), (two.Window[33], two.Position[33], two.Rank[33]));
    }

    [Fact]
    public void StripesOfOneOrientationStayTogether()
    {
        var (grid, batch) = (ImageBatch.Stack(new TokenGrid(4, 4, 0), 3), new ImageBatch(new StripeAttention(2), 3));
        var order = TokenOrder.Of(grid, batch);
        Assert.Equal(12, order.Windows);
        Assert.Equal([0, 1, 2, 3, 4, 5], order.Window.Distinct().Order());
        Assert.Equal([6, 7, 8, 9, 10, 11], order.Crossing!.Window.Distinct().Order());
        Assert.Equal((2 + 1, 6 + 2 + 0), (order.Window[16 + 8], order.Crossing.Window[16 + 8]));
    }

    // Patches of the last row of one image do not reach into the next.
    [Fact]
    public void ConvolutionsReadNoOtherImage()
    {
        var workload = Partitioner.Split(ModelCatalog.Get("resnet18") with { Batch = 2 }, s_array);
        var phase = workload.Phases.Single(phase => phase.Block == "stages.3.blocks.1.0");
        Assert.Equal((2, 14, 98), (phase.Images, phase.InputGrid.Height, phase.Tokens));
        var flows = new TokenFlows(s_array);
        var tiling = Tiling.Rectangle(s_array, 1, 1);
        var outputs = flows.Places(phase, tiling).OutputNodes;
        var expected = new HashSet<(int, int)>();
        for (var token = 0; token < 98; token++)
        {
            for (var near = 0; near < 98; near++)
            {
                var (row, column, image) = (token / 7 % 7, token % 7, token / 49);
                if (near / 49 == image && Math.Abs(near / 7 % 7 - row) <= 1 && Math.Abs(near % 7 - column) <= 1 && outputs[near] != outputs[token])
                    expected.Add((near, outputs[token]));
            }
        }

        var (tokens, nodes) = flows.Places(phase, tiling).Neighbours;
        Assert.Equal(expected.Order(), tokens.Zip(nodes).Order());
    }

    [Fact]
    public void ABatchOfAnotherSizeIsAnotherContent()
    {
        var model = ModelCatalog.Get("swin_t");
        Assert.NotEqual(model.ContentHash, (model with { Batch = 2 }).ContentHash);
        Assert.Equal(model with { Batch = 2 }, ModelYaml.Read(ModelYaml.Write(model with { Batch = 2 })));
    }
}
