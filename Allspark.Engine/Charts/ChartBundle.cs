using Allspark.Engine.Sidecar;

namespace Allspark.Engine.Charts;

/// <summary>
/// The scripts that an HTML chart carries within itself: beside the engine in a packaged module (<c>charts/</c>), else the
/// sidecar's packages in a checkout.
/// </summary>
internal sealed record ChartBundle(string License, IReadOnlyList<string> Scripts)
{
    /// <summary>Each package's file, in the order in which a page must run them.</summary>
    private static readonly string[] ScriptFiles =
        ["vega/build/vega.min.js", "vega-lite/build/vega-lite.min.js", "vega-embed/build/vega-embed.min.js"];

    private const string LicenseFile = "vega/LICENSE";

    private static readonly Lazy<ChartBundle> LazyInstance = new(() => Load(SidecarFolder.EngineFolder, SidecarFolder.Find()));

    /// <summary>The bundle, read once.</summary>
    /// <exception cref="ChartException">A file is missing.</exception>
    public static ChartBundle Instance => LazyInstance.Value;

    internal static ChartBundle Load(string engineFolder, string? sidecarFolder)
    {
        string Read(string file)
        {
            var packaged = Path.Combine(engineFolder, "charts", file == LicenseFile ? "LICENSE" : Path.GetFileName(file));
            if (File.Exists(packaged))
                return File.ReadAllText(packaged);
            if (sidecarFolder is not null && Path.Combine(sidecarFolder, "node_modules", file) is var installed && File.Exists(installed))
                return File.ReadAllText(installed);
            throw new ChartException(
                ChartFailure.BundleMissing,
                $"an HTML chart needs {Path.GetFileName(file)}, which is neither in {Path.GetDirectoryName(packaged)} nor in the sidecar's packages: "
                + SidecarFolder.Remedy(sidecarFolder ?? SidecarFolder.Name));
        }

        return new ChartBundle(Read(LicenseFile), [.. ScriptFiles.Select(Read)]);
    }
}
