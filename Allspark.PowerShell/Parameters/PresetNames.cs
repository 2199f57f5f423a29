using System.Collections;
using System.Management.Automation;
using Allspark.Engine.Hardware;
using Allspark.Engine.Models;

namespace Allspark.PowerShell.Parameters;

/// <summary>Presets in the place of their names, which may have wildcards, in an argument that may be a list.</summary>
internal static class PresetNames
{
    /// <summary>The networks that a name stands for.</summary>
    public static IReadOnlyList<object> Models(string name) =>
        [.. NamePattern.Expand(name, "model preset", ModelCatalog.Names).Select(match => ModelCatalog.Get(match))];

    /// <summary>The arrays that a name stands for.</summary>
    public static IReadOnlyList<object> Arrays(string name) =>
        [.. NamePattern.Expand(name, "array preset", ArrayCatalog.Names).Select(ArrayCatalog.Get)];

    /// <summary>Replaces names.</summary>
    /// <param name="argument">The argument.</param>
    /// <param name="several">Whether the parameter takes a list.</param>
    /// <param name="presets">The presets of a name or pattern.</param>
    /// <param name="taken">The types that the parameter takes.</param>
    public static object? Replace(object? argument, bool several, Func<string, IReadOnlyList<object>> presets, params Type[] taken)
    {
        var replaced = Replace(argument, presets);
        PipelineInputAttribute.Check(replaced, taken);
        return replaced is not object[] list || several ? replaced
            : list is [var only] ? only
            : throw new ArgumentTransformationMetadataException(
                $"One is wanted here, and {list.Length} were given: {string.Join(", ", list)}.");
    }

    private static object? Replace(object? argument, Func<string, IReadOnlyList<object>> presets) =>
        (argument is PSObject wrapped ? wrapped.BaseObject : argument) switch
        {
            string name => presets(name) is { Count: > 0 } found
                ? found.Count == 1 ? found[0] : found.ToArray()
                : throw new ArgumentTransformationMetadataException($"No preset matches '{name}'."),
            IList list => list.Cast<object?>().SelectMany(item => Replace(item, presets) is var one && one is object[] many ? many : [one!]).ToArray(),
            _ => argument,
        };
}
