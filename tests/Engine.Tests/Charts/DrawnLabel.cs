using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Allspark.Engine.Charts;

namespace Engine.Tests.Charts;

/// <summary>A text of a drawn SVG and the corners of the space that its letters take, read back from the file.</summary>
internal sealed partial record DrawnLabel(string Text, (double X, double Y)[] Corners)
{
    private const double Tolerance = 0.6;

    public static DrawnLabel[] Of(XDocument svg) => [.. svg.Descendants()
        .Where(element => element.Name.LocalName == "g" && element.Attribute("aria-label") is not null).Select(Read)];

    /// <summary>Whether no line lies between two convex shapes (separating axes).</summary>
    public bool Overlaps(DrawnLabel other) => !Separated(Corners, other.Corners) && !Separated(other.Corners, Corners);

    private static bool Separated((double X, double Y)[] one, (double X, double Y)[] other)
    {
        for (var i = 0; i < one.Length; i++)
        {
            var (a, b) = (one[i], one[(i + 1) % one.Length]);
            var length = Math.Sqrt(Math.Pow(b.X - a.X, 2) + Math.Pow(b.Y - a.Y, 2));
            if (length == 0)
                continue;
            double Across((double X, double Y) point) => ((point.X * (b.Y - a.Y)) - (point.Y * (b.X - a.X))) / length;
            if (one.Max(Across) - Tolerance <= other.Min(Across) || other.Max(Across) - Tolerance <= one.Min(Across))
                return true;
        }

        return false;
    }

    private static DrawnLabel Read(XElement group)
    {
        var text = group.Attribute("aria-label")!.Value;
        var transform = Transform().Match(group.Attribute("transform")!.Value);
        double Value(string name) => transform.Groups[name].Success ? double.Parse(transform.Groups[name].Value, CultureInfo.InvariantCulture) : 0;
        var strong = group.Elements().FirstOrDefault()?.Attributes().First(attribute => attribute.Name.LocalName == "href").Value.StartsWith("#s", StringComparison.Ordinal) ?? false;
        var font = strong ? ChartFont.Strong : ChartFont.Regular;
        var placed = new PlacedText(text, Value("x"), Value("y"), Value("scale") * font.UnitsPerEm, strong, Value("angle"), "#000000");
        return new DrawnLabel(text, placed.Corners);
    }

    [GeneratedRegex(@"^translate\((?<x>[-\d.]+) (?<y>[-\d.]+)\)( rotate\((?<angle>[-\d.]+)\))? scale\((?<scale>[\d.]+)\)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Transform();
}
