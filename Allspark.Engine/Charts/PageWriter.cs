using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Allspark.Engine.Charts;

/// <summary>
/// Writes a chart as one HTML file that opens without a network: the marks as data, plotly.js and the few lines that join the two.
/// </summary>
internal static class PageWriter
{
    private const int LongestTick = 28;

    private static readonly Lazy<(string Page, string Plotly, string Script)> Parts =
        new(() => (Resource("page.html"), $"/*\n{Resource("plotly.txt")}*/\n{Resource("plotly.js")}", Resource("page.js")));

    public static byte[] Page(ChartDescription chart)
    {
        var (page, plotly, script) = Parts.Value;
        var filled = new StringBuilder(page, page.Length + plotly.Length + 100_000)
            .Replace("{{title}}", Html(chart.Title))
            .Replace("{{notes}}", string.Concat(chart.Notes.Select(note => $"<p>{Html(note)}</p>\n")))
            .ToString();
        var places = filled.Split("{{script}}");
        return Encoding.UTF8.GetBytes(string.Concat(
            places[0], InScript(plotly), places[1], $"const chart = {Data(chart).ToJsonString()};\n", script, places[2]));
    }

    /// <summary>Within a script only an end tag or a comment's opening is taken for markup; in JavaScript both stand within texts.</summary>
    private static string InScript(string script) => script
        .Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase).Replace("<!--", "<\\!--", StringComparison.Ordinal);

    // Braces too, so that no text is taken for a place to fill.
    private static string Html(string text) => WebUtility.HtmlEncode(text).Replace("{", "&#123;", StringComparison.Ordinal);

    private static string Resource(string name)
    {
        using var stream = typeof(PageWriter).Assembly.GetManifestResourceStream($"Allspark.Engine.Charts.{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static JsonObject Data(ChartDescription chart) => new()
    {
        ["legend"] = new JsonArray([.. LegendLayout.Entries(chart).Select(series => new JsonObject
        {
            ["group"] = series.Group, ["name"] = series.Name, ["shape"] = Name(series.Shape), ["color"] = series.Style.Color,
            ["marker"] = Name(series.Style.Marker), ["dash"] = Name(series.Style.Dash),
        })]),
        ["scales"] = new JsonArray([.. chart.Panels.SelectMany(row => row).SelectMany(panel => panel.Series).Select(series => series.Scale)
            .OfType<ChartColorScale>().Distinct().Select(scale => new JsonObject
            {
                ["title"] = scale.Title, ["low"] = Quantity.Plain(scale.Low), ["high"] = Quantity.ThreeDigits(scale.High), ["stops"] = Array(scale.Stops),
            })]),
        ["panels"] = new JsonArray([.. chart.Panels.Select(row => new JsonArray([.. row.Select(panel => Panel(chart.Table, panel))]))]),
    };

    private static JsonObject Panel(ChartTable table, ChartPanel panel) => new()
    {
        ["title"] = panel.Title,
        ["width"] = panel.Width,
        ["height"] = panel.Height,
        ["x"] = Axis(panel.X),
        ["y"] = Axis(panel.Y),
        ["series"] = new JsonArray([.. panel.Series.Select(series => Series(table, series))]),
        ["labels"] = new JsonArray([.. panel.Labels.Select(label => new JsonObject
        {
            ["x"] = label.X, ["y"] = label.Y, ["text"] = label.Text, ["slot"] = label.Slot, ["below"] = label.Below,
            ["of"] = label.Of.Length == 0 ? null : panel.Series.Where(series => series.Name == label.Of).Select(Key).FirstOrDefault(),
        })]),
    };

    /// <summary>What the legend hides at once.</summary>
    private static string Key(ChartSeries series) => $"{series.Group}\n{series.Name}";

    private static JsonObject Axis(ChartAxis axis) => new()
    {
        ["title"] = Escaped(axis.Caption),
        ["scale"] = Name(axis.Scale),
        ["low"] = axis.Low,
        ["high"] = axis.High,
        ["positions"] = Array(axis.Ticks.Select(tick => tick.Position)),
        ["labels"] = Array(axis.Ticks.Select(tick => Escaped(tick.Label.Length > LongestTick ? tick.Label[..LongestTick] + "…" : tick.Label))),
    };

    private static JsonObject Series(ChartTable table, ChartSeries series) => new()
    {
        ["key"] = Key(series),
        ["shape"] = Name(series.Shape),
        ["color"] = series.Style.Color,
        ["marker"] = Name(series.Style.Marker),
        ["dash"] = Name(series.Style.Dash),
        ["colors"] = series.Scale is { } scale ? Array(series.Marks.Select(mark => scale.ColorOf(mark.Value))) : null,
        ["x"] = Array(series.Marks.Select(mark => mark.X)),
        ["y"] = Array(series.Marks.Select(mark => mark.Y)),
        ["x2"] = Array(series.Marks.Select(mark => mark.X2)),
        ["y2"] = Array(series.Marks.Select(mark => mark.Y2)),
        ["hover"] = Array(series.Marks.Select(mark => string.Join("<br>", table.Describe(mark.Row).Select(Escaped)))),
    };

    private static JsonArray Array<T>(IEnumerable<T> values) => new([.. values.Select(value => (JsonNode?)JsonValue.Create(value))]);

    private static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    // plotly.js takes its texts for a little HTML.
    private static string Escaped(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
