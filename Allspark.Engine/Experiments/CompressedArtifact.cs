using System.IO.Compression;
using System.Text;

namespace Allspark.Engine.Experiments;

/// <summary>A document as it is stored.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Size">Its length in bytes of UTF-8.</param>
/// <param name="Content">The bytes, compressed with Brotli.</param>
internal sealed record CompressedArtifact(string Name, long Size, byte[] Content)
{
    /// <summary>The largest document, in bytes.</summary>
    public const int LargestSize = 64 << 20;

    public static CompressedArtifact From(RunArtifact artifact)
    {
        var bytes = Encoding.UTF8.GetBytes(artifact.Content);
        if (bytes.Length > LargestSize)
            throw new ArgumentException($"the document {artifact.Name} has {bytes.Length} bytes; at most {LargestSize} are kept", nameof(artifact));
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            brotli.Write(bytes);
        return new CompressedArtifact(artifact.Name, bytes.Length, packed.ToArray());
    }

    /// <summary>The text; null where the content is not what its size says. Never holds more than the size says.</summary>
    public string? Expand()
    {
        if (Size is < 0 or > LargestSize)
            return null;
        try
        {
            using var brotli = new BrotliStream(new MemoryStream(Content), CompressionMode.Decompress);
            var bytes = new byte[Size];
            brotli.ReadExactly(bytes);
            return brotli.ReadByte() == -1 ? new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes) : null;
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException or EndOfStreamException or DecoderFallbackException)
        {
            return null;
        }
    }
}
