using System.Text.Json.Nodes;

namespace Allspark.Engine.Charts;

/// <summary>What all charts share: fonts, colours and the frame of a specification.</summary>
internal static class ChartTheme
{
    /// <summary>Where the specification's language is defined; a name, which no renderer here loads.</summary>
    private const string Schema = "https://vega.github.io/schema/vega-lite/v6.json";

    /// <summary>DejaVu Sans is the widest and comes with the sidecar; the others, found everywhere, fit where it fits.</summary>
    private const string Fonts = "DejaVu Sans, Verdana, Geneva, Helvetica, Arial, sans-serif";

    private const string Ink = "#222222";
    private const string Grid = "#dddddd";

    /// <summary>Colours told apart under every common colour-vision deficiency (Okabe and Ito, Color Universal Design, 2008).</summary>
    private static readonly string[] Palette =
        ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#7f7f7f"];

    /// <summary>The frame of a specification: language, title and theme.</summary>
    public static JsonObject Frame(string title, string? note) => new()
    {
        ["$schema"] = Schema,
        ["title"] = new JsonObject
        {
            ["text"] = title,
            ["subtitle"] = note is null ? null : new JsonArray([.. Wrap(note, 120)]),
            ["anchor"] = "start",
            ["offset"] = 14,
        },
        ["background"] = "white",
        ["padding"] = 12,
        ["config"] = Config(),
    };

    /// <summary>A colour scale that gives each name of <paramref name="domain"/> its own colour, over and over past the last.</summary>
    public static JsonObject Colors(IEnumerable<string> domain)
    {
        var names = domain.ToArray();
        return new JsonObject
        {
            ["domain"] = new JsonArray([.. names]),
            ["range"] = new JsonArray([.. names.Select((_, i) => Palette[i % Palette.Length])]),
        };
    }

    private static JsonObject Config() => new()
    {
        ["font"] = Fonts,
        ["title"] = new JsonObject { ["fontSize"] = 18, ["subtitleFontSize"] = 12, ["color"] = Ink, ["subtitleColor"] = "#555555", ["subtitlePadding"] = 6 },
        ["axis"] = new JsonObject
        {
            ["labelFontSize"] = 12, ["titleFontSize"] = 13, ["labelColor"] = Ink, ["titleColor"] = Ink, ["gridColor"] = Grid, ["labelLimit"] = 260,
        },
        ["legend"] = new JsonObject { ["labelFontSize"] = 12, ["titleFontSize"] = 12, ["labelColor"] = Ink, ["titleColor"] = Ink, ["labelLimit"] = 320 },
        ["text"] = new JsonObject { ["color"] = Ink },
        ["view"] = new JsonObject { ["stroke"] = null },
    };

    private static IEnumerable<string> Wrap(string text, int width)
    {
        var line = "";
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = "";
            }

            line = line.Length == 0 ? word : line + " " + word;
        }

        yield return line;
    }
}
