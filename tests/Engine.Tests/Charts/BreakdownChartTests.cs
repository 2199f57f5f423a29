using Allspark.Engine.Charts;
using Xunit;

namespace Engine.Tests.Charts;

public sealed class BreakdownChartTests
{
    private static readonly BreakdownRow[] Rows =
    [
        .. from model in (string[])["swin_t", "vit_b_16"]
           from scheme in (string[])["Allspark", "WholeBranch"]
           from part in ((BreakdownQuantity, string, double)[])
           [
               (BreakdownQuantity.Energy, "MAC", 2e-3), (BreakdownQuantity.Energy, "NoC", 1e-3),
               (BreakdownQuantity.Latency, "compute", 3e-4), (BreakdownQuantity.Latency, "exposed", 2e-4),
           ]
           select new BreakdownRow(part.Item1, model, scheme, part.Item2, part.Item3),
    ];

    [Fact]
    public void LatencyThenEnergyWithAPanelPerModelAndUnitsOnTheAxes()
    {
        var rows = new BreakdownChart(Rows).ToVegaLite()["vconcat"]!.AsArray();
        Assert.Equal(2, rows.Count);
        var latency = rows[0]!["concat"]!.AsArray();
        Assert.Equal(["swin_t", "vit_b_16"], latency.Select(panel => (string?)panel!["title"]!["text"]));
        string? AxisTitle(int row) => (string?)rows[row]!["concat"]![0]!["layer"]![0]!["encoding"]!["y"]!["title"];
        Assert.Equal("latency (µs)", AxisTitle(0));
        Assert.Equal("energy (mJ)", AxisTitle(1));
        Assert.Equal(4, latency[0]!["data"]!["values"]!.AsArray().Count);
        Assert.Equal(300, (double)latency[0]!["data"]!["values"]![0]!["value"]!, 9);
    }

    [Fact]
    public void OneQuantityAloneIsOneRow() =>
        Assert.Single(new BreakdownChart([.. Rows.Where(row => row.Quantity is BreakdownQuantity.Energy)]).ToVegaLite()["vconcat"]!.AsArray());

    [Fact]
    public void AllZeroIsShownAsZero() =>
        Assert.Single(new BreakdownChart([new(BreakdownQuantity.Energy, "a", "b", "c", 0)]).ToVegaLite()["vconcat"]!.AsArray());

    [Fact]
    public void WhatCannotBeShownIsRefused()
    {
        BreakdownChart[] bad = [new([]), new([Rows[0] with { Value = -1 }]), new([Rows[0] with { Value = double.NaN }]), new([Rows[0], Rows[0]])];
        Assert.All(bad, chart => Assert.Equal(ChartFailure.BadRows, Assert.Throws<ChartException>(chart.ToVegaLite).Failure));
    }
}
