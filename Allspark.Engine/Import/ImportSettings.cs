using Allspark.Engine.Models;

namespace Allspark.Engine.Import;

/// <summary>What a file leaves open, or is to be read as.</summary>
public sealed record ImportSettings
{
    /// <summary>The network's name; the file's own if omitted.</summary>
    public string? Name { get; init; }

    /// <summary>Format of weights and activations; the file's own, else fp16, if omitted.</summary>
    public Precision? Precision { get; init; }

    /// <summary>Side of the square image in pixels; the file's own if omitted.</summary>
    public int? Resolution { get; init; }

    /// <summary>Images or texts computed together; the file's own, else 1, if omitted.</summary>
    public int? Batch { get; init; }

    /// <summary>Tokens of the text; the file's own if omitted.</summary>
    public int? SequenceLength { get; init; }

    /// <summary>Sizes of the inputs' dynamic dimensions, by name.</summary>
    public IReadOnlyDictionary<string, long> Dimensions { get; init; } = new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>Refuses a resolution and a sequence length, for files whose shapes are those of one input.</summary>
    /// <exception cref="ArgumentException">One was given.</exception>
    internal void RefuseSizes(string path)
    {
        if (Resolution is not null || SequenceLength is not null)
        {
            throw new ArgumentException(
                $"{Path.GetFileName(path)} has the shapes of one input size; a resolution or sequence length cannot change them.", nameof(path));
        }
    }
}
