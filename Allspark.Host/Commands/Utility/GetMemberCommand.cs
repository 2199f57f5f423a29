using System.ComponentModel;
using System.Management.Automation.Internal;

namespace Microsoft.PowerShell.Commands;

/// <summary>What Get-Member tells of a member.</summary>
public class MemberDefinition(string typeName, string name, PSMemberTypes memberType, string definition)
{
    public string TypeName { get; } = typeName;

    public string Name { get; } = name;

    public PSMemberTypes MemberType { get; } = memberType;

    public string Definition { get; } = definition;

    public override string ToString() => Definition;
}

[Cmdlet(VerbsCommon.Get, "Member", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096704", RemotingCapability = RemotingCapability.None)]
[OutputType(typeof(MemberDefinition))]
public class GetMemberCommand : PSCmdlet
{
    private const int IncludeHidden = 1;

    private static readonly Type MatchOptions = EngineInternals.Named("System.Management.Automation.MshMemberMatchOptions");

    private readonly HashSet<string> _shown = new(StringComparer.OrdinalIgnoreCase);

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    [Parameter]
    [Alias("Type")]
    public PSMemberTypes MemberType { get; set; } = PSMemberTypes.All;

    [Parameter]
    public PSMemberViewTypes View { get; set; } = PSMemberViewTypes.Adapted | PSMemberViewTypes.Extended;

    [Parameter]
    public SwitchParameter Static { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        if (InputObject is null || ReferenceEquals(InputObject, AutomationNull.Value))
            return;
        var type = Static ? InputObject.BaseObject as Type ?? InputObject.BaseObject.GetType() : null;
        var typeName = type?.FullName
            ?? (InputObject.TypeNames.Count > 0 ? InputObject.TypeNames[0] : "<null>");
        if (!_shown.Add(typeName))
            return;
        foreach (var name in Name)
        {
            var members = type is null ? InstanceMembers(name) : StaticMembers(type, name);
            foreach (var member in members.Where(IsShown)
                .OrderBy(member => member.MemberType.ToString(), StringComparer.OrdinalIgnoreCase)
                .ThenBy(member => member.Name, StringComparer.OrdinalIgnoreCase))
                WriteObject(new MemberDefinition(typeName, member.Name, member.MemberType, member.ToString() ?? ""));
        }
    }

    private IEnumerable<PSMemberInfo> InstanceMembers(string name)
    {
        var source = View switch
        {
            PSMemberViewTypes.Extended => Subset("psextended"),
            PSMemberViewTypes.Adapted => Subset("psadapted"),
            PSMemberViewTypes.Base => Subset("psbase"),
            _ => InputObject!.Members,
        };
        return (IEnumerable<PSMemberInfo>)EngineInternals.CallByName(source, "Match", name, MemberType, Enum.ToObject(MatchOptions, Force ? IncludeHidden : 0))!;
    }

    private PSMemberInfoCollection<PSMemberInfo> Subset(string set) => ((PSMemberSet)InputObject!.Members[set]).Members;

    private IEnumerable<PSMemberInfo> StaticMembers(Type type, string name)
    {
        var adapter = EngineInternals.GetStatic(typeof(PSObject), "DotNetStaticAdapter")!;
        var members = (IEnumerable<PSMemberInfo>)EngineInternals.CallGeneric(adapter, "BaseGetMembers", typeof(PSMemberInfo), type)!;
        var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
        return members.Where(member => pattern.IsMatch(member.Name) && MemberType.HasFlag(member.MemberType));
    }

    // Accessors and operators are the language's, not members to call.
    private bool IsShown(PSMemberInfo member) => Force || member is not PSMethod || !(bool)EngineInternals.Get(member, "IsSpecial")!;

    protected override void EndProcessing()
    {
        if (_shown.Count > 0)
            return;
        WriteError(new ErrorRecord(new InvalidOperationException("You must specify an object for the Get-Member cmdlet."),
            "NoObjectInGetMember", ErrorCategory.CloseError, targetObject: null));
    }
}
