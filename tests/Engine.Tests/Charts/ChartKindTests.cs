using Allspark.Engine.Charts;
using Allspark.Engine.Experiments;
using Allspark.Engine.Hardware;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Simulation;
using Xunit;

namespace Engine.Tests.Charts;

/// <summary>What each kind of chart says.</summary>
[Trait("Speed", "Slow")]
public sealed class ChartKindTests
{
    [Fact]
    public void SpeedupHasAGroupAModelAndThenTheirGeometricMean()
    {
        var chart = SpeedupChart.Of(
        [
            ChartSamples.Compare("swin_t", "WholeBranch", 4), ChartSamples.Compare("swin_t", "V100", 0.5), ChartSamples.Compare("vit_b_16", "WholeBranch", 9),
            ChartSamples.Compare("vit_b_16", "V100", 2), ChartSamples.Compare("deit_s", "WholeBranch", 1) with { Caveat = "take care" },
        ]);
        var panel = Assert.Single(Assert.Single(chart.Panels));
        Assert.Equal(["swin_t", "vit_b_16", "deit_s", "geometric mean"], panel.X.Ticks.Select(tick => tick.Label));
        Assert.Equal(("Speed-up of Allspark on stack-8x8", "take care"), (chart.Title, Assert.Single(chart.Notes)));
        Assert.Equal("speed-up of Allspark (×), log scale", panel.Y.Caption);
        double Mean(string reference) => panel.Series.Single(series => series.Name == reference).Marks.Single(mark => (int)Math.Round(mark.X) == 3).Y2;
        Assert.Equal(Math.Cbrt(4 * 9 * 1), Mean("WholeBranch"), 12);
        Assert.Equal(1, Mean("V100"), 12); // over the two that it has
        Assert.Contains(panel.Labels, label => label is { Text: "0.500×", Below: true });
        Assert.All(panel.Series.Where(series => series.Shape == ChartShape.Bars).SelectMany(series => series.Marks), mark => Assert.Equal(1, mark.Y));
    }

    [Fact]
    public void SpeedupOfOneModelHasNoMeanAndSeveralArraysHaveAPanelEach()
    {
        Assert.Single(SpeedupChart.Of([ChartSamples.Compare("a", "V100", 2)]).Panels[0][0].X.Ticks);
        var chart = SpeedupChart.Of([ChartSamples.Compare("a", "V100", 2), ChartSamples.Compare("a", "V100", 30, "stack-4x4")]);
        Assert.Equal(["stack-8x8", "stack-4x4"], chart.Panels.Select(row => row.Single().Title));
        Assert.Single(chart.Panels.Select(row => (row[0].Y.Low, row[0].Y.High)).Distinct()); // one scale
    }

    [Fact]
    public void SpeedupRefusesWhatCannotBeShown()
    {
        var good = ChartSamples.Compare("a", "b", 2);
        Comparison[][] bad =
        [
            [], [ChartSamples.Compare("a", "b", 0)], [ChartSamples.Compare("a", "b", -1)], [ChartSamples.Compare("a", "b", double.NaN)],
            [ChartSamples.Compare("a", "b", double.PositiveInfinity)], [good, good], [good, good with { Scheme = "WholeBranch" }],
            [.. Enumerable.Range(0, 100_000).Select(i => ChartSamples.Compare($"m{i}", "b", 2))],
            [.. Enumerable.Range(0, 30).Select(i => ChartSamples.Compare("a", $"r{i}", 2))],
        ];
        Assert.All(bad, rows => AssertOneLine(Assert.Throws<ChartException>(() => SpeedupChart.Of(rows)), ChartFailure.BadRows));
    }

    [Fact]
    public void BreakdownStacksThePartsOfEachBarToItsTotal()
    {
        var results = new[] { ChartSamples.Measure("swin_t", "stack-8x8", PartitionScheme.Allspark), ChartSamples.Measure("swin_t", "stack-8x8", PartitionScheme.TensorParallel) };
        var chart = BreakdownChart.Of(results.Select(ResultPoint.Of));
        Assert.Equal(["latency (ms)", "energy (mJ)"], chart.Panels.Select(row => Assert.Single(row).Y.Caption));
        foreach (var (bar, result) in results.Index())
        {
            double Top(int row) => chart.Panels[row][0].Series.Max(series => series.Marks[bar].Y2);
            Assert.Equal(result.LatencySeconds * 1e3, Top(0), 6);
            Assert.Equal(result.EnergyJoules * 1e3, Top(1), 6);
        }

        Assert.Equal("latency", chart.Panels[0][0].Series[0].Group);
        Assert.Equal(ChartPalette.Of(ChartRole.Compute).Color, chart.Panels[0][0].Series[0].Style.Color);
        Assert.Equal(chart.Panels[1][0].Series.Single(series => series.Name == "NoC").Style.Color, chart.Panels[0][0].Series[1].Style.Color);
    }

