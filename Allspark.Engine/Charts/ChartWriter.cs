using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using Allspark.Engine.Sidecar;

namespace Allspark.Engine.Charts;

/// <summary>
/// Writes a chart to a file; the extension says how: <c>.vl.json</c> the specification, <c>.html</c> a page that opens
/// offline, <c>.svg</c> and <c>.png</c> a picture (these two need Node.js). A file is written whole or not at all.
/// </summary>
public static class ChartWriter
{
    /// <summary>Characters that HTML would take for its own stay escaped; letters and signs of every language do not.</summary>
    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.Create(UnicodeRanges.All);

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = Encoder };

    private static readonly JsonSerializerOptions Compact = new() { Encoder = Encoder };

    /// <summary>Each extension and what writes it.</summary>
    private static readonly (string Extension, Func<JsonObject, SidecarClient, CancellationToken, byte[]> Render)[] Formats =
    [
        (".vl.json", (spec, _, _) => Bytes(ToJson(spec, indented: true) + "\n")),
        (".html", (spec, _, _) => Bytes(ChartPage.Render(spec, ChartBundle.Instance))),
        (".svg", (spec, sidecar, cancellation) => Bytes(Draw(spec, "svg", sidecar, cancellation))),
        (".png", (spec, sidecar, cancellation) => Convert.FromBase64String(Draw(spec, "png", sidecar, cancellation))),
    ];

    /// <summary>The extensions that can be written.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [.. Formats.Select(format => format.Extension)];

    /// <summary>Pixels of a PNG picture for each of the chart's own: two, for sharp screens.</summary>
    public static double PictureScale => 2;

    /// <summary>Throws unless the path's extension can be written: to be asked before any computation.</summary>
    /// <exception cref="ChartException">The extension names no format.</exception>
    public static void CheckExtension(string path) => FormatOf(path);

    /// <summary>Writes <paramref name="chart"/> to <paramref name="path"/>.</summary>
    /// <returns>The file's full path.</returns>
    /// <exception cref="ChartException">The extension names no format, or the chart has nothing to show.</exception>
    /// <exception cref="SidecarException">A picture was asked for and Node.js is missing or failed.</exception>
    public static string Write(IChart chart, string path, SidecarClient? sidecar = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(chart);
        CheckExtension(path);
        return Write(chart.ToVegaLite(), path, sidecar, cancellation);
    }

    /// <summary>Writes a Vega-Lite specification, whose data must be inline, to <paramref name="path"/>.</summary>
    /// <inheritdoc cref="Write(IChart, string, SidecarClient?, CancellationToken)"/>
    public static string Write(JsonObject spec, string path, SidecarClient? sidecar = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var bytes = FormatOf(path)(spec, sidecar ?? SidecarClient.Shared, cancellation);
        return AtomicFile.Write(path, stream => stream.Write(bytes));
    }

    internal static string ToJson(JsonObject spec, bool indented) => spec.ToJsonString(indented ? Indented : Compact);

    private static Func<JsonObject, SidecarClient, CancellationToken, byte[]> FormatOf(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        foreach (var (extension, render) in Formats)
        {
            if (path.EndsWith(extension, StringComparison.OrdinalIgnoreCase))
                return render;
        }

        throw new ChartException(
            ChartFailure.UnknownFormat, $"'{Path.GetFileName(path)}' names no chart format: end it with one of {string.Join(", ", Extensions)}");
    }

    private static string Draw(JsonObject spec, string format, SidecarClient sidecar, CancellationToken cancellation)
    {
        var parameters = new JsonObject { ["spec"] = spec.DeepClone(), ["format"] = format, ["scale"] = PictureScale };
        var answer = sidecar.Request("render", parameters, timeLimit: null, cancellation);
        return (string?)answer["data"]
            ?? throw new SidecarException(SidecarFailure.RequestFailed, "the sidecar gave a picture without data");
    }

    private static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
