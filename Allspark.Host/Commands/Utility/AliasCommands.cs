namespace Microsoft.PowerShell.Commands;

[Cmdlet(VerbsCommon.Get, "Alias", DefaultParameterSetName = "Default", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096702")]
[OutputType(typeof(AliasInfo))]
public sealed class GetAliasCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Default")]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    [Parameter]
    public string[] Exclude { get; set; } = [];

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Scope { get; set; }

    [Parameter(ParameterSetName = "Definition")]
    [ValidateNotNullOrEmpty]
    public string[]? Definition { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var pattern in Definition ?? Name)
            WriteMatches(pattern);
    }

    private void WriteMatches(string pattern)
    {
        var aliases = (IDictionary<string, AliasInfo>)(Scope is null
            ? EngineInternals.Session(SessionState, "GetAliasTable")
            : EngineInternals.Session(SessionState, "GetAliasTableAtScope", Scope))!;
        var filter = WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase);
        var excluded = Exclude.Select(name => WildcardPattern.Get(name, WildcardOptions.IgnoreCase)).ToArray();
        var matches = aliases.Values
            .Where(alias => filter.IsMatch(Definition is null ? alias.Name : alias.Definition)
                && !excluded.Any(name => name.IsMatch(Definition is null ? alias.Name : alias.Definition))
                && SessionState.IsVisible(CommandOrigin, alias))
            .OrderBy(alias => alias.Name, StringComparer.CurrentCultureIgnoreCase).ToList();
        if (matches.Count == 0 && Exclude.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(pattern))
        {
            var what = Definition is null ? "name" : "definition";
            WriteError(new ErrorRecord(
                new ItemNotFoundException($"This command cannot find a matching alias because an alias with the {what} '{pattern}' does not exist."),
                "ItemNotFoundException", ErrorCategory.ObjectNotFound, pattern));
        }
        WriteObject(matches, enumerateCollection: true);
    }
}

/// <summary>What New-Alias and Set-Alias have in common.</summary>
public abstract class WriteAliasCommandBase : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public string Name { get; set; } = "";

    [Parameter(Position = 1, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public string Value { get; set; } = "";

    [Parameter]
    public string Description { get; set; } = "";

    [Parameter]
    public ScopedItemOptions Option { get; set; } = ScopedItemOptions.None;

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Scope { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected void Write(string action)
    {
        if (ShouldProcess($"Name: {Name} Value: {Value}", action))
            this.SetAlias(SessionStateChange.NewAlias(this, Name, Value, Description, Option), Scope, Force, PassThru);
    }
}

[Cmdlet(VerbsCommon.Set, "Alias", SupportsShouldProcess = true, HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096625")]
[OutputType(typeof(AliasInfo))]
public sealed class SetAliasCommand : WriteAliasCommandBase
{
    protected override void ProcessRecord() => Write("Set Alias");
}

[Cmdlet(VerbsCommon.New, "Alias", SupportsShouldProcess = true, HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2097022")]
[OutputType(typeof(AliasInfo))]
public sealed class NewAliasCommand : WriteAliasCommandBase
{
    protected override void ProcessRecord()
    {
        if (!Force && EngineInternals.Session(SessionState, "GetAliasAtScope", Name, Scope ?? "local") is AliasInfo known)
        {
            SessionStateChange.RefuseExistingAlias(this, known.Name);
            return;
        }
        Write("New Alias");
    }
}

[Cmdlet(VerbsCommon.Remove, "Alias", HelpUri = "https://go.microsoft.com/fwlink/?linkid=2097127")]
[Alias("ral")]
public class RemoveAliasCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[] Name { get; set; } = [];

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Scope { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            var known = Scope is null ? EngineInternals.Session(SessionState, "GetAlias", name)
                : EngineInternals.Session(SessionState, "GetAliasAtScope", name, Scope);
            if (known is null)
            {
                WriteError(new ErrorRecord(
                    new ItemNotFoundException($"This command cannot find a matching alias because an alias with the name '{name}' does not exist."),
                    "ItemNotFoundException", ErrorCategory.ObjectNotFound, name));
                continue;
            }
            this.TryChange(() => EngineInternals.Session(SessionState, "RemoveAlias", name, Force.IsPresent));
        }
    }
}

/// <summary>Changes of session state that the engine may refuse.</summary>
internal static class SessionStateChange
{
    public static AliasInfo NewAlias(Cmdlet cmdlet, string name, string value, string description, ScopedItemOptions options)
    {
        var alias = (AliasInfo)EngineInternals.Create(typeof(AliasInfo), name, value, EngineInternals.Context(cmdlet), options);
        alias.Description = description;
        return alias;
    }

    public static void SetAlias(this PSCmdlet cmdlet, AliasInfo alias, string? scope, bool force, bool passThru) => cmdlet.TryChange(() =>
    {
        var result = scope is null
            ? EngineInternals.Session(cmdlet.SessionState, "SetAliasItem", alias, force, cmdlet.CommandOrigin)
            : EngineInternals.Session(cmdlet.SessionState, "SetAliasItemAtScope", alias, scope, force, cmdlet.CommandOrigin);
        if (passThru)
            cmdlet.WriteObject(result);
    });

    public static void RefuseExistingAlias(Cmdlet cmdlet, string name) => cmdlet.WriteError(new ErrorRecord(
        new SessionStateException($"The alias is not allowed, because an alias with the name '{name}' already exists."),
        "AliasAlreadyExists", ErrorCategory.ResourceExists, name));

    /// <summary>Does something to an item and reports the engine's refusal as an error of the cmdlet.</summary>
    public static void TryChange(this Cmdlet cmdlet, Action change)
    {
        try
        {
            change();
        }
        catch (RuntimeException refused) when (refused is SessionStateException)
        {
            cmdlet.WriteError(new ErrorRecord(refused.ErrorRecord, refused));
        }
        catch (Exception refused) when (refused is PSArgumentException or PSArgumentOutOfRangeException)
        {
            cmdlet.WriteError(new ErrorRecord(((IContainsErrorRecord)refused).ErrorRecord, refused));
        }
    }
}
