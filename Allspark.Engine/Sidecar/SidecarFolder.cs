namespace Allspark.Engine.Sidecar;

/// <summary>Finds <c>Allspark.Sidecar</c>: beside the engine in a packaged module, above it in a checkout.</summary>
public static class SidecarFolder
{
    /// <summary>The environment variable that, where set, names the folder.</summary>
    public const string Variable = "ALLSPARK_SIDECAR";

    /// <summary>The folder's name.</summary>
    public const string Name = "Allspark.Sidecar";

    internal const string Worker = "worker.mjs";

    private static readonly string[] Packages = ["or-tools-wasm", "vega"];

    /// <summary>The folder of the engine's own assembly.</summary>
    internal static string EngineFolder { get; } = Path.GetDirectoryName(typeof(SidecarFolder).Assembly.Location) is { Length: > 0 } folder
        ? folder
        : AppContext.BaseDirectory;

    /// <summary>The folder's full path, or null where there is none.</summary>
    public static string? Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
            return Path.GetFullPath(named);
        for (var folder = new DirectoryInfo(EngineFolder); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, Name);
            if (File.Exists(Path.Combine(candidate, Worker)))
                return candidate;
        }

        return null;
    }

    /// <summary>The folder's full path, with its packages installed.</summary>
    /// <exception cref="SidecarException">The folder or its packages are missing.</exception>
    public static string Require() => Check(Find());

    internal static string Check(string? folder)
    {
        if (folder is null)
            throw Missing($"the folder {Name} was not found beside or above {EngineFolder}: set {Variable} to its path");
        if (!File.Exists(Path.Combine(folder, Worker)))
            throw Missing($"{folder} holds no {Worker}: set {Variable} to the path of {Name}");
        if (!Packages.All(package => Directory.Exists(Path.Combine(folder, "node_modules", package))))
            throw Missing($"the packages of {Name} are not installed: {Remedy(folder)}");
        return folder;
    }

    internal static string Remedy(string folder) => $"install Node.js 20 or later and run `npm ci --ignore-scripts` in {folder}";

    private static SidecarException Missing(string message) => new(SidecarFailure.NotInstalled, message);
}
