using System.ComponentModel;

namespace Allspark.Engine.Models;

/// <summary>A network as the engine sees it: an ordered list of layers with shapes, for one image.</summary>
[TypeConverter(typeof(NameConverter<DnnModel>))]
public sealed record DnnModel : INamed<DnnModel>
{
    /// <summary>The name, such as <c>swin_t</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The family, such as <c>Swin</c>.</summary>
    public required string Family { get; init; }

    /// <summary>Image rows in pixels.</summary>
    public required int InputHeight { get; init; }

    /// <summary>Image columns in pixels.</summary>
    public required int InputWidth { get; init; }

    /// <summary>Tokens of the text, which lie in one row; <see langword="null"/> for a network that reads images.</summary>
    public int? SequenceLength => InputHeight == 1 ? InputWidth : null;

    /// <summary>Image channels.</summary>
    public int InputChannels { get; init; } = 3;

    /// <summary>Images, or texts, that an inference computes together; sizes and operations are those of one.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>Format of weights and activations.</summary>
    public Precision Precision { get; init; } = Precision.Fp16;

    /// <summary>The layers in execution order.</summary>
    public required ValueList<Layer> Layers { get; init; }

    /// <summary>Remarks for the reader: sources, and what was not recognised on import.</summary>
    public ValueList<string> Notes { get; init; } = [];

    /// <summary>The transformer blocks among the layers.</summary>
    public ValueList<TransformerBlock> Blocks => Layers.OfType<TransformerBlock>().ToValueList();

    /// <summary>Trained numbers of all layers.</summary>
    public long Parameters => Layers.Sum(layer => layer.Parameters);

    /// <summary>Multiply-accumulate operations for one image.</summary>
    public long Macs => Layers.Sum(layer => layer.Macs);

    /// <summary>Bytes of all trained numbers at <see cref="Precision"/>.</summary>
    public long ParameterBytes => Parameters * Precision.Bytes();

    /// <summary>Bytes of what the layer with the most of it reads and leaves, at <see cref="Precision"/>.</summary>
    public long PeakActivationBytes => Layers.Count == 0 ? 0 : Layers.Max(layer => layer.InputElements + layer.OutputElements) * Precision.Bytes();

    /// <summary>SHA-256, in lower-case hexadecimal, of all that determines results: equal hashes give equal measurements, whatever the names.</summary>
    public string ContentHash => ModelHash.Compute(this);

    // A name alone (INamed<T>): a network has layers.
    private bool IsName => Layers.Count == 0;

    /// <inheritdoc/>
    public static DnnModel Named(string name) => new() { Name = name, Family = "", InputHeight = 0, InputWidth = 0, Layers = [] };

    /// <summary>Whether both hold the same; a name alone equals every network that is called so.</summary>
    public bool Equals(DnnModel? other) => other is not null && (IsName || other.IsName
        ? NearNames.Normalize(Name) == NearNames.Normalize(other.Name)
        : (Name, Family, InputHeight, InputWidth, InputChannels, Batch, Precision)
            == (other.Name, other.Family, other.InputHeight, other.InputWidth, other.InputChannels, other.Batch, other.Precision)
            && Layers.Equals(other.Layers) && Notes.Equals(other.Notes));

    /// <inheritdoc/>
    public override int GetHashCode() => NearNames.Normalize(Name).GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
