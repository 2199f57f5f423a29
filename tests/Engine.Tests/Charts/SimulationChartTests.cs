using Allspark.Engine.Charts;
using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Scheduling;
using Allspark.Engine.Simulation;
using Xunit;

namespace Engine.Tests.Charts;

public sealed class SimulationChartTests
{
    private static readonly Measurement s_measurement = Measure();

    [Fact]
    public void ATimelineShowsNodesAboveLinksWithinTheBlock()
    {
        var chart = TimelineChart.Of(s_measurement);
        var panels = chart.ToVegaLite()["vconcat"]!.AsArray();

        Assert.Equal(["node", "link"], panels.Select(panel => (string?)panel!["encoding"]!["y"]!["title"]));
        Assert.Equal(16, chart.Bars.Where(bar => !bar.OnLink).Select(bar => bar.Lane).Distinct().Count());
        Assert.Equal(["compute Attention", "compute FeedForward"], chart.Bars.Where(bar => !bar.OnLink).Select(bar => bar.Work).Distinct().Order());
        Assert.Equal(0, chart.Bars.Min(bar => bar.StartSeconds), 1e-5);
        Assert.Equal("time (µs)", (string?)panels[1]!["encoding"]!["x"]!["title"]);
    }

    [Fact]
    public void ATimelineNeedsABlock() =>
        Assert.Contains("block", Assert.Throws<ChartException>(() => TimelineChart.Of(s_measurement with { Timeline = null })).Message);

    [Fact]
    public void AHeatMapShowsEveryNodeAndLinkOnce()
    {
        var chart = HeatmapChart.Of(s_measurement);
        var layers = chart.ToVegaLite()["layer"]!.AsArray();

        Assert.Equal(s_measurement.LinkBytes.Sum(), chart.Links.Sum(link => link.Bytes), 1e-3);
        Assert.Equal(s_measurement.Array.Interconnect.LinkCount, layers[0]!["data"]!["values"]!.AsArray().Count);
        Assert.Equal(s_measurement.Array.NodeCount, layers[1]!["data"]!["values"]!.AsArray().Count);
        Assert.All(chart.Nodes, node => Assert.InRange(node.Load, 0.1, 1));
    }

    [Fact]
    public void NoPhaseIsAboveTheRoofs()
    {
        var chart = RooflineChart.Of(s_measurement);

        Assert.NotEmpty(chart.Points);
        Assert.All(chart.Points, point => Assert.InRange(point.MacsPerSecond, 0, Math.Min(chart.PeakMacsPerSecond, point.MacsPerByte * chart.BytesPerSecond)));
        Assert.Equal(3, chart.ToVegaLite()["layer"]!.AsArray().Count);
    }

    private static Measurement Measure()
    {
        var scheduler = new Scheduler();
        var workload = Partitioner.Split(ModelCatalog.Get("swin_t"), ArrayCatalog.Get("stack-4x4"));
        return EventSimulator.Measure(scheduler.Schedule(workload, new ExactSolver()), scheduler.Machine(workload), "stages.0.blocks.1");
    }
}
