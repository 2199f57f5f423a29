using System.Globalization;
using System.Runtime.InteropServices;
using System.Security;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using SkiaSharp;

namespace Allspark.Engine.Charts;

/// <summary>Draws a chart as a picture: SVG, or PNG of twice as many pixels for sharp screens and print. Equal charts give equal bytes.</summary>
internal static partial class PictureWriter
{
    /// <summary>Pixels of a PNG for each of the picture's own.</summary>
    public const int Scale = 2;

    public static byte[] Svg(ChartDescription chart) => WithNativeLibrary(() =>
    {
        var layout = PictureLayout.Of(chart);
        var svg = new StringBuilder(100_000);
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" ")
            .Append(CultureInfo.InvariantCulture, $"width=\"{layout.Width}\" height=\"{layout.Height}\" viewBox=\"0 0 {layout.Width} {layout.Height}\" role=\"img\">\n")
            .Append("<title>").Append(Escaped(chart.Title)).Append("</title>\n");
        if (chart.Notes.Count > 0)
            svg.Append("<desc>").Append(Escaped(string.Join(' ', chart.Notes))).Append("</desc>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"{layout.Width}\" height=\"{layout.Height}\" fill=\"#ffffff\"/>\n")
            .Append(Marks(layout));
        AppendTexts(svg, layout.Texts);
        return Encoding.UTF8.GetBytes(svg.Append("</svg>\n").ToString());
    });

    public static byte[] Png(ChartDescription chart) => WithNativeLibrary(() =>
    {
        var layout = PictureLayout.Of(chart);
        using var surface = SKSurface.Create(new SKImageInfo(layout.Width * Scale, layout.Height * Scale, SKColorType.Rgba8888, SKAlphaType.Opaque));
        surface.Canvas.Clear(SKColors.White);
        surface.Canvas.Scale(Scale);
        foreach (var (panel, left, top) in layout.Panels)
            MarkDrawing.Draw(surface.Canvas, panel, left, top);
        foreach (var text in layout.Texts)
            Draw(surface.Canvas, text);
        using var image = surface.Snapshot();
        using var png = image.Encode(SKEncodedImageFormat.Png, quality: 100);
        return png.ToArray();
    });

    // What Skia writes between its own opening and closing tag; it numbers what it clips to throughout a process.
    private static string Marks(PictureLayout layout)
    {
        using var stream = new MemoryStream();
        using (var canvas = SKSvgCanvas.Create(new SKRect(0, 0, layout.Width, layout.Height), stream))
        {
            foreach (var (panel, left, top) in layout.Panels)
                MarkDrawing.Draw(canvas, panel, left, top);
        }

        var svg = Encoding.UTF8.GetString(stream.ToArray());
        var begin = svg.IndexOf('>', svg.IndexOf("<svg", StringComparison.Ordinal)) + 1;
        var end = svg.LastIndexOf("</svg>", StringComparison.Ordinal);
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        return end < begin ? "" : ClipName().Replace(svg[begin..end].Replace("\t", "", StringComparison.Ordinal), name =>
        {
            numbers.TryAdd(name.Value, numbers.Count);
            return string.Create(CultureInfo.InvariantCulture, $"clip{numbers[name.Value]}");
        });
    }

    // Each letter is an outline that is given once and used wherever it stands; the text itself is a label, for readers and for a search.
    private static void AppendTexts(StringBuilder svg, IReadOnlyList<PlacedText> texts)
    {
        var outlines = new Dictionary<string, string>(StringComparer.Ordinal);
        var lines = new StringBuilder();
        foreach (var text in texts)
        {
            lines.Append(CultureInfo.InvariantCulture, $"<g aria-label=\"{Escaped(text.Text)}\" fill=\"{text.Color}\" transform=\"translate({text.X:0.##} {text.Y:0.##})")
                .Append(text.Angle == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" rotate({text.Angle})"))
                .Append(CultureInfo.InvariantCulture, $" scale({text.Size / text.Font.UnitsPerEm:0.######})\">");
            foreach (var (glyph, x) in text.Font.Lay(text.Text))
            {
                if (glyph.Outline is not { IsEmpty: false } outline)
                    continue;
                var id = string.Create(CultureInfo.InvariantCulture, $"{(text.Strong ? 's' : 'r')}{glyph.Number}");
                outlines.TryAdd(id, WholeUnits(outline.ToSvgPathData()));
                lines.Append(CultureInfo.InvariantCulture, $"<use xlink:href=\"#{id}\" x=\"{x:0}\"/>");
            }

            lines.Append("</g>\n");
        }

        svg.Append("<defs>\n");
        foreach (var (id, outline) in outlines)
            svg.Append(CultureInfo.InvariantCulture, $"<path id=\"{id}\" d=\"{outline}\"/>\n");
        svg.Append("</defs>\n").Append(lines);
    }

    private static void Draw(SKCanvas canvas, PlacedText text)
    {
        using var paint = new SKPaint { Color = SKColor.Parse(text.Color), IsAntialias = true };
        canvas.Save();
        canvas.Translate((float)text.X, (float)text.Y);
        canvas.RotateDegrees((float)text.Angle);
        canvas.Scale((float)(text.Size / text.Font.UnitsPerEm));
        foreach (var (glyph, x) in text.Font.Lay(text.Text))
        {
            if (glyph.Outline is not { } outline)
                continue;
            canvas.Save();
            canvas.Translate((float)x, 0);
            canvas.DrawPath(outline, paint);
            canvas.Restore();
        }

        canvas.Restore();
    }

    // A unit of the face is a two-hundredth of a pixel.
    private static string WholeUnits(string outline) => Fraction().Replace(
        outline, number => Math.Round(double.Parse(number.Value, CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture));

    [GeneratedRegex(@"-?\d+\.\d+", RegexOptions.None, 10_000)]
    private static partial Regex Fraction();

    [GeneratedRegex("(?<=\"|#)cl_[0-9a-f]+", RegexOptions.None, 10_000)]
    private static partial Regex ClipName();

    private static string Escaped(string text) => SecurityElement.Escape(string.Concat(text.Select(sign => XmlConvert.IsXmlChar(sign) ? sign : ' ')));

    private static byte[] WithNativeLibrary(Func<byte[]> draw)
    {
        try
        {
            return draw();
        }
        catch (Exception missing) when (missing is DllNotFoundException or TypeInitializationException { InnerException: DllNotFoundException })
        {
            throw new ChartException(
                ChartFailure.NoNativeLibrary,
                $"Pictures need SkiaSharp's native library, and there is none here for {RuntimeInformation.RuntimeIdentifier}. Write a page (.html) instead.");
        }
    }
}
