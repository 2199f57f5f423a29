using System.Collections.Concurrent;
using System.Collections.ObjectModel;
using System.Management.Automation.Runspaces;
using Allspark.Host.Pester.Assertions;
using Allspark.Host.Pester.Keywords;
using Allspark.Host.Pester.Running;
using Allspark.Host.Session;

namespace Allspark.Host.Pester.Mocking;

/// <summary>
/// A command that calls are led away from: a function with the command's parameters, and an alias with the command's name
/// that leads to it. Both lie in the script scope of the place whose calls are meant, the test file's or a module's.
/// </summary>
internal sealed class MockHook
{
    private const string Prefix = "PesterMock_";

    private static readonly ConcurrentDictionary<string, MockHook> Hooks = new(StringComparer.OrdinalIgnoreCase);

    private static readonly ScriptBlock Resolve = PesterScript.Create("""
        $______found = $ExecutionContext.InvokeCommand.GetCommand($args[0], 'All')
        while ($______found -is [System.Management.Automation.AliasInfo]) { $______found = $______found.ResolvedCommand }
        $______found
        if ($______found -and $______found.CommandType -ne 'Application') {
            [System.Management.Automation.CommandMetadata]::new($______found)
        }
        """);

    private static readonly ScriptBlock Define = PesterScript.Create("""
        param($______name, $______body, $______aliases)
        $null = $ExecutionContext.InvokeProvider.Item.Set("Function:\script:$______name", $______body, $true, $true)
        foreach ($______alias in $______aliases) { & $args[0] -Name $______alias -Value $______name -Scope Script -Force }
        """);

    private static readonly ScriptBlock Undefine = PesterScript.Create("""
        foreach ($______path in $args) {
            if ($ExecutionContext.InvokeProvider.Item.Exists($______path, $true, $true)) {
                $ExecutionContext.InvokeProvider.Item.Remove($______path, $false, $true, $true)
            }
        }
        """);

    private readonly PSModuleInfo? _target;
    private readonly Runspace? _runspace = Runspace.DefaultRunspace;
    private readonly string[] _aliases;

    private MockHook(MockCommand command, CommandInfo original, CommandMetadata? metadata, PSModuleInfo? target)
    {
        (Original, Metadata, _target) = (original, metadata, target);
        State = command.SessionState;
        Name = $"{Prefix}{target?.Name ?? "script"}_{original.Name}_{Guid.NewGuid()}";
        _aliases = [original.Name, .. QualifiedNames(original)];
        MockFunction.Rename(metadata);
        MockFunction.Loosen(metadata, command.RemoveParameterType, command.RemoveParameterValidation);
        In(target, command, Define, Name, ScriptBlock.Create(MockFunction.Text(this)), _aliases, SetAlias(command));
    }

    public CommandInfo Original { get; }
    public CommandMetadata? Metadata { get; }
    public string Name { get; }
    public string? ModuleName => _target?.Name;

    /// <summary>Where the test is written: what the mock does instead runs there.</summary>
    public SessionState State { get; }

    public static MockHook Named(string name) => Hooks[name];

    /// <summary>The hook of a command; a <c>Mock</c> makes it if there is none, for <paramref name="mocks"/>.</summary>
    public static MockHook? Of(PSCmdlet command, string name, string? moduleName, MockTable? mocks = null)
    {
        var target = string.IsNullOrEmpty(moduleName) ? null
            : command.SessionState.Module is { } own && own.Name.Equals(moduleName, StringComparison.OrdinalIgnoreCase) ? own
            : Modules.Find(command, moduleName, ModuleType.Script, ModuleType.Manifest);
        var found = In(target, command, Resolve, name);
        if (found is not [{ BaseObject: CommandInfo original }, ..])
            throw Failure.Throw(new ErrorRecord(new CommandNotFoundException($"Could not find Command {name}"),
                "CommandNotFoundException", ErrorCategory.ObjectNotFound, name));
        if (Hooks.TryGetValue(original.Name, out var hook) || mocks is null)
            return hook;
        var metadata = found.Count > 1 ? found[1].BaseObject as CommandMetadata : null;
        hook = new MockHook((MockCommand)command, original, metadata, target);
        Hooks[hook.Name] = hook;
        mocks.Hooks.Add(hook);
        return hook;
    }

