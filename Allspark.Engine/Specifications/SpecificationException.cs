namespace Allspark.Engine.Specifications;

/// <summary>A description of a machine or a network is not what it must be; says where, what is wrong and what is allowed.</summary>
public sealed class SpecificationException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="file">The file's name, or what stands for one.</param>
    /// <param name="line">The line, from 1.</param>
    /// <param name="column">The column, from 1.</param>
    /// <param name="key">The dotted path of the key that is wrong; empty where it is the document as a whole.</param>
    /// <param name="problem">What is wrong and what is allowed.</param>
    /// <param name="innerException">The reader's own error, if any.</param>
    public SpecificationException(string file, int line, int column, string key, string problem, Exception? innerException = null)
        : base($"{file}({line},{column}): {(key.Length == 0 ? "" : $"{key}: ")}{problem}", innerException)
    {
        File = file;
        Line = line;
        Column = column;
        Key = key;
    }

    /// <summary>The file's name, or what stands for one.</summary>
    public string File { get; }

    /// <summary>The line, from 1.</summary>
    public int Line { get; }

    /// <summary>The column, from 1.</summary>
    public int Column { get; }

    /// <summary>The dotted path of the key that is wrong; empty where it is the document as a whole.</summary>
    public string Key { get; }
}
