using Allspark.Engine.Models;

namespace Allspark.Engine.Import;

/// <summary>Reads the YAML that networks are exported as.</summary>
public sealed class ModelYamlReader : IModelReader
{
    /// <inheritdoc/>
    public string Format => "model YAML";

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".yaml", ".yml"];

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A resolution or sequence length was given: the file's shapes are fixed.</exception>
    public DnnModel Read(string path, ImportSettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Resolution is not null || settings.SequenceLength is not null)
        {
            throw new ArgumentException(
                $"{Path.GetFileName(path)} has the shapes of one input size; a resolution or sequence length cannot change them.", nameof(settings));
        }

        var model = ModelYaml.ReadFile(path);
        return model with { Name = settings.Name ?? model.Name, Precision = settings.Precision ?? model.Precision };
    }
}
