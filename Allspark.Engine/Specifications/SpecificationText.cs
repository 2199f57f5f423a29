using System.Text;

namespace Allspark.Engine.Specifications;

/// <summary>The text of a specification's file.</summary>
internal static class SpecificationText
{
    /// <summary>Reads a file of UTF-8 text.</summary>
    /// <exception cref="SpecificationException">It is too large, not UTF-8 text, or a file of another kind.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string ReadFile(string path)
    {
        var name = Path.GetFileName(path);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        var bytes = new byte[SpecificationParser.MaximumLength + 1];
        var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (length > SpecificationParser.MaximumLength)
            throw TooLong(name);
        if (ForeignContent.Of(bytes.AsSpan(0, length)) is { } what)
            throw new SpecificationException(name, 1, 1, "", $"is {what}");
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes, 0, length).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException error)
        {
            throw new SpecificationException(name, 1, 1, "", "is not UTF-8 text.", error);
        }
    }

    /// <summary>The error of a text that is too long.</summary>
    public static SpecificationException TooLong(string file) =>
        new(file, 1, 1, "", $"is longer than {SpecificationParser.MaximumLength} bytes, the most that a specification may have.");
}
