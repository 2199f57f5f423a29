using System.Text.Json;
using System.Text.RegularExpressions;
using Allspark.Engine.Charts;
using Xunit;

namespace Engine.Tests.Charts;

[Trait("Speed", "Slow")]
public sealed partial class ChartWriterTests : IDisposable
{
    private const string Hostile = "</script><script>alert(1)</script><!-- {{notes}} {{script}} \"quoted\", a\nline";

    private readonly TemporaryFolder folder = new();

    private static ChartDescription Chart { get; } = SpeedupChart.Of(
        [ChartSamples.Compare("swin_t", "WholeBranch", 4) with { Caveat = Hostile }, ChartSamples.Compare(Hostile, Hostile, 0.5)]) with { Title = Hostile };

    public void Dispose() => folder.Dispose();

    private string Write(ChartDescription chart, string name) => File.ReadAllText(ChartWriter.Write(chart, folder.File(name)));

    [Fact]
    public void APageHoldsAllItNeedsAndNamesCannotEscape()
    {
        var page = Write(Chart, "chart.html");
        Assert.Equal(2, Regex.Count(page, "<script", RegexOptions.IgnoreCase)); // the library, and the chart
        Assert.Equal(2, Regex.Count(page, "</script", RegexOptions.IgnoreCase));
        Assert.Equal(1, Regex.Count(page, "<div class=\"legend\">")); // no name was taken for a place to fill
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
        Assert.Contains("Permission is hereby granted", page, StringComparison.Ordinal);
        Assert.DoesNotMatch(Loading(), Script().Replace(page, "")); // what the browser itself would load
    }

    [Fact]
    public void APageShowsEachValueWithItsUnit()
    {
        var page = Write(Chart, "chart.html");
        Assert.Contains("speed-up: 4\\u00D7\\u003Cbr\\u003Elatency: 1 ms", page, StringComparison.Ordinal);
        Assert.Contains("latency: ", Write(ChartSamples.All["pareto"], "pareto.html"), StringComparison.Ordinal);
    }

    [Fact]
    public void JsonIsTheWholeDescription()
    {
        using var json = JsonDocument.Parse(Write(Chart, "chart.JSON"));
        var root = json.RootElement;
        Assert.Equal(("Speedup", Hostile), (root.GetProperty("kind").GetString(), root.GetProperty("title").GetString()));
        var panel = root.GetProperty("panels")[0][0];
        Assert.Equal("log", panel.GetProperty("y").GetProperty("scale").GetString());
        Assert.Equal("bars", panel.GetProperty("series")[0].GetProperty("shape").GetString());
        Assert.Equal(4, panel.GetProperty("series")[0].GetProperty("marks")[0].GetProperty("y2").GetDouble());
        Assert.Equal("swin_t", root.GetProperty("table").GetProperty("rows")[0][1].GetString());
        Assert.Equal(["chart.JSON"], folder.Names());
    }

    [Fact]
    public void CsvIsTidyWithUnitsInItsHead()
    {
        var lines = Write(SpeedupChart.Of([ChartSamples.Compare("swin_t", "V100", 4), ChartSamples.Compare("a,\"b\"", "V100", 1)]), "chart.csv").Split('\n');
        Assert.Equal("array,model,reference,speed-up (×),latency (s),reference latency (s)", lines[0]);
        Assert.Equal("stack-8x8,swin_t,V100,4,0.001,0.004", lines[1]);
        Assert.StartsWith("stack-8x8,\"a,\"\"b\"\"\",V100,1,", lines[2], StringComparison.Ordinal);
        Assert.Equal("stack-8x8,geometric mean,V100,2,,", lines[3]);
    }

    [Fact]
    public void ATraceHasAThreadForEveryNodeAndLinkAndAnEventForEveryStretch()
    {
        using var trace = JsonDocument.Parse(Write(ChartSamples.All["timeline"], "t.trace.json"));
        var events = trace.RootElement.GetProperty("traceEvents").EnumerateArray().ToArray();
        var timeline = ChartSamples.Events.Timeline!;
        string? Phase(JsonElement item) => item.GetProperty("ph").GetString();
        Assert.Equal(timeline.Nodes.Count + timeline.Links.Count, events.Count(item => Phase(item) == "X"));
        Assert.Equal(timeline.Nodes.Select(item => item.Resource).Distinct().Count() + timeline.Links.Select(item => item.Resource).Distinct().Count(),
            events.Count(item => item.GetProperty("name").GetString() == "thread_name"));
        Assert.Equal((timeline.EndSeconds - timeline.StartSeconds) * 1e6,
            events.Where(item => Phase(item) == "X").Max(item => item.GetProperty("ts").GetDouble() + item.GetProperty("dur").GetDouble()), 6);
        Assert.Contains(events, item => Phase(item) == "M" && item.GetProperty("args").GetProperty("name").GetString() == "nodes");
    }

    [Theory]
    [InlineData("chart")]
    [InlineData("chart.pdf")]
    [InlineData("chart.vl.json.txt")]
    [InlineData("chart.trace.json")] // of a timeline alone
    public void AnUnknownExtensionIsRefusedWithTheKnownOnes(string name)
    {
        var refused = Assert.Throws<ChartException>(() => ChartWriter.Write(Chart, folder.File(name)));
        Assert.Equal(ChartFailure.UnknownFormat, refused.Failure);
        Assert.All(ChartWriter.Extensions("Speedup"), extension => Assert.Contains(extension, refused.Message, StringComparison.Ordinal));
        Assert.Empty(folder.Names());
    }

    [Fact]
    public void NothingHalfWrittenIsLeft()
    {
        var path = folder.File("chart.svg");
        File.WriteAllText(path, "old");
        var broken = Chart with { Panels = [] };
        Assert.ThrowsAny<Exception>(() => ChartWriter.Write(broken, path));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal(["chart.svg"], folder.Names());
    }

    [GeneratedRegex("(src|href|url|import)\\s*[=(]|@import", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Loading();

    [GeneratedRegex("<script>.*?</script>", RegexOptions.Singleline, 10_000)]
    private static partial Regex Script();
}
