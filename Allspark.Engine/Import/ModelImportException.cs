namespace Allspark.Engine.Import;

/// <summary>A file is no network that can be read; says which file, which node, and what is wrong.</summary>
public sealed class ModelImportException : Exception
{
    private const int LongestName = 120;

    /// <summary>Creates the error.</summary>
    /// <param name="file">The file's name.</param>
    /// <param name="node">The node's name and operator; empty where it is the file as a whole.</param>
    /// <param name="problem">What is wrong, and what would be right.</param>
    /// <param name="innerException">The reader's own error, if any.</param>
    public ModelImportException(string file, string node, string problem, Exception? innerException = null)
        : base($"{file}: {(node.Length == 0 ? "" : $"node {node}: ")}{problem}", innerException)
    {
        File = file;
        Node = node;
    }

    /// <summary>The file's name.</summary>
    public string File { get; }

    /// <summary>The node's name and operator; empty where it is the file as a whole.</summary>
    public string Node { get; }

    /// <summary>A name from a file as a message may carry it: short, and without control characters.</summary>
    internal static string Quote(string name)
    {
        var shown = name.Length <= LongestName ? name : string.Concat(name.AsSpan(0, LongestName), "…");
        return $"'{string.Create(shown.Length, shown, static (span, text) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = char.IsControl(text[i]) ? '\uFFFD' : text[i];
        })}'";
    }
}
