using Allspark.Engine.Specifications;

namespace Allspark.Engine.Models;

/// <summary>Networks as YAML: every layer with its shapes. What is written reads back with the same content hash.</summary>
public static class ModelYaml
{
    /// <summary>The YAML of a network.</summary>
    public static string Write(DnnModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return ModelWriter.Write(model);
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="SpecificationException">It is no network; says where, what is wrong and what is allowed.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static DnnModel ReadFile(string path) => new ModelFileReader(SpecificationParser.ReadFile(path)).Model();

    /// <summary>Reads a text.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="file">What messages call it.</param>
    /// <exception cref="SpecificationException">It is no network; says where, what is wrong and what is allowed.</exception>
    public static DnnModel Read(string text, string file = "model.yaml") => new ModelFileReader(SpecificationParser.Read(text, file)).Model();
}
