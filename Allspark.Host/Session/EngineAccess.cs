using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Allspark.Host.Session;

/// <summary>
/// The engine's internal members that a console host needs: the console of pwsh is a friend assembly of the engine, this one is not.
/// </summary>
internal static class EngineAccess
{
    private const string Context = "System.Management.Automation.ExecutionContext, System.Management.Automation";
    private const string Runtime = "System.Management.Automation.MshCommandRuntime, System.Management.Automation";
    private const string State = "System.Management.Automation.SessionStateInternal, System.Management.Automation";
    private const string Mediator =
        "System.Management.Automation.Remoting.Server.StdIOProcessMediator, System.Management.Automation";

    private const string Log = "System.Management.Automation.MshLog, System.Management.Automation";
    private const string ShellId = "Microsoft.PowerShell";
    private const int ErrorStream = 2;
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic;

    /// <summary>Lets <c>exit</c> in a script file end the run instead of only the file.</summary>
    public static void RethrowExit(Runspace runspace) => SetRethrowExit(GetContext(runspace), value: true);

    /// <summary>
    /// Keeps the engine from preparing a record for the system log at each command, which walks every scope of the call stack and
    /// makes deep recursion quadratic.
    /// </summary>
    public static void StopCommandLog() => SetDummyLog(null, ShellId);

    /// <summary>Marks a record so that Out-Default writes it to the console's error stream.</summary>
    public static PSObject AsErrorStream(ErrorRecord record)
    {
        var wrapped = new PSObject(record);
        var stream = typeof(PSObject).GetProperty("WriteStream", Hidden)
            ?? throw new MissingMemberException(nameof(PSObject), "WriteStream");
        stream.SetValue(wrapped, Enum.ToObject(stream.PropertyType, ErrorStream));
        return wrapped;
    }

    /// <summary>Sets where errors go that no command's own stream takes, those of a script block that a cmdlet runs; returns the former.</summary>
    public static PipelineWriter? ExchangeErrorOutput(Runspace runspace, PipelineWriter? writer)
    {
        var context = GetContext(runspace);
        var former = GetErrorOutput(context);
        SetErrorOutput(context, writer);
        return former;
    }

    /// <summary>What Register-ArgumentCompleter registered, by <c>command:parameter</c>; null before the first.</summary>
    public static IReadOnlyDictionary<string, ScriptBlock>? ArgumentCompleters(Runspace runspace) => GetCompleters(GetContext(runspace));

    /// <summary>The open runspaces of this process.</summary>
    public static IReadOnlyList<Runspace> Runspaces => GetRunspaces(null);

    /// <summary>How many calls of script a runspace is in, by its debugger; 0 for one of another process.</summary>
    public static int CallDepth(Debugger debugger) => Calls(debugger) is { } calls ? calls.Count : 0;

    /// <summary>How many of these no command makes: methods of classes, script methods and properties, delegates.</summary>
    public static int MethodDepth(Debugger debugger) =>
        Innermost(debugger, int.MaxValue).Count(call => CallInvocation?.GetValue(call) is InvocationInfo { MyCommand: null });

    /// <summary>Lets the debugger stop in the innermost calls, even in script properties, which it passes by otherwise.</summary>
    public static void StepInto(Debugger debugger)
    {
        foreach (var call in Innermost(debugger, InnermostCalls))
        {
            if (CallFunction?.GetValue(call) is { } function && FunctionScript?.GetValue(function) is ScriptBlock script)
                StepThrough?.SetValue(script, false);
        }
    }

    private static object[] Innermost(Debugger debugger, int count)
    {
        if (Calls(debugger) is not { } calls)
            return [];
        lock (calls)
            return [.. calls.Cast<object>().TakeLast(count)];
    }

    private static IList? Calls(Debugger debugger) =>
        CallStack?.DeclaringType!.IsInstanceOfType(debugger) == true ? (IList?)CallList?.GetValue(CallStack.GetValue(debugger)) : null;

    private const int InnermostCalls = 16;

    private static readonly FieldInfo? CallStack =
        typeof(Debugger).Assembly.GetType("System.Management.Automation.ScriptDebugger")?.GetField("_callStack", Hidden);

    private static readonly FieldInfo? CallList = CallStack?.FieldType.GetField("_callStackList", Hidden);

