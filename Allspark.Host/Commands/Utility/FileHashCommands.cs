using System.Security.Cryptography;

namespace Microsoft.PowerShell.Commands;

/// <summary>The hash of a file or stream.</summary>
public class FileHashInfo
{
    public string? Algorithm { get; set; }

    public string? Hash { get; set; }

    public string? Path { get; set; }
}

[Cmdlet(VerbsCommon.Get, "FileHash", DefaultParameterSetName = "Path", HelpUri = "https://go.microsoft.com/fwlink/?LinkId=517145")]
[OutputType(typeof(FileHashInfo))]
public class GetFileHashCommand : PSCmdlet
{
    [Parameter(Position = 1)]
    [ValidateSet("SHA1", "SHA256", "SHA384", "SHA512", "MD5")]
    public string Algorithm { get; set; } = "SHA256";

    [Parameter(Mandatory = true, ParameterSetName = "Path", Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[]? Path { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "LiteralPath", ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string[]? LiteralPath { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "StreamParameterSet", Position = 0)]
    public Stream? InputStream { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var file in (Path ?? LiteralPath ?? []).SelectMany(path => this.FilesThatExist(path, isLiteral: Path is null)))
            HashFile(file);
    }

    protected override void EndProcessing()
    {
        if (InputStream is not null)
            Write(InputStream, path: null);
    }

    private void HashFile(string file)
    {
        if (Directory.Exists(file))
            return;
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            Write(stream, file);
        }
        catch (FileNotFoundException failure)
        {
            WriteError(new ErrorRecord(failure, "FileNotFound", ErrorCategory.ObjectNotFound, file));
        }
        catch (UnauthorizedAccessException failure)
        {
            WriteError(new ErrorRecord(failure, "UnauthorizedAccessError", ErrorCategory.InvalidData, file));
        }
        catch (IOException failure)
        {
            WriteError(new ErrorRecord(new IOException($"The file '{file}' cannot be read: {failure.Message}", failure), "FileReadError",
                ErrorCategory.ReadError, file));
        }
    }

    private void Write(Stream stream, string? path)
    {
        var name = new HashAlgorithmName(Algorithm.ToUpperInvariant());
        var hash = CryptographicOperations.HashData(name, stream);
        WriteObject(new FileHashInfo { Algorithm = name.Name, Hash = Convert.ToHexString(hash), Path = path });
    }
}

[Cmdlet(VerbsCommon.New, "TemporaryFile", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low,
    HelpUri = "https://go.microsoft.com/fwlink/?LinkId=821836")]
[OutputType(typeof(FileInfo))]
public class NewTemporaryFileCommand : Cmdlet
{
    protected override void EndProcessing()
    {
        var folder = System.IO.Path.GetTempPath();
        if (!ShouldProcess(folder))
            return;
        try
        {
            WriteObject(new FileInfo(System.IO.Path.GetTempFileName()));
        }
        catch (IOException failure)
        {
            ThrowTerminatingError(new ErrorRecord(failure, "NewTemporaryFileWriteError", ErrorCategory.WriteError, folder));
        }
    }
}
