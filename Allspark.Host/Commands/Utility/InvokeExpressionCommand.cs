namespace Microsoft.PowerShell.Commands;

[Cmdlet(VerbsLifecycle.Invoke, "Expression", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2097030",
    RemotingCapability = RemotingCapability.None)]
public sealed class InvokeExpressionCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)]
    public string Command { get; set; } = "";

    protected override void ProcessRecord() => EngineInternals.InvokeInCallerScope(this, InvokeCommand.NewScriptBlock(Command));
}
