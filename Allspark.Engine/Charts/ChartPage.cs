using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Allspark.Engine.Charts;

/// <summary>A chart as one HTML file that opens without a network: the specification and the scripts that draw it inside.</summary>
internal static class ChartPage
{
    /// <summary>The browser itself refuses whatever would come from elsewhere.</summary>
    private const string Policy =
        "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:";

    private const string Draw =
        "vegaEmbed('#chart', spec, { actions: { export: true, source: true, compiled: false, editor: false } })"
        + ".catch(error => { document.getElementById('chart').textContent = String(error); });";

    public static string Render(JsonObject spec, ChartBundle bundle)
    {
        var page = new StringBuilder(900_000)
            .Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Append("<meta http-equiv=\"Content-Security-Policy\" content=\"").Append(Policy).Append("\">\n")
            .Append("<title>").Append(WebUtility.HtmlEncode(Title(spec))).Append("</title>\n")
            .Append("<style>body { margin: 0; background: white; } #chart { padding: 8px; }</style>\n")
            .Append("<!-- Vega, Vega-Lite and Vega-Embed are part of this file under this licence:\n")
            .Append(bundle.License.Replace("--", "- -", StringComparison.Ordinal)).Append("-->\n");
        foreach (var script in bundle.Scripts)
            AppendScript(page, script);
        page.Append("</head>\n<body>\n<div id=\"chart\"></div>\n");
        AppendScript(page, $"const spec = {ChartWriter.ToJson(spec, indented: false)};\n{Draw}");
        return page.Append("</body>\n</html>\n").ToString();
    }

    /// <summary>
    /// Within a script element only an end tag or a comment's opening can be mistaken by a browser; in JavaScript both
    /// stand within text, where a backslash changes nothing.
    /// </summary>
    private static void AppendScript(StringBuilder page, string script) =>
        page.Append("<script>\n")
            .Append(script.Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase).Replace("<!--", "<\\!--", StringComparison.Ordinal))
            .Append("\n</script>\n");

    private static string Title(JsonObject spec) =>
        spec["title"] switch
        {
            JsonObject title => title["text"]?.ToString(),
            { } title => title.ToString(),
            null => null,
        } ?? "chart";
}
