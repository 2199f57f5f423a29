using System.Management.Automation.Internal;
using System.Reflection;

namespace Microsoft.PowerShell.Commands;

/// <summary>
/// The few engine members that PowerShell's own utility cmdlets use and that have no public counterpart. Everything that
/// is reached by reflection is reached here, so that a change of the engine fails in one place.
/// </summary>
internal static class EngineInternals
{
    private const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;
    private const int ToCurrentErrorPipe = 1;

    private static readonly Assembly Engine = typeof(PSObject).Assembly;

    private static readonly ConstructorInfo StopUpstreamConstructor =
        Named("System.Management.Automation.StopUpstreamCommandsException").GetConstructor(Any, [typeof(InternalCommand)])
        ?? throw Missing("StopUpstreamCommandsException");

    private static readonly MethodInfo InvokeUsingCmdletMethod = Method(typeof(ScriptBlock), "InvokeUsingCmdlet");

    private static readonly MethodInfo InvokeWithPipeMethod = Method(typeof(ScriptBlock), "InvokeWithPipe");

    private static readonly object WriteErrors =
        Enum.ToObject(Named("System.Management.Automation.ScriptBlock+ErrorHandlingBehavior"), ToCurrentErrorPipe);

    private static readonly MethodInfo SetInvocationMethod = Method(typeof(ErrorRecord), "SetInvocationInfo");

    private static readonly PropertyInfo PreserveInvocation = Property(typeof(ErrorRecord), "PreserveInvocationInfoOnce");

    private static readonly PropertyInfo SessionInternal = Property(typeof(SessionState), "Internal");

    private static readonly PropertyInfo CommandContext = Property(typeof(InternalCommand), "Context");

    /// <summary>The exception that ends the commands before <paramref name="requester"/> in its pipeline and no others.</summary>
    public static Exception StopUpstream(Cmdlet requester) => (Exception)StopUpstreamConstructor.Invoke([requester]);

    /// <summary>Runs a script block in the scope of the caller, its streams going to those of <paramref name="cmdlet"/>.</summary>
    public static void InvokeInCallerScope(Cmdlet cmdlet, ScriptBlock script) =>
        Invoke(InvokeUsingCmdletMethod, script, cmdlet, false, WriteErrors, AutomationNull.Value, Array.Empty<object>(),
            AutomationNull.Value, Array.Empty<object>());

    /// <summary>Runs a script block in the scope of the caller and drops what it writes.</summary>
    public static void InvokeDiscardingOutput(ScriptBlock script, object? dollarUnder)
    {
        var pipeType = InvokeWithPipeMethod.GetParameters()[5].ParameterType;
        var pipe = Activator.CreateInstance(pipeType, nonPublic: true);
        Property(pipeType, "NullPipe").SetValue(pipe, true);
        Invoke(InvokeWithPipeMethod, script, false, WriteErrors, dollarUnder, Array.Empty<object>(), AutomationNull.Value,
            pipe, null, false, null, null, Array.Empty<object>());
    }

    /// <summary>Makes a record point at the script that reports the error instead of at the reporting cmdlet.</summary>
    public static void SetInvocation(ErrorRecord record, InvocationInfo invocation)
    {
        Invoke(SetInvocationMethod, record, invocation);
        PreserveInvocation.SetValue(record, true);
    }

    /// <summary>Calls a method of the engine's session state, chosen by name and argument types.</summary>
    public static object? Session(SessionState state, string name, params object?[] arguments) =>
        CallByName(SessionInternal.GetValue(state)!, name, arguments);

    /// <summary>The values of the <c>$using:</c> variables of a script, taken from the scope of the caller.</summary>
    public static Dictionary<string, object> UsingValues(Cmdlet cmdlet, ScriptBlock script) =>
        (Dictionary<string, object>)CallByName(Named("System.Management.Automation.ScriptBlockToPowerShellConverter"),
            "GetUsingValuesAsDictionary", script, true, Context(cmdlet), null)!;

    /// <summary>The engine's execution context of a running cmdlet.</summary>
    public static object Context(Cmdlet cmdlet) => CommandContext.GetValue(cmdlet)!;

    /// <summary>Reads a property of an engine object.</summary>
    public static object? Get(object target, string property) => Property(target.GetType(), property).GetValue(target);

    /// <summary>Reads a static property of an engine type.</summary>
    public static object? GetStatic(Type type, string property) => Property(type, property).GetValue(null);

    /// <summary>Calls a method with one type argument and one argument.</summary>
    public static object? CallGeneric(object target, string name, Type typeArgument, object argument)
    {
        var method = target.GetType().GetMethods(Any).FirstOrDefault(method =>
            method.Name == name && method.IsGenericMethodDefinition && method.GetParameters().Length == 1);
        return Invoke(method?.MakeGenericMethod(typeArgument) ?? throw Missing(name), target, argument);
    }

    /// <summary>Writes a property of an engine object.</summary>
    public static void Set(object target, string property, object? value) =>
        Property(target.GetType(), property).SetValue(target, value);

    /// <summary>Calls a method of an engine object (or a static one of an engine type), chosen by name and argument types.</summary>
    public static object? CallByName(object target, string name, params object?[] arguments)
    {
        var type = target as Type ?? target.GetType();
        foreach (var method in type.GetMethods(Any))
        {
            if (method.Name == name && Accepts(method.GetParameters(), arguments))
                return Invoke(method, target is Type ? null : target, arguments);
        }
        throw Missing($"{type.Name}.{name}");
    }

    /// <summary>Makes an object of the engine with one of its internal constructors.</summary>
    public static object Create(Type type, params object?[] arguments) =>
        Activator.CreateInstance(type, Any | BindingFlags.CreateInstance, binder: null, arguments, culture: null)!;

    /// <summary>An engine type by its full name.</summary>
    public static Type Named(string fullName) => Engine.GetType(fullName) ?? throw Missing(fullName);

    private static object? Invoke(MethodInfo method, object? target, params object?[] arguments) =>
        method.Invoke(target, BindingFlags.DoNotWrapExceptions, binder: null, arguments, culture: null);

    private static bool Accepts(ParameterInfo[] parameters, object?[] arguments) =>
        parameters.Length == arguments.Length && parameters.Zip(arguments).All(pair =>
            pair.Second is null ? !Plain(pair.First).IsValueType : Plain(pair.First).IsInstanceOfType(pair.Second));

    private static Type Plain(ParameterInfo parameter) =>
        parameter.ParameterType.IsByRef ? parameter.ParameterType.GetElementType()! : parameter.ParameterType;

    private static MethodInfo Method(Type type, string name) => type.GetMethod(name, Any) ?? throw Missing(name);

    private static PropertyInfo Property(Type type, string name) => type.GetProperty(name, Any) ?? throw Missing(name);

    private static MissingMemberException Missing(string member) =>
        new($"The engine of this version has no {member}; the embedded host needs System.Management.Automation 7.6.");
}
