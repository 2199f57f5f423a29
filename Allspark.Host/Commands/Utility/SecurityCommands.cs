using System.Security;
using System.Text;

namespace Microsoft.PowerShell.Commands;

[Cmdlet(VerbsData.ConvertTo, "SecureString", DefaultParameterSetName = "Secure", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096818")]
[OutputType(typeof(SecureString))]
public sealed class ConvertToSecureStringCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, Mandatory = true)]
    public string String { get; set; } = "";

    [Parameter(Position = 1, ParameterSetName = "PlainText")]
    public SwitchParameter AsPlainText { get; set; }

    [Parameter(Position = 2, ParameterSetName = "PlainText")]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        var plain = AsPlainText ? String : Decode(String);
        var secret = new SecureString();
        foreach (var character in plain)
            secret.AppendChar(character);
        secret.MakeReadOnly();
        WriteObject(secret);
    }

    private string Decode(string text)
    {
        try
        {
            // Outside Windows there is no key store: without a key the text is only encoded, as PowerShell has it.
            return Encoding.Unicode.GetString(Convert.FromHexString(text));
        }
        catch (FormatException failure)
        {
            ThrowTerminatingError(new ErrorRecord(failure, "ImportSecureString_InvalidArgument", ErrorCategory.InvalidArgument, targetObject: null));
            throw;
        }
    }
}

[Cmdlet(VerbsData.ConvertFrom, "SecureString", DefaultParameterSetName = "Secure", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096829")]
[OutputType(typeof(string))]
public sealed class ConvertFromSecureStringCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, Mandatory = true)]
    public SecureString SecureString { get; set; } = new();

    [Parameter(ParameterSetName = "AsPlainText")]
    public SwitchParameter AsPlainText { get; set; }

    protected override void ProcessRecord()
    {
        var plain = new System.Net.NetworkCredential("", SecureString).Password;
        WriteObject(AsPlainText ? plain : Convert.ToHexStringLower(Encoding.Unicode.GetBytes(plain)));
    }
}

[Cmdlet(VerbsCommon.Get, "ExecutionPolicy", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096594")]
[OutputType(typeof(Microsoft.PowerShell.ExecutionPolicy))]
public class GetExecutionPolicyCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    public ExecutionPolicyScope Scope { get; set; }

    [Parameter]
    public SwitchParameter List { get; set; }

    protected override void BeginProcessing()
    {
        if (!List)
        {
            WriteObject(Scope is ExecutionPolicyScope.LocalMachine || !MyInvocation.BoundParameters.ContainsKey(nameof(Scope))
                ? ExecutionPolicy.Unrestricted : ExecutionPolicy.Undefined);
            return;
        }
        foreach (var scope in new[] { "MachinePolicy", "UserPolicy", "Process", "CurrentUser", "LocalMachine" })
        {
            var entry = new PSObject();
            entry.Properties.Add(new PSNoteProperty("Scope", Enum.Parse<ExecutionPolicyScope>(scope)));
            entry.Properties.Add(new PSNoteProperty("ExecutionPolicy", ExecutionPolicy.Unrestricted));
            WriteObject(entry);
        }
    }
}

[Cmdlet(VerbsCommon.Set, "ExecutionPolicy", SupportsShouldProcess = true, HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096612")]
public class SetExecutionPolicyCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true, Mandatory = true)]
    public ExecutionPolicy ExecutionPolicy { get; set; }

    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    public ExecutionPolicyScope Scope { get; set; } = ExecutionPolicyScope.LocalMachine;

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void BeginProcessing() => throw new PlatformNotSupportedException("Operation is not supported on this platform.");
}

/// <summary>Asks for a user name and a password.</summary>
[Cmdlet(VerbsCommon.Get, "Credential", DefaultParameterSetName = CredentialSet, HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096824")]
[OutputType(typeof(PSCredential))]
public sealed class GetCredentialCommand : PSCmdlet
{
    private const string CredentialSet = "CredentialSet";
    private const string MessageSet = "MessageSet";

    [Parameter(Position = 0, ParameterSetName = CredentialSet)]
    [ValidateNotNull]
    [Credential]
    public PSCredential? Credential { get; set; }

    [Parameter(ParameterSetName = MessageSet)]
    [ValidateNotNullOrEmpty]
    public string Message { get; set; } = "Enter your credentials.";

    [Parameter(Position = 0, ParameterSetName = MessageSet)]
    [ValidateNotNullOrEmpty]
    public string? UserName { get; set; }

    [Parameter(ParameterSetName = MessageSet)]
    [ValidateNotNullOrEmpty]
    public string Title { get; set; } = "PowerShell credential request";

    protected override void BeginProcessing()
    {
        var given = Credential ?? Host.UI.PromptForCredential(Title, Message, UserName, targetName: "");
        if (given is not null)
            WriteObject(given);
    }
}
