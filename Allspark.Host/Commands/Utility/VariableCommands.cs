using System.Management.Automation.Internal;

namespace Microsoft.PowerShell.Commands;

/// <summary>What the variable cmdlets have in common: a scope, and names with wildcards and filters.</summary>
public abstract class VariableCommandBase : PSCmdlet
{
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Scope { get; set; }

    private protected string[] Include { get; set; } = [];

    private protected string[] Exclude { get; set; } = [];

    /// <summary>The variables that match a name, sorted by name; a plain name that matches none is an error.</summary>
    internal List<PSVariable> Matching(string name, string? scope, bool quiet = false)
    {
        var filter = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
        var wild = WildcardPattern.ContainsWildcardCharacters(name);
        if (!wild)
        {
            // A plain name is looked up so that a qualified one (global:x) and one of a private scope work too.
            var found = scope is null ? SessionState.PSVariable.Get(name)
                : (PSVariable?)EngineInternals.Session(SessionState, "GetVariableAtScope", name, scope);
            if (found is not null && !IsPassedOver(found.Name) && SessionState.IsVisible(CommandOrigin, found))
                return [found];
            if (found is null && !quiet)
            {
                WriteError(new ErrorRecord(new ItemNotFoundException($"Cannot find a variable with the name '{name}'."),
                    "VariableNotFound", ErrorCategory.ObjectNotFound, name));
            }
            return [];
        }
        var table = scope is null ? EngineInternals.Session(SessionState, "GetVariableTable")
            : EngineInternals.Session(SessionState, "GetVariableTableAtScope", scope);
        return [.. ((IDictionary<string, PSVariable>)table!)
            .Where(entry => filter.IsMatch(entry.Key) && !IsPassedOver(entry.Key) && SessionState.IsVisible(CommandOrigin, entry.Value))
            .Select(entry => entry.Value).OrderBy(variable => variable.Name, StringComparer.CurrentCultureIgnoreCase)];
    }

    private protected bool IsPassedOver(string name) =>
        (Include.Length > 0 && !Include.Any(pattern => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(name)))
        || Exclude.Any(pattern => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(name));

    /// <summary>Opens a read-only variable for a forced change, or closes it again; false where nothing changed.</summary>
    internal static bool SetReadOnly(PSVariable variable, bool readOnly)
    {
        if (variable.Options.HasFlag(ScopedItemOptions.ReadOnly) == readOnly)
            return false;
        EngineInternals.CallByName(variable, "SetOptions", variable.Options ^ ScopedItemOptions.ReadOnly, true);
        return true;
    }

    private protected PSVariable? Local(string name, string? scope) => 
        (PSVariable?)EngineInternals.Session(SessionState, "GetVariableAtScope", name, scope ?? "local");
}

