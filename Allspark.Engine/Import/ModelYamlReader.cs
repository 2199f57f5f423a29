using Allspark.Engine.Import.Peers;
using Allspark.Engine.Models;
using Allspark.Engine.Specifications;

namespace Allspark.Engine.Import;

/// <summary>Reads networks from YAML, of the form that its content shows: our own export, a workload of ZigZag or Stream, a problem of Timeloop.</summary>
public sealed class ModelYamlReader : IModelReader
{
    /// <inheritdoc/>
    public string Format => "model YAML, ZigZag or Stream workload, Timeloop problem";

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".yaml", ".yml"];

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A resolution or sequence length was given: the file's shapes are fixed.</exception>
    public DnnModel Read(string path, ImportSettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.RefuseSizes(path);
        return Read(SpecificationText.ReadFile(path), Path.GetFileName(path), settings);
    }

    /// <summary>Reads a text.</summary>
    internal static DnnModel Read(string text, string file, ImportSettings settings)
    {
        var root = SpecificationParser.ReadForeign(text, file);
        var name = settings.Name ?? FileNames.Model(file);
        if (ZigZagWorkload.Recognizes(root))
            return ZigZagWorkload.Read(root, name, settings.Precision);
        if (TimeloopProblem.Recognizes(root))
            return TimeloopProblem.Read(root, name, settings.Precision);
        if (OtherYaml.Of(root) is { } other)
            throw root.Error(other);
        var model = ModelYaml.Read(text, file);
        return model with { Name = settings.Name ?? model.Name, Precision = settings.Precision ?? model.Precision };
    }
}
