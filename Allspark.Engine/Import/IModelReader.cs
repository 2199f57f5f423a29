using Allspark.Engine.Models;

namespace Allspark.Engine.Import;

/// <summary>Reads networks from files of one format.</summary>
public interface IModelReader
{
    /// <summary>What the format is called in messages.</summary>
    string Format { get; }

    /// <summary>Endings of its files, with the dot.</summary>
    IReadOnlyList<string> Extensions { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="Specifications.SpecificationException">The file is not what it must be.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    DnnModel Read(string path, ImportSettings settings, CancellationToken cancellationToken);
}
