using Allspark.Engine.Models;

namespace Allspark.Engine.Import;

/// <summary>Reads ONNX graphs.</summary>
public sealed class OnnxModelReader : IModelReader
{
    /// <inheritdoc/>
    public string Format => "ONNX graph";

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".onnx"];

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A resolution or sequence length was given: the graph's open dimensions have names.</exception>
    public DnnModel Read(string path, ImportSettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Resolution is not null || settings.SequenceLength is not null)
        {
            throw new ArgumentException(
                $"{Path.GetFileName(path)} is a graph: give the sizes that it leaves open by name, as in -Dimension height=224.", nameof(settings));
        }

        return OnnxImport.ReadFile(path, settings.Name, settings.Precision ?? Precision.Fp16, settings.Dimensions, cancellationToken);
    }
}
