namespace Allspark.Engine.Charts;

/// <summary>
/// Writes a chart to a file; the extension says how: <c>.svg</c> and <c>.png</c> a picture, <c>.html</c> a page that opens offline,
/// <c>.json</c> the description, <c>.csv</c> the figures, <c>.trace.json</c> the events of a timeline. A file is written whole or not at all.
/// </summary>
public static class ChartWriter
{
    /// <summary>Each extension and what writes it, longer ones first.</summary>
    private static readonly (string Extension, Func<ChartDescription, byte[]> Write)[] Formats =
    [
        (".trace.json", DataWriter.Trace),
        (".svg", chart => PictureWriter.Svg(ChartThinning.Drawn(chart))),
        (".png", chart => PictureWriter.Png(ChartThinning.Drawn(chart))),
        (".html", chart => PageWriter.Page(ChartThinning.Drawn(chart))),
        (".json", DataWriter.Json),
        (".csv", DataWriter.Csv),
    ];

    /// <summary>The extensions that a kind of chart can be written with.</summary>
    public static IReadOnlyList<string> Extensions(string kind) =>
        [.. Formats.Select(format => format.Extension).Where(extension => extension != ".trace.json" || kind == TimelineChart.Kind)];

    /// <summary>Throws unless a kind of chart can be written to a path: to be asked before any computation.</summary>
    /// <exception cref="ChartException">The extension names no format of that kind.</exception>
    public static void CheckExtension(string kind, string path) => FormatOf(kind, path);

    /// <summary>Writes a chart.</summary>
    /// <returns>The file's full path.</returns>
    /// <exception cref="ChartException">The extension names no format of that kind, or a picture cannot be drawn on this platform.</exception>
    public static string Write(ChartDescription chart, string path)
    {
        ArgumentNullException.ThrowIfNull(chart);
        var bytes = FormatOf(chart.Kind, path)(chart);
        return AtomicFile.Write(path, stream => stream.Write(bytes));
    }

    private static Func<ChartDescription, byte[]> FormatOf(string kind, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var (extension, write) = Formats.FirstOrDefault(format => path.EndsWith(format.Extension, StringComparison.OrdinalIgnoreCase));
        var known = Extensions(kind);
        return extension is not null && known.Contains(extension) ? write : throw new ChartException(
            ChartFailure.UnknownFormat, $"'{Path.GetFileName(path)}' names no format of a {kind} chart. End it with one of {string.Join(", ", known)}.");
    }
}
