using System.Buffers.Binary;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Allspark.Engine.Charts;
using Allspark.Engine.Sidecar;
using Xunit;

namespace Engine.Tests.Charts;

/// <summary>Pictures need Node.js and the sidecar's packages; where they are missing, these tests fail with the remedy.</summary>
public sealed partial class ChartWriterTests : IDisposable
{
    private const string Nasty = "</script><script>alert(1)</script><!--";

    private static readonly SpeedupChart Chart = new([new("swin_t", "WholeBranch", 4), new("vit_b_16", Nasty, 0.5)]) { Title = "T <&> " + Nasty };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private string Write(string name) => ChartWriter.Write(Chart, folder.File(name), cancellation: TestContext.Current.CancellationToken);

    [Fact]
    public void JsonIsTheSpecification()
    {
        var written = JsonNode.Parse(File.ReadAllText(Write("chart.VL.JSON")));
        Assert.True(JsonNode.DeepEquals(Chart.ToVegaLite(), written));
        Assert.Equal(["chart.VL.JSON"], folder.Names());
    }

    [Fact]
    public void APageHoldsAllItNeedsAndItsDataCannotEscape()
    {
        var page = File.ReadAllText(Write("chart.html"));
        Assert.Equal(4, Regex.Count(page, "<script", RegexOptions.IgnoreCase)); // three bundles and the chart
        Assert.Equal(4, Regex.Count(page, "</script", RegexOptions.IgnoreCase));
        Assert.DoesNotContain("alert(1)</script", page, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(1, Regex.Count(page, "<!--"));
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
        Assert.Contains("University of Washington Interactive Data Lab", page, StringComparison.Ordinal);

        var outside = Script().Replace(page, ""); // what the browser itself would load
        Assert.DoesNotMatch(Loading(), outside);
        Assert.Contains("<title>T &lt;&amp;&gt; &lt;/script&gt;", outside, StringComparison.Ordinal);
        var data = Script().Matches(page)[^1].Value;
        Assert.Equal(1, Regex.Count(data, "https?://")); // the schema's name
        Assert.Contains("\\u003C/script\\u003E", data, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void APageNeedsNoNode()
    {
        using var none = new SidecarClient(folder.Path, "no-such-node");
        Assert.True(new FileInfo(ChartWriter.Write(Chart, folder.File("chart.html"), none, TestContext.Current.CancellationToken)).Length > 500_000);
    }

    [Fact]
    public void AMissingBundleIsNamedWithTheRemedy()
    {
        var missing = Assert.Throws<ChartException>(() => ChartBundle.Load(folder.Path, folder.Path));
        Assert.Equal(ChartFailure.BundleMissing, missing.Failure);
        Assert.Contains("npm ci", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheBundleIsFoundInAModuleFolderOrInTheSidecarsPackages()
    {
        var packages = ChartBundle.Load(folder.Path, SidecarFolder.Require());
        Assert.Equal(ChartBundle.Instance.Scripts, packages.Scripts);
        Directory.CreateDirectory(folder.File("charts"));
        foreach (var name in (string[])["LICENSE", "vega.min.js", "vega-lite.min.js", "vega-embed.min.js"])
            File.WriteAllText(folder.File("charts/" + name), name);
        Assert.Equal(["vega.min.js", "vega-lite.min.js", "vega-embed.min.js"], ChartBundle.Load(folder.Path, null).Scripts);
    }

    [Fact]
    public void AnSvgIsWellFormedAndShowsTheTexts()
    {
        var svg = XDocument.Load(Write("chart.svg"));
        Assert.Equal("svg", svg.Root!.Name.LocalName);
        var texts = svg.Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value).ToArray();
        Assert.Contains("swin_t", texts);
        Assert.Contains("4.00×", texts);
        Assert.Contains("0.500×", texts);
        Assert.Contains(Chart.Title, texts);
    }

    [Fact]
    public void APngHasTwiceTheSvgsSize()
    {
        var svg = XDocument.Load(Write("chart.svg")).Root!;
        var png = File.ReadAllBytes(Write("chart.png"));
        Assert.Equal("IHDR"u8.ToArray(), png[12..16]);
        Assert.Equal(ChartWriter.PictureScale * (double)svg.Attribute("width")!, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), 2.0);
        Assert.Equal(ChartWriter.PictureScale * (double)svg.Attribute("height")!, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)), 2.0);
    }

    [Fact]
    public void TheSameChartGivesTheSameBytes()
    {
        foreach (var extension in ChartWriter.Extensions)
            Assert.Equal(File.ReadAllBytes(Write("one" + extension)), File.ReadAllBytes(Write("two" + extension)));
    }

    [Theory]
    [InlineData("chart")]
    [InlineData("chart.json")]
    [InlineData("chart.pdf")]
    [InlineData("vl.json")]
    public void AnUnknownExtensionIsRefusedWithTheKnownOnes(string name)
    {
        var refused = Assert.Throws<ChartException>(() => Write(name));
        Assert.Equal(ChartFailure.UnknownFormat, refused.Failure);
        Assert.All(ChartWriter.Extensions, extension => Assert.Contains(extension, refused.Message, StringComparison.Ordinal));
        Assert.Empty(folder.Names());
    }

    [Fact]
    public void APictureWithoutNodeLeavesTheOldOne()
    {
        var path = folder.File("chart.svg");
        File.WriteAllText(path, "old");
        using var none = new SidecarClient(SidecarFolder.Require(), "no-such-node");
        var missing = Assert.Throws<SidecarException>(() => ChartWriter.Write(Chart, path, none, TestContext.Current.CancellationToken));
        Assert.Equal(SidecarFailure.NotInstalled, missing.Failure);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal(["chart.svg"], folder.Names());
    }

    [GeneratedRegex("(src|href|url|import)\\s*[=(]|@import", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Loading();

    [GeneratedRegex("<script>.*?</script>", RegexOptions.Singleline, 10_000)]
    private static partial Regex Script();
}
