using System.Buffers.Binary;
using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Allspark.Engine.Charts;
using Xunit;

namespace Engine.Tests.Charts;

/// <summary>What is drawn, measured in the drawn file.</summary>
[Trait("Speed", "Slow")]
public sealed class PictureTests
{
    public static TheoryData<string> Samples => [.. ChartSamples.Names];

    [Theory]
    [MemberData(nameof(Samples))]
    public void NoTwoLabelsOverlapAndAllLieInThePicture(string sample)
    {
        var svg = Draw(sample);
        var labels = DrawnLabel.Of(svg);
        Assert.True(labels.Length > 8, "a chart has labels");
        var (width, height) = Size(svg);
        Assert.All(labels.SelectMany(label => label.Corners), corner =>
        {
            Assert.InRange(corner.X, -0.5, width + 0.5);
            Assert.InRange(corner.Y, -0.5, height + 0.5);
        });
        var overlapping = from one in labels.Index()
                          from other in labels.Skip(one.Index + 1)
                          where one.Item.Overlaps(other)
                          select $"'{one.Item.Text}' lies on '{other.Text}'";
        Assert.Empty(overlapping);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void TitleAxesAndLegendAreWritten(string sample)
    {
        var chart = ChartThinning.Drawn(ChartSamples.All[sample]);
        var written = DrawnLabel.Of(Draw(sample)).Select(label => label.Text).ToHashSet(StringComparer.Ordinal);
        Assert.Contains(written, text => ChartFont.Regular.Drawable(chart.Title).StartsWith(text, StringComparison.Ordinal));
        foreach (var panel in chart.Panels.SelectMany(row => row))
            Assert.All(((string[])[panel.X.Caption, panel.Y.Caption]).Where(caption => caption.Length > 0), caption => Assert.Contains(caption, written));
        foreach (var series in LegendLayout.Entries(chart))
        {
            var name = ChartFont.Regular.Drawable(series.Name);
            Assert.Contains(written, text => text == name || (text.EndsWith('…') && name.StartsWith(text[..^1], StringComparison.Ordinal)));
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void PicturesOfAPageAreOfAPagesSize(string sample)
    {
        var (width, height) = Size(Draw(sample));
        Assert.InRange(width, 400, 1300);
        Assert.InRange(height, 200, 3000);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void AllThatIsWrittenIsTheSameEachTimeAndOfBoundedSize(string sample)
    {
        var chart = ChartSamples.All[sample];
        using var folder = new TemporaryFolder();
        foreach (var (extension, most) in ((string, int)[])[(".svg", 700_000), (".png", 1_500_000), (".html", 2_500_000)])
        {
            var one = File.ReadAllBytes(ChartWriter.Write(chart, folder.File("one" + extension)));
            Assert.Equal(one, File.ReadAllBytes(ChartWriter.Write(chart, folder.File("two" + extension))));
            Assert.InRange(one.Length, 1000, most);
        }

        foreach (var extension in (string[])[".json", ".csv"])
        {
            Assert.Equal(
                File.ReadAllBytes(ChartWriter.Write(chart, folder.File("one" + extension))), File.ReadAllBytes(ChartWriter.Write(chart, folder.File("two" + extension))));
        }
    }

    [Fact]
    public void TheMeasureOfOverlapSeesOne()
    {
        DrawnLabel Box(double x, double y, double angle) => new("text", PlacedText.At("text", x, y, 0, 0, 12, angle).Corners);
        Assert.True(Box(0, 0, 0).Overlaps(Box(20, 3, 0)));
        Assert.False(Box(0, 0, 0).Overlaps(Box(30, 0, 0)));
        Assert.True(Box(0, 0, -90).Overlaps(Box(-5, -10, 0)));
        Assert.False(Box(0, 0, -40).Overlaps(Box(20, 0, -40))); // their upright boxes do
    }

    [Fact]
    public void APngHasTwiceThePixels()
    {
        var (width, height) = Size(Draw("speedup, one reference"));
        var png = PictureWriter.Png(ChartSamples.All["speedup, one reference"]);
        Assert.Equal(PictureWriter.Scale * width, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)));
        Assert.Equal(PictureWriter.Scale * height, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)));
    }

