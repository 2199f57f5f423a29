using System.Management.Automation.Runspaces;

namespace Microsoft.PowerShell.Commands;

/// <summary>Gives the runspaces of the process.</summary>
[Cmdlet(VerbsCommon.Get, "Runspace", DefaultParameterSetName = NameSet, HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096616")]
[OutputType(typeof(Runspace))]
public sealed class GetRunspaceCommand : PSCmdlet
{
    private const string NameSet = "NameParameterSet";
    private const string IdSet = "IdParameterSet";
    private const string InstanceIdSet = "InstanceIdParameterSet";

    [Parameter(Position = 0, ParameterSetName = NameSet)]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    [Parameter(Position = 0, Mandatory = true, ParameterSetName = IdSet)]
    [ValidateNotNull]
    public int[] Id { get; set; } = [];

    [Parameter(Position = 0, Mandatory = true, ParameterSetName = InstanceIdSet)]
    [ValidateNotNull]
    public Guid[] InstanceId { get; set; } = [];

    protected override void ProcessRecord()
    {
        var all = (IReadOnlyList<Runspace>)EngineInternals.CallByName(typeof(Runspace), "get_RunspaceList")!;
        foreach (var runspace in all)
        {
            if (Matches(runspace))
                WriteObject(runspace);
        }
    }

    private bool Matches(Runspace runspace) => ParameterSetName switch
    {
        IdSet => Array.IndexOf(Id, runspace.Id) >= 0,
        InstanceIdSet => Array.IndexOf(InstanceId, runspace.InstanceId) >= 0,
        _ => Array.Exists(Name, name => WildcardPattern.Get(name, WildcardOptions.IgnoreCase).IsMatch(runspace.Name)),
    };
}
