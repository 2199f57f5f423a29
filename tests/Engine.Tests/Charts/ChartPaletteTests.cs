using Allspark.Engine.Charts;
using Xunit;

namespace Engine.Tests.Charts;

/// <summary>
/// Colours as people with each deficiency of colour vision see them (Viénot, Brettel and Mollon, Color Research and Application 24(4), 1999,
/// for red and green; Brettel, Viénot and Mollon, JOSA A 14(10), 1997, in its one-plane form for blue), compared in CIELAB.
/// </summary>
public sealed class ChartPaletteTests
{
    /// <summary>A difference of 2.3 is just noticeable; areas of colour that are looked up in a legend need several times that.</summary>
    private const double LeastDifference = 10;

    private static readonly Dictionary<string, double[]> Visions = new(StringComparer.Ordinal)
    {
        ["normal"] = [1, 0, 0, 0, 1, 0, 0, 0, 1],
        ["no red cones"] = [0.11238, 0.88762, 0, 0.11238, 0.88762, 0, 0.00401, -0.00401, 1],
        ["no green cones"] = [0.29275, 0.70725, 0, 0.29275, 0.70725, 0, -0.02234, 0.02234, 1],
        ["no blue cones"] = [1, 0.14461, -0.14461, 0, 0.85924, 0.14076, 0, 0.85924, 0.14076],
    };

    public static TheoryData<string> AllVisions => [.. Visions.Keys];

    [Theory]
    [MemberData(nameof(AllVisions))]
    public void ColoursThatStandTogetherAreToldApart(string vision)
    {
        ChartRole[][] together =
        [
            [ChartRole.Compute, ChartRole.Vector, ChartRole.Sram, ChartRole.Dram, ChartRole.Noc, ChartRole.OffStack, ChartRole.Static],
            [ChartRole.Compute, ChartRole.Noc, ChartRole.Moves],
            [ChartRole.Attention, ChartRole.FeedForward, ChartRole.Projection, ChartRole.Limit],
            [ChartRole.Noc, ChartRole.Dram, ChartRole.Moves],
        ];
        foreach (var roles in together)
            AssertApart(roles.Select(role => ChartPalette.Of(role).Color), vision);
        AssertApart(Enumerable.Range(0, 7).Select(place => ChartPalette.OfSeries(place).Color), vision);
    }

    [Fact]
    public void SeriesOfEqualHueDifferInMarkerOrDash()
    {
        var styles = Enumerable.Range(0, ChartPalette.MostSeries).Select(ChartPalette.OfSeries).ToArray();
        Assert.Equal(styles.Length, styles.Select(style => style.Color).Distinct().Count());
        Assert.Equal(styles.Length, styles.Select((style, place) => (place % 7, style.Marker, style.Dash)).Distinct().Count());
        Assert.Equal(ChartFailure.BadRows, Assert.Throws<ChartException>(() => ChartPalette.OfSeries(ChartPalette.MostSeries)).Failure);
    }

    [Fact]
    public void ARoleHasOneColour()
    {
        var roles = Enum.GetValues<ChartRole>().Where(role => role != ChartRole.Series).ToArray();
        Assert.Equal(roles.Length, roles.Select(role => ChartPalette.Of(role).Color).Distinct().Count());
        Assert.Throws<ArgumentOutOfRangeException>(() => ChartPalette.Of(ChartRole.Series));
    }

    [Fact]
    public void ScalesGrowDarkerEvenWithoutHue()
    {
        foreach (var stops in (IReadOnlyList<string>[])[ChartPalette.ComputeScale, ChartPalette.NocScale])
        {
            var scale = new ChartColorScale("", 0, 1, stops);
            var lightness = Enumerable.Range(0, 21).Select(i => Lab(scale.ColorOf(i / 20.0), "normal").L).ToArray();
            Assert.All(lightness.Zip(lightness.Skip(1)), pair => Assert.True(pair.First > pair.Second));
        }
    }

    private static void AssertApart(IEnumerable<string> colors, string vision)
    {
        string[] all = [.. colors];
        foreach (var (one, other) in all.Index().SelectMany(one => all.Skip(one.Index + 1).Select(other => (one.Item, other))))
        {
            var (a, b) = (Lab(one, vision), Lab(other, vision));
            var difference = Math.Sqrt(Math.Pow(a.L - b.L, 2) + Math.Pow(a.A - b.A, 2) + Math.Pow(a.B - b.B, 2));
            Assert.True(difference >= LeastDifference, $"{one} and {other} differ by {difference:F1} with {vision}");
        }
    }

    private static (double L, double A, double B) Lab(string color, string vision)
    {
        double[] linear = [.. Enumerable.Range(0, 3).Select(i => Linear(Convert.ToInt32(color.Substring(1 + (2 * i), 2), 16) / 255.0))];
        var seen = Times(Visions[vision], linear).Select(channel => Math.Clamp(channel, 0, 1)).ToArray();
        // sRGB to CIE XYZ relative to the white point D65 (IEC 61966-2-1).
        var xyz = Times([0.4124, 0.3576, 0.1805, 0.2126, 0.7152, 0.0722, 0.0193, 0.1192, 0.9505], seen);
        double[] f = [.. xyz.Zip((double[])[0.9505, 1, 1.089], (value, white) => Root(value / white))];
        return ((116 * f[1]) - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2]));
    }

    private static double Linear(double value) => value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);

    private static double Root(double value) => value > 216.0 / 24389 ? Math.Cbrt(value) : ((24389.0 / 27 * value) + 16) / 116;

    private static double[] Times(double[] matrix, double[] vector) =>
        [.. Enumerable.Range(0, 3).Select(row => Enumerable.Range(0, 3).Sum(column => matrix[(3 * row) + column] * vector[column]))];
}
