using System.Text;

namespace Allspark.Engine.Specifications;

/// <summary>
/// Tells what a file is that is not what it was taken for: what a clone or a download leaves in place of a model, and the formats that
/// models also come in. By the first bytes, which those formats publish.
/// </summary>
internal static class ForeignContent
{
    /// <summary>Bytes from the beginning that tell.</summary>
    public const int Beginning = 512;

    private static readonly (int Offset, byte[] Mark, string What)[] Marks =
    [
        (0, [.. "version https://git-lfs"u8], "a Git LFS pointer, which stands for a file that was not fetched. Fetch it with 'git lfs pull'."),
        (0, [0xFF, 0xFE, 0, 0], "text in UTF-32. Save it as UTF-8."),
        (0, [0xFF, 0xFE], "text in UTF-16. Save it as UTF-8."),
        (0, [0xFE, 0xFF], "text in UTF-16. Save it as UTF-8."),
        (0, [.. "{\0"u8], "text in UTF-16. Save it as UTF-8."),
        (0, [.. "\0{"u8], "text in UTF-16. Save it as UTF-8."),
        (0, [.. "GGUF"u8], "a GGUF file, which holds weights and no graph. Read the network's config.json instead."),
        (5, [.. "\0\0\0{\""u8], "a safetensors file, which holds weights and no graph. Read the config.json beside it instead."),
        (0, [.. "PK\u0003\u0004"u8], "a zip archive, as PyTorch, Keras and NumPy save. Export a PyTorch model with torch.onnx.export; unpack other archives."),
        (0, [0x80, 0x02, (byte)'}'], "a Python pickle. Export the model to ONNX, with torch.onnx.export for PyTorch."),
        (0, [0x80, 0x02, 0x8A], "a Python pickle, as old PyTorch saved. Export the model with torch.onnx.export."),
        (0, [0x80, 0x03], "a Python pickle. Export the model to ONNX, with torch.onnx.export for PyTorch."),
        (0, [0x80, 0x04, 0x95], "a Python pickle. Export the model to ONNX, with torch.onnx.export for PyTorch."),
        (0, [0x80, 0x05, 0x95], "a Python pickle. Export the model to ONNX, with torch.onnx.export for PyTorch."),
        (0, [0x89, (byte)'H', (byte)'D', (byte)'F'], "an HDF5 file, as Keras saves. Export the model to ONNX, with tf2onnx for Keras."),
        (4, [.. "TFL3"u8], "a TensorFlow Lite model. Convert it with tf2onnx."),
        (4, [.. "ORTM"u8], "a model in ONNX Runtime's own format. Read the .onnx file that it was made of."),
        (0, [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'], "a NumPy array, which holds numbers and no graph."),
        (0, [0x1F, 0x8B], "compressed with gzip. Unpack it first."),
        (0, [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z'], "compressed with xz. Unpack it first."),
        (0, [0x28, 0xB5, 0x2F, 0xFD], "compressed with zstd. Unpack it first."),
        (0, [.. "BZh"u8], "compressed with bzip2. Unpack it first."),
        (0, [(byte)'7', (byte)'z', 0xBC, 0xAF], "a 7-Zip archive. Unpack it first."),
        (257, [.. "ustar"u8], "a tar archive. Unpack it first."),
        (0, [.. "%PDF"u8], "a PDF document."),
        (0, [0x89, (byte)'P', (byte)'N', (byte)'G'], "a picture."),
        (0, [0xFF, 0xD8, 0xFF], "a picture."),
        (0, [0x7F, (byte)'E', (byte)'L', (byte)'F'], "a program or library."),
    ];

    private static readonly string[] Pages = ["<!doctype html", "<html", "<head", "<!--", "<?xml"];

    /// <summary>What a file is, and what to do, as the end of a sentence that begins with "is"; null where nothing foreign shows.</summary>
    public static string? Of(ReadOnlySpan<byte> beginning)
    {
        if (beginning.IsEmpty)
            return "empty. If it was downloaded or cloned, fetch it again.";
        foreach (var (offset, mark, what) in Marks)
        {
            if (beginning.Length >= offset && beginning[offset..].StartsWith(mark))
                return what;
        }

        if (!beginning.ContainsAnyExcept((byte)0))
            return "nothing but zeros: a download that was not finished. Fetch it again.";
        var text = Encoding.Latin1.GetString(beginning).TrimStart('\u00EF', '\u00BB', '\u00BF', ' ', '\t', '\r', '\n');
        return Array.Exists(Pages, page => text.StartsWith(page, StringComparison.OrdinalIgnoreCase))
            ? "a web page or XML: what a download leaves that was refused or needs a login. Fetch the file itself."
            : null;
    }

    /// <summary>Whether bytes are printable text.</summary>
    public static bool IsText(ReadOnlySpan<byte> beginning)
    {
        foreach (var value in beginning)
        {
            if (value is < 0x20 and not ((byte)'\t' or (byte)'\r' or (byte)'\n') or 0x7F)
                return false;
        }

        return !beginning.IsEmpty;
    }
}
