using Allspark.Engine.Models;
using Allspark.Engine.Specifications;

namespace Allspark.Engine.Hardware;

/// <summary>The arrays that ship with the engine: one embedded YAML file each.</summary>
public static class ArrayCatalog
{
    private static readonly Lazy<ValueList<PimArray>> Presets = new(Load);

    /// <summary>All preset names, the array of the fewest nodes first.</summary>
    public static IReadOnlyList<string> Names => [.. Presets.Value.Select(array => array.Name)];

    /// <summary>An array by name; case does not matter and <c>-</c> equals <c>_</c>.</summary>
    /// <exception cref="UnknownPresetException">There is no such preset; the message lists the near ones.</exception>
    public static PimArray Get(string name)
    {
        var wanted = NearNames.Normalize(name);
        return Presets.Value.FirstOrDefault(array => NearNames.Normalize(array.Name) == wanted)
            ?? throw new UnknownPresetException("array preset", name, Names);
    }

    private static ValueList<PimArray> Load() => EmbeddedFiles.In("Allspark.Engine.Hardware.Presets")
        .Select(file => PimArrayYaml.Read(file.Text, file.Name))
        .OrderBy(array => array.NodeCount)
        .ThenBy(array => array.Name, StringComparer.Ordinal)
        .ToValueList();
}
