using System.Text;
using Microsoft.PowerShell.Commands.Internal.Format;

namespace Microsoft.PowerShell.Commands;

/// <summary>Formats objects as the console would and gives the text.</summary>
[Cmdlet(VerbsData.Out, "String", DefaultParameterSetName = WholeText, HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2097024",
    RemotingCapability = RemotingCapability.None)]
[OutputType(typeof(string))]
public sealed class OutStringCommand : FrontEndCommandBase
{
    private const string WholeText = "NoNewLineFormatting";
    private const string Lines = "StreamFormatting";

    private readonly StringBuilder text = new();
    private int? width;

    public OutStringCommand() => EngineFormatting.UseOutput(this);

    /// <summary>One string a line instead of one for all.</summary>
    [Parameter(ParameterSetName = Lines)]
    public SwitchParameter Stream { get; set; }

    [Parameter]
    [ValidateRange(2, int.MaxValue)]
    public int Width
    {
        get => width ?? 0;
        set => width = value;
    }

    [Parameter(ParameterSetName = WholeText)]
    public SwitchParameter NoNewline { get; set; }

    protected override void BeginProcessing()
    {
        EngineFormatting.WriteTo(this, new LineWriter(Take), width ?? int.MaxValue);
        base.BeginProcessing();
    }

    protected override void EndProcessing()
    {
        base.EndProcessing();
        if (!Stream)
            WriteObject(text.ToString());
    }

    private void Take(string line)
    {
        if (Stream)
            WriteObject(line);
        else if (NoNewline)
            text.Append(line);
        else
            text.AppendLine(line);
    }

    /// <summary>Hands whole lines on; the formatting engine writes nothing else.</summary>
    private sealed class LineWriter(Action<string> take) : TextWriter(CultureInfo.InvariantCulture)
    {
        public override Encoding Encoding => Encoding.Unicode;

        public override void WriteLine(string? value) => take(value ?? "");
    }
}