    [Fact]
    public void BreakdownPanelsShareAScaleOrSayThatTheyDoNot()
    {
        ChartDescription Chart(double largest) => BreakdownChart.Of(
            [ChartSamples.Result("a", "x", "Allspark", 1e-3, 1), ChartSamples.Result("b", "x", "Allspark", 2e-3, largest)]);
        var alike = Chart(5);
        Assert.Empty(alike.Notes);
        Assert.All(alike.Panels, row => Assert.Equal(row[0].Y.High, row[1].Y.High));
        Assert.Contains("energy differ too much", Assert.Single(Chart(50).Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void BreakdownRefusesWhatCannotBeShown()
    {
        var good = ChartSamples.Result("a", "x", "Allspark", 1, 1);
        ResultPoint[][] bad =
        [
            [], [good, good], [ChartSamples.Result("a", "x", "Allspark", double.NaN, 1)], [ChartSamples.Result("a", "x", "Allspark", 1, double.PositiveInfinity)],
            [.. Enumerable.Range(0, 100_000).Select(i => ChartSamples.Result($"m{i}", "x", "Allspark", 1, 1))],
        ];
        Assert.All(bad, rows => AssertOneLine(Assert.Throws<ChartException>(() => BreakdownChart.Of(rows)), ChartFailure.BadRows));
        Assert.Single(BreakdownChart.Of([ChartSamples.Result("a", "x", "Allspark", 0, 0)]).Panels[0]); // all zero is zero
    }

    [Fact]
    public void ATimelineShowsNodesOfAllRowsAndColumnsAboveTheBusiestLinks()
    {
        var chart = ChartSamples.All["timeline"];
        Assert.Equal(["node", "link"], chart.Panels.Select(row => row.Single().Y.Title));
        var nodes = chart.Panels[0][0];
        Assert.Equal(16, nodes.Y.Ticks.Count);
        Assert.Equal(["Attention", "FeedForward"], nodes.Series.Select(series => series.Name));
        Assert.Equal(0, chart.Table.Rows.Min(row => row[TimelineChart.StartColumn].Number));
        Assert.Equal("time (µs)", chart.Panels[1][0].X.Caption);
        var timeline = ChartSamples.Events.Timeline!;
        Assert.Equal(timeline.Nodes.Count + timeline.Links.Count, chart.Table.Rows.Count);

        var large = TimelineChart.Of(ChartSamples.Measure("deit_ti", "stack-8x8", PartitionScheme.Allspark, "stages.0.blocks.0")).Panels[0][0];
        Assert.Equal(4, large.Y.Ticks.Select(tick => tick.Label.Split(',')[0]).Distinct().Count());
        Assert.Equal(4, large.Y.Ticks.Select(tick => tick.Label.Split(',')[1]).Distinct().Count());
    }

    [Fact]
    public void AKindOfPhaseHasOneColourInTimelineAndRoofline()
    {
        IEnumerable<(string, string)> Colors(string sample) => ChartSamples.All[sample].Panels[0][0].Series.Where(series => series.Style.Role != ChartRole.Limit)
            .Select(series => (series.Name, series.Style.Color));
        Assert.Subset(Colors("roofline").ToHashSet(), Colors("timeline").ToHashSet());
    }

    [Fact]
    public void ATimelineNeedsABlock() => AssertOneLine(
        Assert.Throws<ChartException>(() => TimelineChart.Of(ChartSamples.Events with { Timeline = null })), ChartFailure.BadRows);

    [Fact]
    public void ALargeArraysHeatMapShowsMeansOfSquares()
    {
        var panel = ChartSamples.All["heatmap, large"].Panels[0][0];
        var cells = Assert.Single(panel.Series).Marks;
        Assert.Equal(34 * 34, cells.Count); // squares of three nodes a side, the last of one
        Assert.Equal(10_000 + (4 * 100 * 99), ChartSamples.All["heatmap, large"].Table.Rows.Count);
        var loads = ChartSamples.All["heatmap"].Panels[0][0].Series[1].Marks.Select(mark => mark.Value);
        Assert.All(loads, load => Assert.InRange(load, 10, 100));
    }

    [Fact]
    public void ATorusLinkThatClosesARingIsDrawnAtBothEnds()
    {
        var array = ArrayCatalog.Get("stack-4x4");
        var torus = array with { InterconnectSpec = array.InterconnectSpec with { Topology = Topology.Torus } };
        var links = HeatmapChart.Of(ChartSamples.Measure("deit_ti", torus, PartitionScheme.Allspark)).Panels[0][0].Series[0];
        Assert.Equal(torus.Interconnect.LinkCount + 16, links.Marks.Count); // two ways around four rows and four columns
        Assert.All(links.Marks, mark => Assert.InRange(Math.Max(mark.X2, mark.Y2), -0.5, 3.5));
    }

    [Fact]
    public void NoPhaseIsAboveTheRoofs()
    {
        var array = ChartSamples.Events.Array;
        var chart = ChartSamples.All["roofline"];
        Assert.NotEmpty(chart.Table.Rows);
        Assert.All(chart.Table.Rows, row => Assert.InRange(
            row[3].Number, 0, Math.Min(array.PeakMacsPerSecond, row[2].Number * array.NodeCount * array.Node.StreamingBandwidthBytesPerSecond)));
        Assert.Contains(chart.Panels[0][0].Series, series => series.Name.StartsWith("memory, ", StringComparison.Ordinal));
    }

    [Fact]
    public void ScalingTakesTheMemoryOrTheNumberOfNodesWhicheverDiffers()
    {
        ResultPoint At(double bytes, double nodes) => ChartSamples.Result("a", "x", "Allspark", 1e-3, 1, (MetricName.NodeMemoryBytes, bytes), (MetricName.NodeCount, nodes));
        Assert.Equal("node memory", ScalingChart.Of([At(1 << 20, 4), At(2 << 20, 4)]).Panels[0][0].X.Title);
        Assert.Equal("node count", ScalingChart.Of([At(1 << 20, 4), At(1 << 20, 8)]).Panels[0][0].X.Title);
        foreach (var points in (ResultPoint[][])[[At(1, 4), At(1, 4)], [At(1, 4), At(2, 8)]])
        {
            var refused = Assert.Throws<ChartException>(() => ScalingChart.Of(points));
            Assert.Contains("-X", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void ScalingIsOfAnyParameterOrMetric()
    {
        var array = ArrayCatalog.Get("stack-4x4");
        var points = ((double[])[5e9, 10e9, 12.5e9]).Select(bandwidth => ResultPoint.Of(ChartSamples.Measure(
            "deit_ti", array with { Node = array.Node with { MemoryBandwidthBytesPerSecond = bandwidth } }, PartitionScheme.Allspark))).ToArray();
        var panel = ScalingChart.Of(points, "NODE.bandwidth", "EnergyJoules", ["Precision"]).Panels[0][0];
        Assert.Equal("node.bandwidth (GB/s)", panel.X.Caption);
        Assert.Equal(["5", "10", "12.5"], panel.X.Ticks.Select(tick => tick.Label)); // ticks at what was measured
        Assert.Equal("energy (mJ)", panel.Y.Caption);
        Assert.Equal("Fp16", Assert.Single(panel.Series).Name);
        Assert.Equal(points.Select(point => point.EnergyJoules * 1e3), panel.Series[0].Marks.Select(mark => mark.Y));

        var unknown = Assert.Throws<ChartException>(() => ScalingChart.Of(points, "bandwith"));
        AssertOneLine(unknown, ChartFailure.UnknownFigure);
        Assert.All((string[])["LatencySeconds", "node.bandwidth", "Objective", "interconnect.link"], name => Assert.Contains(name, unknown.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void EveryNameThatIsCompletedIsKnown()
    {
        var point = ResultPoint.Of(ChartSamples.Events);
        Assert.All(ResultFigure.Names, name => Assert.NotNull(point.Figure(name)));
        Assert.Equal(ResultFigure.Names.Order(StringComparer.Ordinal), point.Figures.Select(figure => figure.Name).Order(StringComparer.Ordinal));
        Assert.Equal(10e9, point.Figure("node.bandwidth")!.Number);
        Assert.Equal("B/s", point.Figure("node.bandwidth")!.Unit);
        Assert.Equal(0.7e-12, point.Figure("energy.hop")!.Number!.Value, 1e-20);
    }

    [Fact]
    public void ScalingNamesWhatElseDiffers()
    {
        ResultPoint At(double batch, string scheme) => ChartSamples.Result("a", "x", scheme, batch * scheme.Length, 1, (MetricName.Batch, batch));
        ResultPoint[] points = [At(1, "Allspark"), At(2, "Allspark"), At(1, "WholeBranch"), At(2, "WholeBranch")];
        Assert.Equal(2, ScalingChart.Of(points, "Batch").Panels[0][0].Series.Count);
        var refused = Assert.Throws<ChartException>(() => ScalingChart.Of(points, "Batch", series: ["Model"]));
        AssertOneLine(refused, ChartFailure.BadRows);
        Assert.Contains("They differ in Scheme", refused.Message, StringComparison.Ordinal);
        Assert.Throws<ChartException>(() => ScalingChart.Of([At(double.NaN, "Allspark")], "Batch"));
        Assert.Throws<ChartException>(() => ScalingChart.Of(points, "Batch", "Scheme")); // a text is no height
        Assert.Throws<ChartException>(() => ScalingChart.Of([], "Batch"));
        Assert.Throws<ChartException>(() => ScalingChart.Of(Enumerable.Range(0, 1000).Select(i => At(1, $"s{i}")), "Scheme"));
    }

    [Fact]
    public void AParetoFrontIsOfWhatIsShownAndOfOneArray()
    {
        ResultPoint At(string array, double seconds, double joules) => ChartSamples.Result("a", array, "Allspark", seconds, joules);
        var chart = ParetoChart.Of([At("x", 3, 1), At("x", 1, 3), At("x", 2, 2), At("x", 2.5, 2.5), At("x", 4, 1), At("y", 2.6, 2.6)]);
        var fronts = chart.Panels[0][0].Series.Where(series => series.Shape == ChartShape.Curve).ToArray();
        Assert.Equal(["a on x", "a on y"], fronts.Select(front => front.Name));
        Assert.Equal([1, 2, 3], fronts[0].Marks.Select(mark => mark.X));
        Assert.Single(fronts[1].Marks); // dominated by another array's only
        var pale = chart.Panels[0][0].Series.Single(series => series.Shape == ChartShape.Points);
        Assert.Equal([2.5, 4], pale.Marks.Select(mark => mark.X));
        Assert.Equal(["yes", "yes", "yes", "no", "no", "yes"], chart.Table.Rows.Select(row => row[^1].Text));
        Assert.Throws<ChartException>(() => ParetoChart.Of([]));
        Assert.Throws<ChartException>(() => ParetoChart.Of([At("x", double.NaN, 1)]));
    }

    [Fact]
    public void OfManyPointsThoseThatLieOnOthersAreLeftOut()
    {
        var all = ChartSamples.All["pareto, many points"];
        var drawn = ChartThinning.Drawn(all);
        Assert.InRange(drawn.Panels[0][0].Series.Sum(series => series.Marks.Count), 1000, 4000);
        Assert.Contains("of 100000 points are drawn", drawn.Notes[^1], StringComparison.Ordinal);
        Assert.Equal(100_000, drawn.Table.Rows.Count);
        Assert.Equal(ChartSamples.All["pareto"].Panels[0], ChartThinning.Drawn(ChartSamples.All["pareto"]).Panels[0]);
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1, "1.00")]
    [InlineData(9.996, "10.0")]
    [InlineData(9.994, "9.99")]
    [InlineData(0.52, "0.520")]
    [InlineData(0.05234, "0.0523")]
    [InlineData(99.96, "100")]
    [InlineData(12345.6, "12346")]
    [InlineData(1e7, "1.00E+7")]
    public void NumbersHaveThreeDigits(double value, string text) => Assert.Equal(text, Quantity.ThreeDigits(value));

    [Theory]
    [InlineData(-0.0, "0")]
    [InlineData(0.1 + 0.2, "0.3")]
    [InlineData(1.0 / 3, "0.33333")]
    [InlineData(2000, "2000")]
    [InlineData(2e7, "2E+7")]
    public void TicksAreShort(double value, string text) => Assert.Equal(text, Quantity.Plain(value));

    [Theory]
    [InlineData(0.0042, "s", "4.20 ms")]
    [InlineData(10e9, "B/s", "10 GB/s")]
    [InlineData(134217728, "B", "128 MiB")]
    [InlineData(1000, "B", "1 kB")]
    [InlineData(4, "", "4")]
    [InlineData(2.5, "×", "2.50×")]
    [InlineData(0.7e-12, "J/bit", "700 fJ/bit")]
    public void ValuesHaveTheirUnits(double value, string unit, string text) => Assert.Equal(text, Quantity.Text(value, unit));

    private static void AssertOneLine(ChartException refused, ChartFailure failure)
    {
        Assert.Equal(failure, refused.Failure);
        Assert.DoesNotContain('\n', refused.Message);
        Assert.EndsWith(".", refused.Message, StringComparison.Ordinal);
    }
}
