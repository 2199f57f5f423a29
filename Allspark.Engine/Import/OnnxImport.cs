using Allspark.Engine.Import.Onnx;
using Allspark.Engine.Import.Recognition;
using Allspark.Engine.Models;
using Allspark.Engine.Specifications;

namespace Allspark.Engine.Import;

/// <summary>Reads networks from ONNX files: shapes and structure, never weights.</summary>
public static class OnnxImport
{
    /// <summary>The largest file, in bytes: as much as the format's encoding can hold in one message.</summary>
    public const long LargestFileBytes = (1L << 31) - 1;

    /// <summary>Reads a network.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">The network's name; the file's if omitted.</param>
    /// <param name="precision">Format of weights and activations.</param>
    /// <param name="dimensions">Sizes of the inputs' dynamic dimensions, by name.</param>
    /// <param name="cancellation">Ends the work early.</param>
    /// <exception cref="ModelImportException">The file is no ONNX model that can be read.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static DnnModel ReadFile(
        string path, string? name = null, Precision precision = Precision.Fp16, IReadOnlyDictionary<string, long>? dimensions = null,
        CancellationToken cancellation = default)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
        var file = Path.GetFileName(path);
        return Guarded(file, () => ModelAssembler.Assemble(
            ReadGraph(stream, file, dimensions, path, cancellation), name ?? Path.GetFileNameWithoutExtension(path), precision));
    }

    /// <summary>Reads a network from a stream that can be searched.</summary>
    /// <param name="stream">The file's bytes.</param>
    /// <param name="file">The file's name, for messages.</param>
    /// <param name="name">The network's name.</param>
    /// <param name="precision">Format of weights and activations.</param>
    /// <param name="dimensions">Sizes of the inputs' dynamic dimensions, by name.</param>
    /// <param name="cancellation">Ends the work early.</param>
    /// <exception cref="ModelImportException">The bytes are no ONNX model that can be read.</exception>
    public static DnnModel Read(
        Stream stream, string file, string name, Precision precision = Precision.Fp16, IReadOnlyDictionary<string, long>? dimensions = null,
        CancellationToken cancellation = default) =>
        Guarded(file, () => ModelAssembler.Assemble(ReadGraph(stream, file, dimensions, cancellation: cancellation), name, precision));

    /// <summary>Reads a graph with all shapes.</summary>
    internal static Graph ReadGraph(
        Stream stream, string file, IReadOnlyDictionary<string, long>? dimensions = null, string? path = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (stream.Length > LargestFileBytes)
            throw new InvalidDataException($"The file has {stream.Length} bytes; up to {LargestFileBytes} are read. Store the weights outside of it.");
        CheckBeginning(stream);
        return GraphBuilder.Build(OnnxReader.Read(stream), file, new ExternalFiles(path), dimensions ?? new Dictionary<string, long>(), cancellation);
    }

    private static void CheckBeginning(Stream stream)
    {
        var bytes = new byte[ForeignContent.Beginning];
        var beginning = bytes.AsSpan(0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
        stream.Position = 0;
        if (ForeignContent.Of(beginning) is { } what)
            throw new InvalidDataException($"This is {what}");
        if (ForeignContent.IsText(beginning))
            throw new InvalidDataException("This is plain text, and an ONNX graph is not: it is another file under that name, or the message of a download that failed.");
    }

    private static DnnModel Guarded(string file, Func<DnnModel> read)
    {
        try
        {
            return read();
        }
        catch (Exception failure) when (failure is InvalidDataException or NotSupportedException or OverflowException)
        {
            throw new ModelImportException(file, "", failure is OverflowException ? "its sizes are more than can be counted." : failure.Message, failure);
        }
    }
}
