using System.Globalization;
using Allspark.Engine.Import.Onnx;

namespace Allspark.Engine.Import.Recognition;

/// <summary>Layer names, each once in a network.</summary>
internal sealed class LayerNames
{
    private const int Longest = 100;

    private readonly HashSet<string> taken = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> repeats = new(StringComparer.Ordinal);

    /// <summary>The name, with a number behind it where it is taken.</summary>
    public string Unique(string name)
    {
        var unique = name;
        while (!taken.Add(unique))
        {
            var number = repeats[name] = repeats.GetValueOrDefault(name, 1) + 1;
            unique = string.Create(CultureInfo.InvariantCulture, $"{name}.{number}");
        }

        return unique;
    }

    /// <summary>The module that a node is part of, where the exporter put it in the node's name: <c>features.0.conv</c>.</summary>
    public static string Of(GraphNode node)
    {
        // Exporters write a path of modules with the operator last; each module repeats the names around it.
        var parts = node.Source.Name.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var name = "";
        foreach (var part in parts.Length > 1 ? parts[..^1] : parts)
            name = name.Length == 0 || part.StartsWith(name + ".", StringComparison.Ordinal) ? part : Joined(name, part);
        var clean = string.Concat(name.Where(letter => char.IsLetterOrDigit(letter) || letter is '.' or '_' or '-'));
        return clean.Length == 0 ? node.Operator.ToLowerInvariant() : clean.Length <= Longest ? clean : clean[^Longest..];
    }

    // "layer1" and "layer1.0" are one path; so are "features.0" and "features.0.1" below "features".
    private static string Joined(string name, string part)
    {
        var last = name.LastIndexOf('.') is >= 0 and var dot ? name[(dot + 1)..] : name;
        return part.StartsWith(last + ".", StringComparison.Ordinal) ? name[..^last.Length] + part : $"{name}.{part}";
    }
}