[Cmdlet(VerbsCommon.Get, "Variable", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096711")]
[OutputType(typeof(PSVariable))]
public sealed class GetVariableCommand : VariableCommandBase
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    [Parameter]
    public SwitchParameter ValueOnly { get; set; }

    [Parameter]
    public new string[] Include { get => base.Include; set => base.Include = value ?? []; }

    [Parameter]
    public new string[] Exclude { get => base.Exclude; set => base.Exclude = value ?? []; }

    protected override void ProcessRecord()
    {
        foreach (var variable in Name.SelectMany(name => Matching(name, Scope)))
            WriteObject(ValueOnly ? variable.Value : variable, enumerateCollection: ValueOnly);
    }
}

[Cmdlet(VerbsCommon.New, "Variable", SupportsShouldProcess = true, HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2097121")]
[OutputType(typeof(PSVariable))]
public sealed class NewVariableCommand : VariableCommandBase
{
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true, Mandatory = true)]
    public string Name { get; set; } = "";

    [Parameter(Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public object? Value { get; set; }

    [Parameter]
    public string Description { get; set; } = "";

    [Parameter]
    public ScopedItemOptions Option { get; set; } = ScopedItemOptions.None;

    [Parameter]
    public SessionStateEntryVisibility Visibility { get; set; } = SessionStateEntryVisibility.Public;

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        if (Force || Local(Name, Scope) is not { } known)
        {
            Create();
            return;
        }
        WriteError(new ErrorRecord(new SessionStateException($"A variable with name '{known.Name}' already exists."),
            "VariableAlreadyExists", ErrorCategory.ResourceExists, known.Name));
    }

    private void Create()
    {
        var variable = new PSVariable(Name, Value, Option) { Visibility = Visibility };
        if (Description.Length > 0)
            variable.Description = Description;
        if (!ShouldProcess($"Name: {Name} Value: {Value}", "New variable"))
            return;
        this.TryChange(() =>
        {
            if (Scope is null)
                EngineInternals.Session(SessionState, "NewVariable", variable, Force.IsPresent);
            else
                EngineInternals.Session(SessionState, "NewVariableAtScope", variable, Scope, Force.IsPresent);
            if (PassThru)
                WriteObject(variable);
        });
    }
}

[Cmdlet(VerbsCommon.Set, "Variable", SupportsShouldProcess = true, HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096624")]
[OutputType(typeof(PSVariable))]
public sealed class SetVariableCommand : VariableCommandBase
{
    private readonly List<object?> _piped = [];
    private bool _nameGiven;
    private bool _valueGiven;

    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true, Mandatory = true)]
    public string[] Name { get; set; } = [];

    [Parameter(Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public object? Value { get; set; } = AutomationNull.Value;

    [Parameter]
    public new string[] Include { get => base.Include; set => base.Include = value ?? []; }

    [Parameter]
    public new string[] Exclude { get => base.Exclude; set => base.Exclude = value ?? []; }

    [Parameter]
    public string? Description { get; set; }

    [Parameter]
    public ScopedItemOptions Option { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SessionStateEntryVisibility Visibility { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    [Parameter]
    public SwitchParameter Append { get; set; }

    private bool Has(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    protected override void BeginProcessing()
    {
        _nameGiven = Name.Length > 0;
        _valueGiven = !ReferenceEquals(Value, AutomationNull.Value) || Has(nameof(Value));
        if (!Append)
            return;
        if (Name.Length != 1)
        {
            ThrowTerminatingError(new ErrorRecord(new InvalidOperationException(), "SetVariableAppend", ErrorCategory.InvalidOperation, Name)
            {
                ErrorDetails = new ErrorDetails("SetVariableAppend"),
            });
        }
        if (SessionState.PSVariable.Get(Name[0]) is { } known)
            _piped.AddRange(known.Value as IList<object> ?? [known.Value]);
    }

    protected override void ProcessRecord()
    {
        if (!_nameGiven)
            SetAll(Value);
        else if (!ReferenceEquals(Value, AutomationNull.Value) && (!_valueGiven || Append))
            _piped.Add(Value);
    }

    protected override void EndProcessing()
    {
        if (!_nameGiven)
            return;
        if (_valueGiven && !Append)
            SetAll(Value);
        else
            SetAll(_piped switch { [] => AutomationNull.Value, [var only] => only, _ => _piped.ToArray() });
    }

    private void SetAll(object? value)
    {
        foreach (var name in Name)
        {
            // Without a scope only the current one counts: a variable of an outer scope is hidden, not changed.
            var known = Matching(name, Scope ?? "local", quiet: true);
            if (known.Count == 0 && !WildcardPattern.ContainsWildcardCharacters(name) && !IsPassedOver(name))
                SetNew(name, ReferenceEquals(value, AutomationNull.Value) ? null : value);
            foreach (var variable in known)
                SetKnown(variable, value);
        }
    }

    private void SetNew(string name, object? value)
    {
        var isPrivate = string.Equals(Scope, "private", StringComparison.OrdinalIgnoreCase);
        if (!ShouldProcess($"Name: {name} Value: {value}", "Set variable"))
            return;
        this.TryChange(() =>
        {
            var variable = new PSVariable(name, value, Option | (isPrivate ? ScopedItemOptions.Private : ScopedItemOptions.None))
            {
                Description = Description ?? "",
            };
            if (Has(nameof(Visibility)))
                variable.Visibility = Visibility;
            var result = Scope is null
                ? EngineInternals.Session(SessionState, "SetVariable", variable, Force.IsPresent, CommandOrigin)
                : EngineInternals.Session(SessionState, "SetVariableAtScope", variable, Scope, Force.IsPresent, CommandOrigin);
            if (PassThru)
                WriteObject(result);
        });
    }

    private void SetKnown(PSVariable variable, object? value)
    {
        if (!ShouldProcess($"Name: {variable.Name} Value: {value}", "Set variable"))
            return;
        this.TryChange(() =>
        {
            var reopened = Force && SetReadOnly(variable, false);
            if (!ReferenceEquals(value, AutomationNull.Value))
                variable.Value = value;
            if (Description is not null)
                variable.Description = Description;
            if (Has(nameof(Option)))
                variable.Options = Option;
            else if (reopened)
                SetReadOnly(variable, true);
            if (Has(nameof(Visibility)))
                variable.Visibility = Visibility;
            if (PassThru)
                WriteObject(variable);
        });
    }
}

[Cmdlet(VerbsCommon.Clear, "Variable", SupportsShouldProcess = true, HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096923")]
[OutputType(typeof(PSVariable))]
public sealed class ClearVariableCommand : VariableCommandBase
{
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true, Mandatory = true)]
    public string[] Name { get; set; } = [];

    [Parameter]
    public new string[] Include { get => base.Include; set => base.Include = value ?? []; }

    [Parameter]
    public new string[] Exclude { get => base.Exclude; set => base.Exclude = value ?? []; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var variable in Name.SelectMany(name => Matching(name, Scope)))
        {
            if (!ShouldProcess($"Name: {variable.Name}", "Clear variable"))
                continue;
            this.TryChange(() =>
            {
                var reopened = Force && SetReadOnly(variable, false);
                variable.Value = null;
                if (reopened)
                    SetReadOnly(variable, true);
                if (PassThru)
                    WriteObject(variable);
            });
        }
    }
}

[Cmdlet(VerbsCommon.Remove, "Variable", SupportsShouldProcess = true, HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2097123")]
public sealed class RemoveVariableCommand : VariableCommandBase
{
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true, Mandatory = true)]
    public string[] Name { get; set; } = [];

    [Parameter]
    public new string[] Include { get => base.Include; set => base.Include = value ?? []; }

    [Parameter]
    public new string[] Exclude { get => base.Exclude; set => base.Exclude = value ?? []; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        // Removing without a scope looks at the current one only, not at those around it.
        foreach (var variable in Name.SelectMany(name => Matching(name, Scope ?? "local")))
        {
            if (!ShouldProcess($"Name: {variable.Name}", "Remove variable"))
                continue;
            this.TryChange(() =>
            {
                if (Scope is null)
                    EngineInternals.Session(SessionState, "RemoveVariable", variable, Force.IsPresent);
                else
                    EngineInternals.Session(SessionState, "RemoveVariableAtScope", variable, Scope, Force.IsPresent);
            });
        }
    }
}
