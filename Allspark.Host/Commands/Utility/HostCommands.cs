using System.Management.Automation.Host;

namespace Microsoft.PowerShell.Commands;

[Cmdlet(VerbsCommon.Get, "PSCallStack", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096705")]
[OutputType(typeof(CallStackFrame))]
public class GetPSCallStackCommand : PSCmdlet
{
    protected override void ProcessRecord()
    {
        var debugger = (Debugger)EngineInternals.Get(EngineInternals.Context(this), "Debugger")!;
        foreach (var frame in debugger.GetCallStack())
            WriteObject(frame);
    }
}

[Cmdlet(VerbsCommon.Get, "Host", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2097110", RemotingCapability = RemotingCapability.None)]
[OutputType(typeof(PSHost))]
public class GetHostCommand : PSCmdlet
{
    protected override void BeginProcessing() => WriteObject(Host);
}

[Cmdlet(VerbsCommon.Get, "Culture", DefaultParameterSetName = "CurrentCulture", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2097017")]
[OutputType(typeof(CultureInfo))]
public sealed class GetCultureCommand : PSCmdlet
{
    [Parameter(ParameterSetName = "CurrentCulture")]
    [Parameter(ParameterSetName = "Name")]
    public SwitchParameter NoUserOverrides { get; set; }

    [Parameter(ParameterSetName = "Name", Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public string[]? Name { get; set; }

    [Parameter(ParameterSetName = "ListAvailable")]
    public SwitchParameter ListAvailable { get; set; }

    protected override void ProcessRecord()
    {
        if (ListAvailable)
            WriteObject(CultureInfo.GetCultures(CultureTypes.AllCultures), enumerateCollection: true);
        else if (Name is null)
            WriteObject(NoUserOverrides ? CultureInfo.GetCultureInfo(Host.CurrentCulture.Name) : Host.CurrentCulture);
        foreach (var name in Name ?? [])
        {
            try
            {
                WriteObject(CultureInfo.GetCultureInfo(name));
            }
            catch (CultureNotFoundException failure)
            {
                WriteError(new ErrorRecord(failure, "ItemNotFoundException", ErrorCategory.ObjectNotFound, name));
            }
        }
    }
}

[Cmdlet(VerbsCommon.Get, "UICulture", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096613")]
[OutputType(typeof(CultureInfo))]
public sealed class GetUICultureCommand : PSCmdlet
{
    protected override void BeginProcessing() => WriteObject(Host.CurrentUICulture);
}

[Cmdlet(VerbsCommunications.Read, "Host", DefaultParameterSetName = "AsString", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096610")]
[OutputType(typeof(string), typeof(System.Security.SecureString))]
public sealed class ReadHostCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromRemainingArguments = true)]
    [AllowNull]
    public object? Prompt { get; set; }

    [Parameter(ParameterSetName = "AsSecureString")]
    public SwitchParameter AsSecureString { get; set; }

    [Parameter(ParameterSetName = "AsString")]
    public SwitchParameter MaskInput { get; set; }

    protected override void BeginProcessing()
    {
        var prompt = Prompt is null ? null : Prompt is IEnumerable and not string
            ? string.Join(' ', ((IEnumerable)Prompt).Cast<object>()) : LanguagePrimitives.ConvertTo<string>(Prompt);
        var answer = string.IsNullOrEmpty(prompt) ? AsSecureString || MaskInput ? Host.UI.ReadLineAsSecureString() : Host.UI.ReadLine()
            : Ask(prompt);
        WriteObject(MaskInput ? new System.Net.NetworkCredential("", (System.Security.SecureString)answer).Password : answer);
    }

    private object Ask(string prompt)
    {
        var field = new FieldDescription(prompt) { DefaultValue = "" };
        field.SetParameterType(AsSecureString || MaskInput ? typeof(System.Security.SecureString) : typeof(string));
        return Host.UI.Prompt("", "", [field])[prompt].BaseObject;
    }
}

[Cmdlet(VerbsCommon.Get, "Error", DefaultParameterSetName = "Newest", HelpUri = "https://go.microsoft.com/fwlink/?linkid=2241804",
    RemotingCapability = RemotingCapability.None)]
[OutputType("System.Management.Automation.ErrorRecord#PSExtendedError", "System.Exception#PSExtendedError")]
public sealed class GetErrorCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ParameterSetName = "Error")]
    public PSObject? InputObject { get; set; }

    [Parameter(ParameterSetName = "Newest")]
    [Alias("Last")]
    [ValidateRange(1, int.MaxValue)]
    public int Newest { get; set; } = 1;

    protected override void ProcessRecord()
    {
        var errors = InputObject is not null ? new ArrayList { InputObject }
            : SessionState.PSVariable.Get("error").Value as ArrayList ?? [];
        foreach (var error in errors.Cast<object>().Take(InputObject is null ? Newest : 1))
        {
            // The view goes by the type name, which must not stick to the record itself.
            var plain = error is PSObject wrapped ? wrapped.BaseObject : error;
            var extended = (PSObject)EngineInternals.CallByName(typeof(PSObject), nameof(PSObject.AsPSObject), plain, true)!;
            var name = plain is ErrorRecord ? typeof(ErrorRecord).FullName! : typeof(Exception).FullName!;
            extended.TypeNames.Remove(name);
            extended.TypeNames.Insert(0, name + "#PSExtendedError");
            WriteObject(extended);
        }
    }
}

[Cmdlet(VerbsData.Update, "List", DefaultParameterSetName = "AddRemoveSet", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2109383")]
public class UpdateListCommand : PSCmdlet
{
    [Parameter(ParameterSetName = "AddRemoveSet")]
    [ValidateNotNullOrEmpty]
    public object[]? Add { get; set; }

    [Parameter(ParameterSetName = "AddRemoveSet")]
    [ValidateNotNullOrEmpty]
    public object[]? Remove { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "ReplaceSet")]
    [ValidateNotNullOrEmpty]
    public object[]? Replace { get; set; }

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? Property { get; set; }

    protected override void ProcessRecord()
    {
        if (Property is null)
            return;
        if (InputObject is null)
            WriteError(Error("MissingInputObjectParameter", "You must specify the InputObject parameter when the Property parameter is specified.", null));
        else if (InputObject.Members[Property] is not { } member)
            WriteError(Error("MemberDoesntExist", $"The property '{Property}' cannot be found on this object", InputObject));
        else
            Apply(member.Value);
    }

    private void Apply(object collection)
    {
        try
        {
            var changes = new PSListModifier([.. Remove ?? []], [.. Add ?? []]);
            foreach (var item in Replace ?? [])
                changes.Replace.Add(item);
            changes.ApplyTo(collection);
            WriteObject(InputObject);
        }
        catch (PSInvalidOperationException failure)
        {
            WriteError(new ErrorRecord(failure, "ApplyFailed", ErrorCategory.InvalidOperation, targetObject: null));
        }
    }

    private static ErrorRecord Error(string id, string message, object? target) =>
        new(new InvalidOperationException(message), id, ErrorCategory.InvalidOperation, target);

    protected override void EndProcessing()
    {
        if (Property is not null)
            return;
        if (InputObject is not null)
        {
            ThrowTerminatingError(Error("MissingPropertyParameter",
                "You must specify the Property parameter when the InputObject parameter is specified.", target: null));
        }
        var changes = new Hashtable();
        if (Replace is not null)
            changes["Replace"] = Replace;
        if (Add is not null)
            changes["Add"] = Add;
        if (Remove is not null)
            changes["Remove"] = Remove;
        WriteObject(changes);
    }
}
