namespace Microsoft.PowerShell.Commands;

/// <summary>The colours of Write-Host; those not given are the host's.</summary>
public class ConsoleColorCmdlet : PSCmdlet
{
    [Parameter]
    public ConsoleColor ForegroundColor { get; set; }

    [Parameter]
    public ConsoleColor BackgroundColor { get; set; }

    private protected ConsoleColor? Bound(string parameter, ConsoleColor color) =>
        MyInvocation.BoundParameters.ContainsKey(parameter) ? color : null;
}

[Cmdlet(VerbsCommunications.Write, "Host", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2097137",
    RemotingCapability = RemotingCapability.None)]
public sealed class WriteHostCommand : ConsoleColorCmdlet
{
    [Parameter(Position = 0, ValueFromRemainingArguments = true, ValueFromPipeline = true)]
    [Alias("Msg", "Message")]
    public object? Object { get; set; }

    [Parameter]
    public SwitchParameter NoNewline { get; set; }

    [Parameter]
    public object Separator { get; set; } = " ";

    protected override void ProcessRecord()
    {
        var message = new HostInformationMessage
        {
            Message = Text(Object) ?? "",
            NoNewLine = NoNewline.IsPresent,
            ForegroundColor = Bound(nameof(ForegroundColor), ForegroundColor),
            BackgroundColor = Bound(nameof(BackgroundColor), BackgroundColor),
        };
        WriteInformation(message, ["PSHOST"]);
    }

    private string? Text(object? value) => ((value as PSObject)?.BaseObject ?? value) switch
    {
        null => null,
        // A wrapped string may carry a ToString of its own.
        string => value!.ToString(),
        System.Xml.XmlNode node => node.Name,
        IEnumerable items => string.Join(Text(Separator), items.Cast<object?>().Select(Text)),
        _ => value!.ToString(),
    };
}
