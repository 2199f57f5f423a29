using System.Text;
using Microsoft.PowerShell.Commands.Internal.Format;

namespace Microsoft.PowerShell.Commands;

/// <summary>Formats objects as the console would and writes the text to a file; the engine's <c>&gt;</c> is this command.</summary>
[Cmdlet(VerbsData.Out, "File", SupportsShouldProcess = true, DefaultParameterSetName = "ByPath",
    HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096621")]
public sealed class OutFileCommand : FrontEndCommandBase
{
    private Encoding encoding = Encoding.Default;
    private int? width;
    private bool isLiteral;
    private bool received;
    private StreamWriter? writer;
    private FileStream? stream;
    private FileInfo? readOnlyFile;

    public OutFileCommand() => EngineFormatting.UseOutput(this);

    [Alias("Path")]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "ByPath")]
    public string FilePath { get; set; } = "";

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "ByLiteralPath")]
    [Alias("PSPath", "LP")]
    public string LiteralPath
    {
        get => FilePath;
        set
        {
            FilePath = value;
            isLiteral = true;
        }
    }

    [Parameter(Position = 1)]
    [FileEncoding]
    [ValidateNotNullOrEmpty]
    public Encoding Encoding
    {
        get => encoding;
        set
        {
            EngineFormatting.WarnIfObsolete(this, value);
            encoding = value;
        }
    }

    [Parameter]
    public SwitchParameter Append { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    [Alias("NoOverwrite")]
    public SwitchParameter NoClobber { get; set; }

    [Parameter]
    [ValidateRange(2, int.MaxValue)]
    public int Width
    {
        get => width ?? 0;
        set => width = value;
    }

    [Parameter]
    public SwitchParameter NoNewline { get; set; }

    protected override void BeginProcessing()
    {
        if (!ShouldProcess(FilePath, "Output to File"))
            return;
        writer = EngineFormatting.OpenText(this, FilePath, isLiteral, encoding, Append, Force, NoClobber, out stream, out readOnlyFile);
        EngineFormatting.WriteTo(this, writer, width ?? int.MaxValue, NoNewline);
        base.BeginProcessing();
    }

    protected override void ProcessRecord()
    {
        received = true;
        if (writer is null)
            return;
        base.ProcessRecord();
        writer.Flush();
    }

    /// <summary>
    /// As the target of a redirection the command may end without a record (nothing was written), and then it did not run.
    /// </summary>
    protected override void EndProcessing()
    {
        if (!received || writer is null)
            return;
        base.EndProcessing();
        writer.Flush();
        Close();
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        Close();
    }

    private void Close()
    {
        stream?.Dispose();
        stream = null;
        if (readOnlyFile is not null)
            readOnlyFile.Attributes |= FileAttributes.ReadOnly;
        readOnlyFile = null;
    }
}
