using System.Management.Automation.Internal;

namespace Microsoft.PowerShell.Commands;

[Cmdlet(VerbsCommon.Get, "Unique", DefaultParameterSetName = "AsString", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2097028",
    RemotingCapability = RemotingCapability.None)]
public sealed class GetUniqueCommand : PSCmdlet
{
    private PSObject? _last;
    private string? _lastText;

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; } = AutomationNull.Value;

    [Parameter(ParameterSetName = "AsString")]
    public SwitchParameter AsString { get; set; }

    [Parameter(ParameterSetName = "UniqueByType")]
    public SwitchParameter OnType { get; set; }

    [Parameter]
    public SwitchParameter CaseInsensitive { get; set; }

    protected override void ProcessRecord()
    {
        var repeated = _last is not null && IsRepeat();
        if (repeated)
            return;
        WriteObject(InputObject);
        _last = InputObject;
        _lastText = null;
    }

    private bool IsRepeat()
    {
        if (OnType)
            return InputObject!.TypeNames[0] == _last!.TypeNames[0];
        if (AsString)
        {
            _lastText ??= _last!.ToString();
            return string.Compare(InputObject!.ToString(), _lastText, CaseInsensitive, CultureInfo.CurrentCulture) == 0;
        }
        return new ValueComparer(ascending: true, CultureInfo.CurrentCulture, !CaseInsensitive).Compare(InputObject, _last) == 0;
    }
}
