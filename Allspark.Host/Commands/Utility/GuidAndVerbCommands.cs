namespace Microsoft.PowerShell.Commands;

[Cmdlet(VerbsCommon.New, "Guid", DefaultParameterSetName = "Default", HelpUri = "https://go.microsoft.com/fwlink/?LinkId=526920")]
[OutputType(typeof(Guid))]
public class NewGuidCommand : PSCmdlet
{
    [Parameter(ParameterSetName = "Empty")]
    public SwitchParameter Empty { get; set; }

    [Parameter(Position = 0, ValueFromPipeline = true, ParameterSetName = "InputObject")]
    public string? InputObject { get; set; }

    protected override void ProcessRecord()
    {
        if (InputObject is null)
        {
            WriteObject(Empty ? Guid.Empty : Guid.NewGuid());
            return;
        }
        try
        {
            WriteObject(new Guid(InputObject));
        }
        catch (Exception failure)
        {
            WriteError(new ErrorRecord(failure, "StringNotRecognizedAsGuid", ErrorCategory.InvalidArgument, targetObject: null));
        }
    }
}

[Cmdlet(VerbsCommon.Get, "Verb", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2097026")]
[OutputType(typeof(VerbInfo))]
public class GetVerbCommand : Cmdlet
{
    [Parameter(ValueFromPipelineByPropertyName = true, ValueFromPipeline = true, Position = 0)]
    public string[]? Verb { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true, Position = 1)]
    [ValidateSet("Common", "Communications", "Data", "Diagnostic", "Lifecycle", "Other", "Security")]
    public string[]? Group { get; set; }

    protected override void ProcessRecord()
    {
        var verbs = EngineInternals.CallByName(EngineInternals.Named("System.Management.Automation.Verbs"), "FilterByVerbsAndGroups", Verb, Group);
        WriteObject(verbs, enumerateCollection: true);
    }
}
