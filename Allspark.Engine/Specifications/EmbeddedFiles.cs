using System.Reflection;

namespace Allspark.Engine.Specifications;

/// <summary>The YAML files that are built into the engine.</summary>
internal static class EmbeddedFiles
{
    private const string Suffix = ".yaml";

    /// <summary>Name and text of every file of a folder, by name.</summary>
    /// <param name="folder">The folder as a namespace, such as <c>Allspark.Engine.Hardware.Presets</c>.</param>
    public static IEnumerable<(string Name, string Text)> In(string folder)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var prefix = folder + ".";
        foreach (var resource in assembly.GetManifestResourceNames().Order(StringComparer.Ordinal))
        {
            if (!resource.StartsWith(prefix, StringComparison.Ordinal) || !resource.EndsWith(Suffix, StringComparison.Ordinal))
                continue;
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            yield return (resource[prefix.Length..], reader.ReadToEnd());
        }
    }
}
