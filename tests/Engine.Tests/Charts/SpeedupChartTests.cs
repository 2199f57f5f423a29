using System.Text.Json.Nodes;
using Allspark.Engine.Charts;
using Allspark.Engine.Experiments;
using Xunit;

namespace Engine.Tests.Charts;

public sealed class SpeedupChartTests
{
    private static readonly SpeedupChart Chart = new(
    [
        new("swin_t", "WholeBranch", 4),
        new("swin_t", "V100", 0.5),
        new("vit_b_16", "WholeBranch", 9),
        new("vit_b_16", "V100", 2),
        new("deit_s", "WholeBranch", 1),
    ]) { Note = "a caveat" };

    [Fact]
    public void ASpecificationHasItsParts()
    {
        var spec = Chart.ToVegaLite();
        Assert.Equal("https://vega.github.io/schema/vega-lite/v6.json", (string?)spec["$schema"]);
        Assert.Equal("Speed-up of Allspark", (string?)spec["title"]!["text"]);
        Assert.Equal("a caveat", (string?)spec["title"]!["subtitle"]![0]);
        Assert.Equal("log", (string?)spec["encoding"]!["y"]!["scale"]!["type"]);
        Assert.Contains("×", (string?)spec["encoding"]!["y"]!["title"], StringComparison.Ordinal);
        Assert.Equal(["bar", "rule", "text", "text"], spec["layer"]!.AsArray().Select(layer => (string?)layer!["mark"]!["type"]));
        var colors = spec["layer"]![0]!["encoding"]!["color"]!["scale"]!;
        Assert.Equal(["WholeBranch", "V100"], Texts(colors["domain"]));
        Assert.Equal(2, Texts(colors["range"]).Distinct().Count());
    }

    [Fact]
    public void ModelsStayInOrderAndTheirGeometricMeanComesLast()
    {
        var spec = Chart.ToVegaLite();
        Assert.Equal(["swin_t", "vit_b_16", "deit_s", "geometric mean"], Texts(spec["encoding"]!["x"]!["sort"]));
        var values = spec["data"]!["values"]!.AsArray();
        Assert.Equal(7, values.Count);
        double Mean(string reference) =>
            (double)values.Single(v => (string?)v!["model"] == "geometric mean" && (string?)v["reference"] == reference)!["speedup"]!;
        Assert.Equal(Math.Cbrt(4 * 9 * 1), Mean("WholeBranch"), 12);
        Assert.Equal(1, Mean("V100"), 12); // over the two that it has
        Assert.Equal("0.500×", (string?)values[1]!["label"]);
    }

    [Fact]
    public void EveryBarLiesWithinTheAxis()
    {
        foreach (var factor in (double[])[1e-3, 1, 1e4])
        {
            var chart = Chart with { Rows = [.. Chart.Rows.Select(row => row with { Speedup = row.Speedup * factor })] };
            var domain = chart.ToVegaLite()["encoding"]!["y"]!["scale"]!["domain"]!;
            Assert.All(chart.Rows, row => Assert.InRange(row.Speedup, (double)domain[0]!, (double)domain[1]!));
            Assert.InRange(1, (double)domain[0]!, (double)domain[1]!);
            Assert.NotEmpty(chart.ToVegaLite()["encoding"]!["y"]!["axis"]!["values"]!.AsArray());
        }
    }

    [Fact]
    public void AReferenceOfOneModelHasNoMean()
    {
        Assert.Single(new SpeedupChart([new("swin_t", "V100", 2)]).ToVegaLite()["data"]!["values"]!.AsArray());
        var chart = Chart with { Rows = [.. Chart.Rows, new SpeedupRow("swin_t", "A100", 3)] };
        Assert.Equal(2, chart.ToVegaLite()["data"]!["values"]!.AsArray().Count(bar => (string?)bar!["model"] == "geometric mean"));
    }

    [Fact]
    public void WhatCannotBeShownIsRefused()
    {
        SpeedupChart[] bad =
        [
            new([]),
            new([new("a", "b", 0)]),
            new([new("a", "b", -1)]),
            new([new("a", "b", double.NaN)]),
            new([new("a", "b", double.PositiveInfinity)]),
            new([new("a", "b", 1), new("a", "b", 2)]),
        ];
        Assert.All(bad, chart => Assert.Equal(ChartFailure.BadRows, Assert.Throws<ChartException>(chart.ToVegaLite).Failure));
    }

    [Fact]
    public void ComparisonsBecomeRows()
    {
        Comparison Compare(string model, string scheme, string array = "stack-8x8") => new()
        {
            Model = model, Array = array, Scheme = scheme, Reference = "V100", LatencySeconds = 1, ReferenceLatencySeconds = 3, EnergyJoules = 1,
            ReferenceEnergyJoules = 1, Caveat = "take care",
        };
        var chart = SpeedupChart.Of([Compare("a", "Allspark"), Compare("b", "Allspark")]);
        Assert.Equal([new("a", "V100", 3), new SpeedupRow("b", "V100", 3)], chart.Rows);
        Assert.Equal(("Speed-up of Allspark on stack-8x8", "take care"), (chart.Title, chart.Note));
        Assert.Equal(["a on stack-8x8", "a on stack-4x4"],
            SpeedupChart.Of([Compare("a", "Allspark"), Compare("a", "Allspark", "stack-4x4")]).Rows.Select(row => row.Model));
        Assert.Throws<ChartException>(() => SpeedupChart.Of([Compare("a", "Allspark"), Compare("a", "WholeBranch")]));
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

    private static IEnumerable<string?> Texts(JsonNode? array) => array!.AsArray().Select(item => (string?)item);
}
