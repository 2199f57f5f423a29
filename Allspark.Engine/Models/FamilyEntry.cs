using Allspark.Engine.Specifications;

namespace Allspark.Engine.Models;

/// <summary>One network of a family's file: its own keys, and those that the family shares.</summary>
internal sealed class FamilyEntry
{
    private readonly SpecificationMap shared;
    private readonly SpecificationMap network;

    private FamilyEntry(SpecificationMap file, string name, string[] keys)
    {
        Name = name;
        Family = file["family"].Identifier();
        Source = file["source"].Sentence(500);
        shared = file["shared"].AsMap().Allow(keys);
        network = file["networks"].AsMap()[name].AsMap().Allow(keys);
    }

    /// <summary>The network's name.</summary>
    public string Name { get; }

    /// <summary>The family's name.</summary>
    public string Family { get; }

    /// <summary>Where shapes and sizes are from.</summary>
    public string Source { get; }

    /// <summary>The networks of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="keys">The keys that a network may have, here or under <c>shared</c>.</param>
    public static IEnumerable<FamilyEntry> All(SpecificationMap file, string[] keys)
    {
        file.Allow("kind", "family", "source", "shared", "networks");
        return file["networks"].AsMap().Keys.Select(name => new FamilyEntry(file, name, keys));
    }

    /// <summary>A key's value, the network's own before the shared one.</summary>
    public SpecificationNode Value(string key) => Find(key) ?? throw Missing(key);

    /// <summary>A key's value, if there is one.</summary>
    public SpecificationNode? Find(string key) =>
        network.TryGet(key, out var own) ? own : shared.TryGet(key, out var common) ? common : null;

    /// <summary>The error of a key that is nowhere.</summary>
    public SpecificationException Missing(string key) => network.Error($"the key '{key}' is missing, here and under 'shared'.");

    /// <summary>A whole number, or what it is where the key is missing.</summary>
    public int Integer(string key, int least, int most, int missing) => Find(key)?.Integer(least, most) ?? missing;

    /// <summary>True or false, false where the key is missing.</summary>
    public bool Truth(string key) => Find(key)?.Truth() ?? false;

    /// <summary>The sizes to hold the network against; MACs of 0 are not published.</summary>
    public PublishedSize Published()
    {
        var map = Value("published").AsMap().Allow("parameters", "macs", "rounded");
        return new PublishedSize(
            map["parameters"].Quantity(Unit.Count, 1, 1e13),
            map.TryGet("macs", out var macs) ? macs.Quantity(Unit.Count, 1, 1e16) : 0,
            map.TryGet("rounded", out var rounded) && rounded.Truth());
    }
}
