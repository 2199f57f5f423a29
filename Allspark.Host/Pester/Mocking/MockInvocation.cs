using System.Collections.ObjectModel;
using System.ComponentModel;
using System.Management.Automation.Language;
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
    public static RuntimeDefinedParameterDictionary? DynamicParameters(string name, EngineIntrinsics engine, IDictionary bound)
    {
        ArgumentNullException.ThrowIfNull(engine);
        var original = (CmdletInfo)MockHook.Named(name).Original;
        if (!typeof(IDynamicParameters).IsAssignableFrom(original.ImplementingType))
            return null;
        var command = engine.InvokeCommand.GetCommand($"{original.ModuleName}\\{original.Name}", CommandTypes.Cmdlet, [bound])
            ?? engine.InvokeCommand.GetCommand(original.Name, CommandTypes.Cmdlet, [bound]);
        var parameters = new RuntimeDefinedParameterDictionary();
        foreach (var dynamic in command?.Parameters.Values.Where(parameter => parameter.IsDynamic) ?? [])
            parameters.Add(dynamic.Name, new RuntimeDefinedParameter(dynamic.Name, dynamic.ParameterType, dynamic.Attributes));
        return parameters;
    }
}

/// <summary>The body of the functions that mocks are: a behavior takes the call, or the original gets it at the end.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "PesterMock")]
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class InvokeMockCommand : PSCmdlet
{
    private static readonly ScriptBlock RunOriginal = PesterScript.Create("""
        param($______command, $______bound, $______arguments, $______objects)
        if ($______objects.Count) { $______objects | & $______command @______arguments @______bound }
        else { & $______command @______arguments @______bound }
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
            Write(this.Call(RunOriginal, call.Hook.Original, OriginalNames(call.Bound), call.Arguments, call.Untaken));
    }

    private void Take(MockInvocation call)
    {
        var taken = new MockCall(call.Hook, new Hashtable(Bound, StringComparer.OrdinalIgnoreCase), call.Arguments);
        var script = new MockScript(this, call.Hook, call.Hook.State);
        var behavior = PesterSession.Current is not { } session ? null
            : call.Hook.Behaviors(session).FirstOrDefault(behavior => script.Passes(session, behavior.Filter, taken));
        if (behavior is null)
        {
            call.CallsOriginal = true;
            call.Untaken.AddRange(InputObject);
            return;
        }
        PesterSession.Current!.CurrentNode.Mocks.Calls.Add(taken);
        behavior.Executed = true;
        Write(script.Run(behavior.Body, taken));
    }

    private void Write(Collection<PSObject> output) => WriteObject(output, enumerateCollection: true);

    private static Hashtable OriginalNames(Hashtable bound)
    {
        var named = new Hashtable(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in bound)
            named[MockFunction.Original($"{entry.Key}")] = entry.Value;
        return named;
    }
}

/// <summary>Runs the script blocks of a mock with a call's parameters as variables, in the session state of the test.</summary>
internal sealed class MockScript(PSCmdlet command, MockHook hook, SessionState state)
{
    private const string Variables = """
        param($______variables, $______body, $______bound, $______arguments)
        foreach ($______current in $______variables.GetEnumerator()) {
            $ExecutionContext.SessionState.PSVariable.Set($______current.Key, $______current.Value)
        }
        $PesterBoundParameters = $______bound

        """;

    private const string Call = "& $______body @______arguments";

    private static readonly ScriptBlock WithParameters = PesterScript.Create($"{Variables}{Call} @______bound");
    private static readonly ScriptBlock Plain = PesterScript.Create(Variables + Call);
    private static readonly ScriptBlock Lenient = PesterScript.Create($"{Variables}Set-StrictMode -Off\n{Call}");

    public Collection<PSObject> Run(ScriptBlock body, MockCall call) =>
        Invoke(body.Ast is ScriptBlockAst { ParamBlock.Parameters.Count: > 0 } ? WithParameters : Plain, body, call);

    public bool Passes(PesterSession session, ScriptBlock? filter, MockCall call)
    {
        if (filter is null)
            return true;
        var outer = session.InParameterFilter;
        session.InParameterFilter = true;
        try
        {
            return LanguagePrimitives.IsTrue(Invoke(Lenient, filter, call));
        }
        finally
        {
            session.InParameterFilter = outer;
        }
    }

    private Collection<PSObject> Invoke(ScriptBlock wrapper, ScriptBlock body, MockCall call) =>
        command.Call(EngineAccess.Bind(wrapper, state), hook.Variables(call.Bound), body, call.Bound, call.Arguments);
}
