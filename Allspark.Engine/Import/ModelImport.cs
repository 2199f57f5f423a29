using Allspark.Engine.Import.HuggingFace;
using Allspark.Engine.Import.Peers;
using Allspark.Engine.Models;

namespace Allspark.Engine.Import;

/// <summary>Reads networks from files, each by the reader of its ending.</summary>
public static class ModelImport
{
    /// <summary>The readers.</summary>
    public static IReadOnlyList<IModelReader> Readers { get; } = [new OnnxModelReader(), new ConfigReader(), new ModelYamlReader(), new ScaleSimTopology()];

    /// <summary>The reader of a file's ending, if there is one.</summary>
    public static IModelReader? ReaderOf(string path)
    {
        var extension = Path.GetExtension(path);
        return Readers.FirstOrDefault(reader => reader.Extensions.Contains(extension, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>The sentence that refuses a file and says which are read.</summary>
    public static string Refusal(string path) => $"{Path.GetFileName(path)} is no network that can be read.{Remedy(Path.GetExtension(path))} Files read are "
        + $"{string.Join(", ", Readers.Select(reader => $"{string.Join(", ", reader.Extensions)} ({reader.Format})"))}.";

    private static string Remedy(string extension) => extension.ToUpperInvariant() switch
    {
        ".PT" or ".PTH" or ".PT2" or ".CKPT" => " It is PyTorch's: export the model with torch.onnx.export.",
        ".SAFETENSORS" or ".GGUF" or ".BIN" or ".NPZ" => " It holds weights and no graph: read the config.json beside it, or export the model to ONNX.",
        ".H5" or ".HDF5" or ".KERAS" or ".PB" or ".TFLITE" => " It is TensorFlow's: convert it with tf2onnx.",
        ".ORT" => " It is in ONNX Runtime's own format: read the .onnx file that it was made of.",
        ".PDMODEL" => " It is PaddlePaddle's: convert it with paddle2onnx.",
        ".ONNX_DATA" or ".DATA" => " It holds weights of an ONNX graph: read the .onnx file beside it.",
        ".GZ" or ".ZIP" or ".XZ" or ".ZST" or ".TAR" => " Unpack it first.",
        _ => "",
    };

    /// <summary>Reads a file.</summary>
    /// <exception cref="NotSupportedException">No reader takes files of that ending.</exception>
    /// <exception cref="ArgumentException">A setting has no meaning for the file.</exception>
    /// <exception cref="Specifications.SpecificationException">The file is not what it must be.</exception>
    /// <exception cref="ModelImportException">The file is no network that can be read.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static DnnModel Read(string path, ImportSettings? settings = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        var reader = ReaderOf(path) ?? throw new NotSupportedException(Refusal(path));
        settings ??= new ImportSettings();
        if (settings.Dimensions.Count > 0 && reader is not OnnxModelReader)
            throw new ArgumentException($"{Path.GetFileName(path)} leaves no dimension open: only ONNX graphs do, so leave out the sizes of dimensions.", nameof(settings));
        var model = reader.Read(path, settings, cancellationToken);
        return settings.Batch is { } batch ? model with { Batch = batch } : model;
    }
}
