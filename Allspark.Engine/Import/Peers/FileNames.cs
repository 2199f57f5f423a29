namespace Allspark.Engine.Import.Peers;

/// <summary>Names of networks and machines made of the names of their files.</summary>
internal static class FileNames
{
    /// <summary>The file's name without its ending, of the letters that a name may have.</summary>
    public static string Model(string file) => Clean(Path.GetFileNameWithoutExtension(file)) is { Length: > 0 } name ? name
        : "imported";

    /// <summary>What of a text may be in a name; empty if nothing.</summary>
    public static string Clean(string text)
    {
        string kept = new([.. text.Select(letter => letter == ' ' ? '-' : letter)
            .Where(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.')
            .SkipWhile(letter => !char.IsAsciiLetterOrDigit(letter)).Take(64)]);
        return kept;
    }
}
