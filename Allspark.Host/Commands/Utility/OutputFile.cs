using System.Text;

namespace Microsoft.PowerShell.Commands;

/// <summary>A text file that a cmdlet writes: opened by the engine, so that refusals have its ids and messages.</summary>
internal sealed class OutputFile : IDisposable
{
    private readonly FileInfo? _readOnly;

    private OutputFile(StreamWriter writer, FileInfo? readOnly)
    {
        Writer = writer;
        _readOnly = readOnly;
    }

    public static Encoding Utf8 { get; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    public StreamWriter Writer { get; }

    /// <summary>The type of the engine that opens files for cmdlets.</summary>
    private static Type Paths => EngineInternals.Named("System.Management.Automation.PathUtils");

    /// <summary>Opens a file for writing; a failure ends the command.</summary>
    /// <param name="path">The path as the user gave it.</param>
    /// <param name="isLiteral">Wildcards in the path stand for themselves.</param>
    /// <param name="encoding">The encoding of what is written.</param>
    /// <param name="append">Keep what the file has.</param>
    /// <param name="force">Write to a read-only file.</param>
    /// <param name="noClobber">Refuse an existing file.</param>
    public static OutputFile Open(PSCmdlet cmdlet, string path, bool isLiteral, Encoding encoding, bool append = false,
        bool force = false, bool noClobber = false)
    {
        object?[] arguments = [cmdlet, path, encoding, false, append, force, noClobber, null, null, null, isLiteral];
        EngineInternals.CallByName(Paths, "MasterStreamOpen", arguments);
        return new((StreamWriter)arguments[8]!, arguments[9] as FileInfo);
    }

    /// <summary>The file that a path names; a failure ends the command.</summary>
    public static string Resolve(PSCmdlet cmdlet, string path, bool isLiteral) =>
        (string)EngineInternals.CallByName(Paths, "ResolveFilePath", path, cmdlet, isLiteral)!;

    /// <summary>Opens a file for reading; a failure ends the command.</summary>
    public static StreamReader OpenRead(PSCmdlet cmdlet, string path, bool isLiteral, Encoding encoding) =>
        (StreamReader)EngineInternals.CallByName(Paths, "OpenStreamReader", cmdlet, path, encoding, isLiteral)!;

    public void Dispose()
    {
        Writer.Dispose();
        if (_readOnly is not null)
            _readOnly.Attributes |= FileAttributes.ReadOnly;
    }
}