    public static void Remove(PSCmdlet command, MockTable mocks)
    {
        foreach (var hook in mocks.Hooks)
            hook.Remove(command);
        mocks.Hooks.Clear();
    }

    /// <summary>Removes what a run left behind that was stopped.</summary>
    public static void RemoveStale(PSCmdlet command)
    {
        foreach (var hook in Hooks.Values.Where(hook => hook._runspace == Runspace.DefaultRunspace))
            hook.Remove(command);
    }

    /// <summary>
    /// The behaviors that calls of this hook may take, the latest first and the one without a filter last. In a module the
    /// filterless behavior of the test file stands in if the module has none.
    /// </summary>
    public IReadOnlyList<MockBehavior> Behaviors(PesterSession session)
    {
        var tables = session.CurrentBlock!.SelfAndAncestors().Select(block => block.Mocks);
        if (session.CurrentTest is { } test)
            tables = tables.Prepend(test.Mocks);
        var all = tables.SelectMany(table => table.Behaviors.AsEnumerable().Reverse())
            .Where(behavior => behavior.Hook.IsOf(Original)).ToArray();
        var own = all.Where(behavior => behavior.Hook.IsIn(ModuleName)).ToArray();
        var fallback = own.FirstOrDefault(behavior => behavior.IsDefault)
            ?? all.FirstOrDefault(behavior => behavior.IsDefault && behavior.Hook.IsIn(null));
        var filtered = own.Where(behavior => !behavior.IsDefault);
        return fallback is null ? [.. filtered] : [.. filtered, fallback];
    }

    public bool IsOf(CommandInfo command) => Original.Name.Equals(command.Name, StringComparison.OrdinalIgnoreCase);

    public bool IsIn(string? moduleName) => string.Equals(ModuleName, moduleName, StringComparison.OrdinalIgnoreCase);

    /// <summary>The variables that a behavior or filter sees: bound parameters under their names and aliases.</summary>
    public Hashtable Variables(IDictionary bound)
    {
        var variables = new Hashtable(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in RunScope.Entries(bound))
        {
            variables[MockFunction.Safe(name)] = value;
            if (Metadata?.Parameters.GetValueOrDefault(name) is not { } parameter)
                continue;
            foreach (var alias in parameter.Aliases.Where(alias => !variables.ContainsKey(MockFunction.Safe(alias))))
                variables[MockFunction.Safe(alias)] = value;
        }
        return variables;
    }

    private void Remove(PSCmdlet command)
    {
        In(_target, command, Undefine, [$"Function:\\{Name}", .. _aliases.Select(alias => $"Alias:\\{alias}")]);
        Hooks.TryRemove(Name, out _);
    }

    private static Collection<PSObject> In(
        PSModuleInfo? module, PSCmdlet command, ScriptBlock script, params object[] arguments) =>
        command.Call(EngineAccess.Bind(script, module?.SessionState ?? command.SessionState), arguments);

    private static CmdletInfo SetAlias(PSCmdlet command) => command.InvokeCommand.GetCmdlet("Set-Alias")
        ?? throw Failure.Throw("Mock needs the command Set-Alias, which is not there.");

    private static IEnumerable<string> QualifiedNames(CommandInfo original)
    {
        if (!string.IsNullOrEmpty(original.ModuleName))
            yield return $"{original.ModuleName}\\{original.Name}";
        if (original is ApplicationInfo { Extension.Length: > 0 } application)
            yield return Path.GetFileNameWithoutExtension(application.Name);
    }
}
