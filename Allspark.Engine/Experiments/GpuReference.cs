using Allspark.Engine.Models;
using Allspark.Engine.Specifications;

namespace Allspark.Engine.Experiments;

/// <summary>One network's published speed on one graphics processor.</summary>
public sealed record GpuReference
{
    private const string Resource = "Allspark.Engine.Experiments.GpuReferences.yaml";
    private const int LongestSentence = 600;

    private static readonly Lazy<ValueList<GpuReference>> LazyAll = new(() => Load().ToValueList());

    /// <summary>The processor, such as <c>V100</c>.</summary>
    public required string Machine { get; init; }

    /// <summary>The network's preset name.</summary>
    public required string Model { get; init; }

    /// <summary>The side of the square image in pixels.</summary>
    public required int Resolution { get; init; }

    /// <summary>Images per second in batches.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <summary>Where that figure is from.</summary>
    public required string Source { get; init; }

    /// <summary>Seconds for one image on its own; null where none is published.</summary>
    public double? SingleImageSeconds { get; init; }

    /// <summary>Where that figure is from.</summary>
    public string? SingleImageSource { get; init; }

    /// <summary>Power of the board in watts.</summary>
    public required double BoardPowerWatts { get; init; }

    /// <summary>Where that figure is from.</summary>
    public required string BoardPowerSource { get; init; }

    /// <summary>What a reader must know of these figures.</summary>
    public required string Caveat { get; init; }

    /// <summary>Seconds for one image in a batch: its share of the batch's time.</summary>
    public double BatchedImageSeconds => 1 / ImagesPerSecond;

    /// <summary>All references, in the order of the file.</summary>
    public static IReadOnlyList<GpuReference> All => LazyAll.Value;

    /// <summary>The processors that there are references for.</summary>
    public static IReadOnlyList<string> Machines => [.. All.Select(reference => reference.Machine).Distinct(StringComparer.Ordinal)];

    /// <summary>The reference for a network, or null; names ignore case, and <c>-</c> equals <c>_</c>.</summary>
    /// <param name="machine">The processor.</param>
    /// <param name="model">The network's name.</param>
    /// <param name="resolution">The side of its image; null for any.</param>
    public static GpuReference? Find(string machine, string model, int? resolution = null)
    {
        var (wantedMachine, wantedModel) = (NearNames.Normalize(machine), NearNames.Normalize(model));
        return All.FirstOrDefault(reference => NearNames.Normalize(reference.Machine) == wantedMachine
            && NearNames.Normalize(reference.Model) == wantedModel
            && (resolution ?? reference.Resolution) == reference.Resolution);
    }

    private static IEnumerable<GpuReference> Load()
    {
        using var stream = typeof(GpuReference).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        var file = SpecificationParser.Read(reader.ReadToEnd(), "GpuReferences.yaml").Allow("caveat", "sources", "machines");
        var sources = file["sources"].AsMap();
        var machines = file["machines"].AsMap();
        string Cited(SpecificationNode key) => sources[key.Identifier()].Sentence(LongestSentence);

        foreach (var machine in machines.Keys)
        {
            var board = machines[machine].AsMap().Allow("boardPower", "boardPowerSource", "models");
            var models = board["models"].AsMap();
            foreach (var model in models.Keys)
            {
                var row = models[model].AsMap().Allow("resolution", "imagesPerSecond", "source", "singleImage", "singleImageSource");
                yield return new GpuReference
                {
                    Machine = machine,
                    Model = model,
                    Resolution = row["resolution"].Integer(1, ModelCatalog.HighestResolution),
                    ImagesPerSecond = row["imagesPerSecond"].Quantity(Unit.Count, 1, 1e6),
                    Source = Cited(row["source"]),
                    SingleImageSeconds = row.TryGet("singleImage", out var single) ? single.Quantity(Unit.Seconds, 1e-6, 10) : null,
                    SingleImageSource = row.TryGet("singleImageSource", out var cited) ? Cited(cited) : null,
                    BoardPowerWatts = board["boardPower"].Quantity(Unit.Watts, 1, 1e4),
                    BoardPowerSource = Cited(board["boardPowerSource"]),
                    Caveat = file["caveat"].Sentence(LongestSentence),
                };
            }
        }
    }
}
