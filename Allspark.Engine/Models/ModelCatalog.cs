using Allspark.Engine.Specifications;

namespace Allspark.Engine.Models;

/// <summary>The networks that ship with the engine: one embedded YAML file for each family.</summary>
public static class ModelCatalog
{
    /// <summary>The largest side of an image in pixels.</summary>
    public const int HighestResolution = 8192;

    /// <summary>The most images of a batch.</summary>
    public const int LargestBatch = 1024;

    /// <summary>The most tokens of a text.</summary>
    public const int LongestSequence = 1 << 17;

    private static readonly Lazy<ValueList<NetworkDescription>> Networks = new(Load);

    /// <summary>All preset names, by family and then in the order of the family's file.</summary>
    public static IReadOnlyList<string> Names => [.. Networks.Value.Select(network => network.Name)];

    /// <summary>A network by name; case does not matter and <c>-</c> equals <c>_</c>.</summary>
    /// <param name="name">A preset name.</param>
    /// <param name="resolution">The side of the square image in pixels; the published one if omitted.</param>
    /// <param name="precision">Format of weights and activations.</param>
    /// <param name="sequenceLength">Tokens of the text, for networks that read text; the network's own length if omitted.</param>
    /// <exception cref="UnknownPresetException">There is no such preset; the message lists the near ones.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The network cannot take an input of that size or kind.</exception>
    public static DnnModel Get(string name, int? resolution = null, Precision precision = Precision.Fp16, int? sequenceLength = null) =>
        Find(name).Build(new ModelSettings(resolution, sequenceLength, precision));

    /// <summary>The sizes published for a preset.</summary>
    internal static PublishedSize Published(string name) => Find(name).Published;

    private static NetworkDescription Find(string name)
    {
        var wanted = NearNames.Normalize(name);
        return Networks.Value.FirstOrDefault(network => NearNames.Normalize(network.Name) == wanted)
            ?? throw new UnknownPresetException("model preset", name, Names);
    }

    private static ValueList<NetworkDescription> Load() => EmbeddedFiles.In("Allspark.Engine.Models.Presets")
        .SelectMany(file => FamilyFile.Read(file.Text, file.Name))
        .ToValueList();
}
