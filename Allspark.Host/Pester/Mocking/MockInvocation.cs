using System.Collections;
using System.ComponentModel;
using System.Management.Automation;
using Allspark.Host.Pester.Running;
using Allspark.Host.Session;

namespace Allspark.Host.Pester.Mocking;

/// <summary>One call of a mocked command, from the first pipeline object to the last. For the functions that mocks are.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class MockInvocation(string hookName)
{
    /// <summary>The cmdlet itself, so that the function needs no name that could be mocked or hidden.</summary>
    public CmdletInfo Command { get; } = new("Invoke-PesterMock", typeof(InvokeMockCommand));

    internal MockHook Hook { get; } = MockHook.Named(hookName);
    internal Hashtable Bound { get; private set; } = [];
    internal object?[] Arguments { get; private set; } = [];

    /// <summary>Pipeline objects that no behavior took; the original command gets them at the end.</summary>
    internal List<object?> Untaken { get; } = [];
    internal bool CallsOriginal { get; set; }

    public void Begin(IDictionary bound, object[]? arguments)
    {
        Bound = new Hashtable(bound, StringComparer.OrdinalIgnoreCase);
        Arguments = arguments ?? [];
    }

    /// <summary>The dynamic parameters that the original cmdlet has for these arguments.</summary>
    public static RuntimeDefinedParameterDictionary? DynamicParameters(string hookName, EngineIntrinsics engine, IDictionary bound)
    {
        ArgumentNullException.ThrowIfNull(engine);
        var original = (CmdletInfo)MockHook.Named(hookName).Original;
        if (!typeof(IDynamicParameters).IsAssignableFrom(original.ImplementingType))
            return null;
        var command = engine.InvokeCommand.GetCommand($"{original.ModuleName}\\{original.Name}", CommandTypes.Cmdlet, [bound])
            ?? engine.InvokeCommand.GetCommand(original.Name, CommandTypes.Cmdlet, [bound]);
        var parameters = new RuntimeDefinedParameterDictionary();
        foreach (var parameter in command?.Parameters.Values.Where(parameter => parameter.IsDynamic) ?? [])
            parameters.Add(parameter.Name, new RuntimeDefinedParameter(parameter.Name, parameter.ParameterType, parameter.Attributes));
        return parameters;
    }
}

/// <summary>The body of the functions that mocks are: takes a call if a behavior fits, and else runs the original at the end.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "PesterMock")]
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class InvokeMockCommand : PSCmdlet
{
    private static readonly ScriptBlock RunOriginal = HelperScript.Create("""
        param($______command, $______bound, $______arguments, $______objects)
        if ($______objects.Count) { $______objects | & $______command @______arguments @______bound } else { & $______command @______arguments @______bound }
        """);

    [Parameter(Mandatory = true)]
    public MockInvocation? Call { get; set; }

    [Parameter(Mandatory = true)]
    public IDictionary Bound { get; set; } = new Hashtable();

    [Parameter]
    public object?[] InputObject { get; set; } = [];

    [Parameter]
    public SwitchParameter Original { get; set; }

    protected override void EndProcessing()
    {
        var call = Call!;
        if (!Original)
            Take(call);
        else if (call.CallsOriginal)
            WriteObject(this.Call(RunOriginal, call.Hook.Original, OriginalNames(call.Bound), call.Arguments, call.Untaken), enumerateCollection: true);
    }

    private void Take(MockInvocation call)
    {
        var hook = call.Hook;
        var bound = new Hashtable(Bound, StringComparer.OrdinalIgnoreCase);
        var session = PesterSession.Current;
        var behavior = session is null ? null
            : hook.Behaviors(session).FirstOrDefault(behavior => MockScript.Passes(this, session, hook.State, hook, behavior.Filter, bound, call.Arguments));
        if (behavior is null)
        {
            call.CallsOriginal = true;
            call.Untaken.AddRange(InputObject);
            return;
        }
        session!.CurrentNode.Mocks.Calls.Add(new MockCall(hook, bound, call.Arguments));
        behavior.Executed = true;
        WriteObject(MockScript.Run(this, hook, behavior.Body, bound, call.Arguments), enumerateCollection: true);
    }

    private static Hashtable OriginalNames(Hashtable bound)
    {
        var named = new Hashtable(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in bound)
            named[MockFunction.Original($"{entry.Key}")] = entry.Value;
        return named;
    }
}

/// <summary>Runs the script blocks of a mock with the call's parameters as variables, in the session state that the test is in.</summary>
internal static class MockScript
{
    private const string Wrapper = """
        param($______variables, $______body, $______bound, $______arguments)
        foreach ($______current in $______variables.GetEnumerator()) { $ExecutionContext.SessionState.PSVariable.Set($______current.Key, $______current.Value) }
        $PesterBoundParameters = $______bound
        & $______body @______arguments @______named
        """;

    private static readonly ScriptBlock Behavior = HelperScript.Create(Wrapper.Replace("@______named", "@______bound", StringComparison.Ordinal));
    private static readonly ScriptBlock Plain = HelperScript.Create(Wrapper.Replace("@______named", "", StringComparison.Ordinal));
    private static readonly ScriptBlock Lenient = HelperScript.Create(Wrapper.Replace("& $______body @______arguments @______named",
        "Set-StrictMode -Off\n& $______body @______arguments", StringComparison.Ordinal));

    public static ICollection<PSObject> Run(PSCmdlet command, MockHook hook, ScriptBlock body, Hashtable bound, object?[] arguments) =>
        Invoke(command, HasParameters(body) ? Behavior : Plain, hook.State, hook, body, bound, arguments);

    public static bool Passes(
        PSCmdlet command, PesterSession session, SessionState state, MockHook hook, ScriptBlock? filter, Hashtable bound, object?[] arguments)
    {
        if (filter is null)
            return true;
        var outer = session.InParameterFilter;
        session.InParameterFilter = true;
        try
        {
            return LanguagePrimitives.IsTrue(Invoke(command, Lenient, state, hook, filter, bound, arguments));
        }
        finally
        {
            session.InParameterFilter = outer;
        }
    }

    private static System.Collections.ObjectModel.Collection<PSObject> Invoke(
        PSCmdlet command, ScriptBlock wrapper, SessionState state, MockHook hook, ScriptBlock body, Hashtable bound, object?[] arguments)
    {
        return command.Call(EngineAccess.Bind(wrapper, state), hook.Variables(bound), body, bound, arguments);
    }

    private static bool HasParameters(ScriptBlock body) =>
        body.Ast is System.Management.Automation.Language.ScriptBlockAst { ParamBlock.Parameters.Count: > 0 };
}
