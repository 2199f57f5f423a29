using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using SkiaSharp;

namespace Allspark.Engine.Charts;

/// <summary>
/// A face of the typeface that comes with the engine: every machine measures and draws the same letters, whatever fonts it has. Texts
/// are drawn as outlines, so that a picture needs no font where it is looked at either.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "There are two, and they live as long as the process.")]
internal sealed class ChartFont
{
    /// <summary>What stands for a character that the face lacks.</summary>
    public const char Missing = '□';

    private const string Ellipsis = "…";

    private static readonly Lazy<ChartFont> LazyRegular = new(() => new ChartFont("Inter-Regular.ttf"));
    private static readonly Lazy<ChartFont> LazyStrong = new(() => new ChartFont("Inter-SemiBold.ttf"));

    private readonly SKFont font;
    private readonly ConcurrentDictionary<int, Glyph> glyphs = new();

    private ChartFont(string file)
    {
        using var resource = typeof(ChartFont).Assembly.GetManifestResourceStream($"Allspark.Engine.Charts.{file}")!;
        using var data = SKData.Create(resource);
        var face = SKTypeface.FromData(data);
        UnitsPerEm = face.UnitsPerEm;
        font = new SKFont(face, UnitsPerEm) { Hinting = SKFontHinting.None, Subpixel = true, LinearMetrics = true };
        Ascent = -font.Metrics.Ascent / UnitsPerEm;
        Descent = font.Metrics.Descent / UnitsPerEm;
    }

    public static ChartFont Regular => LazyRegular.Value;

    public static ChartFont Strong => LazyStrong.Value;

    /// <summary>Units of outlines and advances in the height of a line.</summary>
    public int UnitsPerEm { get; }

    /// <summary>How far letters reach above their line, as a share of the size.</summary>
    public double Ascent { get; }

    /// <summary>How far letters reach below their line, as a share of the size.</summary>
    public double Descent { get; }

    /// <summary>A text as it is drawn: composed, in one line, with a sign in place of each character that the face lacks.</summary>
    public string Drawable(string text)
    {
        var drawn = new StringBuilder(text.Length);
        foreach (var rune in WellFormed(text).Normalize(NormalizationForm.FormC).EnumerateRunes())
        {
            drawn.Append(Rune.GetUnicodeCategory(rune) switch
            {
                UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => " ",
                UnicodeCategory.Format => "", // nothing to see
                UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark when Of(rune).Number == 0 => "", // its letter has the sign
                _ when Of(rune).Number == 0 => Missing.ToString(),
                _ => rune.ToString(),
            });
        }

        return drawn.ToString();
    }

    /// <summary>The width of a drawable text.</summary>
    public double Measure(string text, double size) => text.EnumerateRunes().Sum(rune => Of(rune).Advance) * size / UnitsPerEm;

    /// <summary>The text, or as much of it as fits, with an ellipsis.</summary>
    public string Fit(string text, double size, double width)
    {
        if (Measure(text, size) <= width)
            return text;
        var room = width - Measure(Ellipsis, size);
        var kept = new StringBuilder();
        for (var elements = StringInfo.GetTextElementEnumerator(text); elements.MoveNext();)
        {
            var element = elements.GetTextElement();
            room -= Measure(element, size);
            if (room < 0)
                break;
            kept.Append(element);
        }

        return kept.ToString().TrimEnd() + Ellipsis;
    }

    /// <summary>The text in lines, broken between words; what does not fit into the last line, or is too long a word, ends in an ellipsis.</summary>
    public IReadOnlyList<string> Wrap(string text, double size, double width, int mostLines)
    {
        var lines = new List<string>();
        var line = "";
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < words.Length; i++)
        {
            var longer = line.Length == 0 ? words[i] : line + " " + words[i];
            if (line.Length == 0 || Measure(longer, size) <= width)
            {
                line = longer;
                continue;
            }

            if (lines.Count == mostLines - 1)
            {
                line = string.Join(' ', [line, .. words[i..]]);
                break;
            }

            lines.Add(line);
            line = words[i];
        }

        if (line.Length > 0)
            lines.Add(line);
        return [.. lines.Select(whole => Fit(whole, size, width))];
    }

    /// <summary>The glyphs of a drawable text and where each begins, in units of the face.</summary>
    public IEnumerable<(Glyph Glyph, double X)> Lay(string text)
    {
        var x = 0.0;
        foreach (var rune in text.EnumerateRunes())
        {
            var glyph = Of(rune);
            yield return (glyph, x);
            x += glyph.Advance;
        }
    }

    // A lone half of a surrogate pair, which no file could hold, becomes the sign for that.
    private static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private Glyph Of(Rune rune) => glyphs.GetOrAdd(rune.Value, value =>
    {
        lock (font) // a font's own caches are not made for several threads
        {
            var number = font.GetGlyph(value);
            return new Glyph(number, font.GetGlyphWidths([number])[0], font.GetGlyphPath(number));
        }
    });

    /// <summary>A letter's number in the face, its advance and its outline, in units of the face.</summary>
    [StructLayout(LayoutKind.Auto)]
    public readonly record struct Glyph(ushort Number, double Advance, SKPath? Outline);
}