    private static readonly Type? Call = CallList?.FieldType.GenericTypeArguments[0];

    private static readonly PropertyInfo? CallFunction = Call?.GetProperty("FunctionContext", Hidden);

    private static readonly PropertyInfo? CallInvocation = Call?.GetProperty("InvocationInfo", Hidden);

    private static readonly FieldInfo? FunctionScript = CallFunction?.PropertyType.GetField("_scriptBlock", Hidden);

    private static readonly PropertyInfo? StepThrough = typeof(ScriptBlock).GetProperty("DebuggerStepThrough", Hidden);

    /// <summary>Ends the transcripts that are still being written.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "StopAllTranscribing")]
    public static extern void StopTranscripts(PSHostUserInterface ui);

    /// <summary>Serves a <c>Start-Job</c> of another process over standard input and output until it hangs up.</summary>
    public static void ServeJob(string? workingDirectory) => Run(null, "", workingDirectory, null, null, combineErrOutStream: false);

    /// <summary>The snap-in as which a group of commands is known (<c>Microsoft.PowerShell.Utility\Get-Date</c>).</summary>
    public static PSSnapInInfo CreateSnapIn(string name, Version version) =>
        NewSnapIn(name, isDefault: true, AppContext.BaseDirectory, name, name, version, version, [], [], "", "");

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "SetPSSnapIn")]
    public static extern void SetSnapIn(InitialSessionStateEntry entry, PSSnapInInfo snapIn);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_ExecutionContext")]
    [return: UnsafeAccessorType(Context)]
    private static extern object GetContext(Runspace runspace);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_CustomArgumentCompleters")]
    private static extern Dictionary<string, ScriptBlock>? GetCompleters([UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_ScriptCommandProcessorShouldRethrowExit")]
    private static extern void SetRethrowExit([UnsafeAccessorType(Context)] object context, bool value);

    /// <summary>A copy of a script block that runs in the given session state, that of a module or of the console.</summary>
    public static ScriptBlock Bind(ScriptBlock script, SessionState state)
    {
        var bound = Clone(script);
        SetState(bound, GetInternal(state));
        return bound;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "Clone")]
    private static extern ScriptBlock Clone(ScriptBlock script);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_SessionStateInternal")]
    private static extern void SetState(ScriptBlock script, [UnsafeAccessorType(State)] object state);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Internal")]
    [return: UnsafeAccessorType(State)]
    private static extern object GetInternal(SessionState state);

    /// <summary>
    /// Passes an error on to a command's error stream: it keeps the place it came from, and the command's preference, which may be
    /// Stop, is not asked again.
    /// </summary>
    public static void WriteError(Cmdlet command, ErrorRecord record)
    {
        KeepInvocation(record, record.InvocationInfo is not null);
        WriteError(command.CommandRuntime, record, ActionPreference.Continue, isFromNativeStdError: false);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "_WriteErrorSkipAllowCheck")]
    private static extern void WriteError([UnsafeAccessorType(Runtime)] object runtime, ErrorRecord record, ActionPreference? preference,
        bool isFromNativeStdError);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_PreserveInvocationInfoOnce")]
    private static extern void KeepInvocation(ErrorRecord record, bool value);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_ExternalErrorOutput")]
    private static extern PipelineWriter? GetErrorOutput([UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_ExternalErrorOutput")]
    private static extern void SetErrorOutput([UnsafeAccessorType(Context)] object context, PipelineWriter? writer);

    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod, Name = "Run")]
    private static extern void Run([UnsafeAccessorType(Mediator)] object? type, string initialCommand, string? workingDirectory,
        string? configurationName, string? configurationFile, bool combineErrOutStream);

    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod, Name = "SetDummyLog")]
    private static extern void SetDummyLog([UnsafeAccessorType(Log)] object? type, string shellId);

    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod, Name = "get_RunspaceList")]
    private static extern IReadOnlyList<Runspace> GetRunspaces(Runspace? type);

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern PSSnapInInfo NewSnapIn(string name, bool isDefault, string applicationBase, string assemblyName,
        string moduleName, Version psVersion, Version version, System.Collections.ObjectModel.Collection<string> types,
        System.Collections.ObjectModel.Collection<string> formats, string descriptionFallback, string vendorFallback);
}