    [Fact]
    public void EveryBarIsDrawnOnceAndAsLongAsItsValue()
    {
        var chart = ChartSamples.All["speedup, one reference"];
        var bars = Rectangles(Draw("speedup, one reference"), "#0072B2").Where(bar => bar.Width > 15).ToArray(); // the legend's sample is narrower
        var speedups = chart.Panels[0][0].Series[0].Marks.Select(mark => mark.Y2).ToArray();
        Assert.Equal(speedups.Length, bars.Length);
        var perLogarithm = bars.Zip(speedups, (bar, speedup) => bar.Height / Math.Abs(Math.Log10(speedup))).ToArray();
        Assert.All(perLogarithm, height => Assert.Equal(perLogarithm[0], height, perLogarithm[0] * 0.02));
    }

    [Fact]
    public void StackedBarsEndWhereTheNextBegins()
    {
        var svg = Draw("breakdown, one model");
        var mac = Rectangles(svg, "#E69F00").Where(bar => bar.Width > 15).ToArray(); // DRAM
        var noc = Rectangles(svg, "#D55E00").Where(bar => bar.Width > 15 && mac.Any(other => Math.Abs(other.X - bar.X) < 0.1)).ToArray();
        Assert.Equal(3, mac.Length);
        Assert.All(mac, bar => Assert.Contains(noc, next => Math.Abs(next.X - bar.X) < 0.1 && Math.Abs(next.Y + next.Height - bar.Y) < 0.1));
    }

    [Fact]
    public void EveryNodeAndLinkOfAHeatMapIsDrawn()
    {
        var array = ChartSamples.Events.Array;
        var squares = Draw("heatmap").Descendants().Where(element => element.Name.LocalName == "g" && element.Attribute("clip-path") is not null)
            .SelectMany(group => group.Elements()).Count(element => element.Name.LocalName == "rect");
        Assert.Equal(array.NodeCount + array.Interconnect.LinkCount + (2 * 32), squares); // two scales of 32 steps in the legend
    }

    [Fact]
    public void BrokenLinesAreDrawnInPieces()
    {
        var strokes = Draw("roofline").Descendants().Count(element => element.Name.LocalName == "path" && (string?)element.Attribute("stroke") == "#222");
        Assert.True(strokes > 10, $"{strokes} strokes: the memory's roof is dashed");
    }

    [Fact]
    public void WhatTheTypefaceLacksHasASignAndANoteSaysSo()
    {
        var texts = DrawnLabel.Of(Draw("speedup, long names")).Select(label => label.Text).ToArray();
        Assert.Contains(texts, text => text.StartsWith("□ stands for a character", StringComparison.Ordinal));
        Assert.Contains(texts, text => text.Contains("модель □□□□□ very_long", StringComparison.Ordinal));
        Assert.DoesNotContain(DrawnLabel.Of(Draw("timeline")), label => label.Text.Contains('□', StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a\u0001b\nc", "a b c")]
    [InlineData("e\u0301", "é")]
    [InlineData("µ × → (0, 1) ≥ Ω", "µ × → (0, 1) ≥ Ω")]
    [InlineData("中", "□")]
    [InlineData("a\u200bb", "ab")]
    public void TextsAreMadeDrawable(string text, string drawn) => Assert.Equal(drawn, ChartFont.Regular.Drawable(text));

    [Fact]
    public void HalfACharacterIsMadeDrawable() => Assert.Equal("□x", ChartFont.Regular.Drawable("\ud800x"));

    [Fact]
    public void LinesAreBrokenAndCutToTheirWidth()
    {
        var font = ChartFont.Regular;
        var lines = font.Wrap("one two three four five sixsixsixsixsixsixsixsixsix", 12, 70, 3);
        Assert.Equal(3, lines.Count);
        Assert.All(lines, line => Assert.InRange(font.Measure(line, 12), 1, 70));
        Assert.EndsWith("…", lines[^1], StringComparison.Ordinal);
        Assert.Equal("short", font.Fit("short", 12, 100));
    }

    private static XDocument Draw(string sample) =>
        XDocument.Parse(System.Text.Encoding.UTF8.GetString(PictureWriter.Svg(ChartThinning.Drawn(ChartSamples.All[sample]))));

    private static (int Width, int Height) Size(XDocument svg) => ((int)svg.Root!.Attribute("width")!, (int)svg.Root.Attribute("height")!);

    private static IEnumerable<(double X, double Y, double Width, double Height)> Rectangles(XDocument svg, string color) =>
        from element in svg.Descendants()
        where element.Name.LocalName == "rect" && (string?)element.Attribute("fill") == color
        select ((double)element.Attribute("x")!, (double)element.Attribute("y")!, (double)element.Attribute("width")!, (double)element.Attribute("height")!);
}
