using System.Reflection;
using Allspark.Engine.Models;

namespace Allspark.Engine.Hardware;

/// <summary>The arrays that ship with the engine: one embedded YAML file each.</summary>
public static class ArrayCatalog
{
    private const string Prefix = "Allspark.Engine.Hardware.Presets.";
    private const string Suffix = ".yaml";

    private static readonly Lazy<ValueList<PimArray>> Presets = new(Load);

    /// <summary>All preset names, the array of the fewest nodes first.</summary>
    public static IReadOnlyList<string> Names => [.. Presets.Value.Select(array => array.Name)];

    /// <summary>An array by name; case does not matter and <c>-</c> equals <c>_</c>.</summary>
    /// <exception cref="UnknownPresetException">There is no such preset; the message lists the near ones.</exception>
    public static PimArray Get(string name)
    {
        var wanted = NearNames.Normalize(name);
        return Presets.Value.FirstOrDefault(array => NearNames.Normalize(array.Name) == wanted)
            ?? throw new UnknownPresetException("array", name, Names);
    }

    private static ValueList<PimArray> Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return assembly.GetManifestResourceNames()
            .Where(resource => resource.StartsWith(Prefix, StringComparison.Ordinal) && resource.EndsWith(Suffix, StringComparison.Ordinal))
            .Select(resource =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
                return PimArrayYaml.Read(reader.ReadToEnd(), resource[Prefix.Length..]);
            })
            .OrderBy(array => array.NodeCount)
            .ThenBy(array => array.Name, StringComparer.Ordinal)
            .ToValueList();
    }
}
