using System.Collections.Concurrent;
using System.Management.Automation.Runspaces;

namespace Allspark.Host.Session;

/// <summary>
/// Ends calls without end by the engine's own error, <c>CallDepthOverflow</c>. The engine compares the stack with its end only where a
/// command starts, so that a method of a class or a script property that calls itself would overflow it; and it takes time quadratic in
/// the depth, so that on a stack of a safe size a function would go on for minutes. So a thread of its own looks at how many calls each
/// runspace is in and has the debugger stop the one that is too deep at its next statement, where the error is thrown.
/// </summary>
internal sealed class CallDepthWatch
{
    // How many calls of whatever kind may be within one another, and how many of these that no command makes.
    private const int MaximumDepth = 2500, MaximumMethodDepth = 1000;

    // An exception that passes a method stays on the stack, with 5 to 25 kB, until it is caught, so MaximumDepth of them need some 60 MB.
    // Memory is taken only as it is used. The engine gives 10 MB to the threads that it makes.
    private const int StackBytes = 256 << 20, MethodsOfEngineThread = 250;

    private const int CallsToReport = 100;
    private const int Failed = 1;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    private readonly Thread main;

    // The depth at which the error was thrown, for each runspace that has yet to come out of its calls; 0 before it is thrown.
    private readonly ConcurrentDictionary<Debugger, int> ended = [];

    private CallDepthWatch(Thread main) => this.main = main;

    /// <summary>Runs a program, which may go as deep as is allowed, on a thread of its own, and watches every runspace that it opens.</summary>
    public static void Run(ThreadStart program)
    {
        var watch = new CallDepthWatch(new Thread(program, StackBytes));
        new Thread(watch.Watch) { IsBackground = true, Name = nameof(CallDepthWatch) }.Start();
        watch.main.Start();
        watch.main.Join();
    }

    private void Watch()
    {
        while (true)
        {
            Thread.Sleep(Interval);
            foreach (var runspace in EngineAccess.Runspaces)
                Look(runspace);
        }
    }

    private void Look(Runspace runspace)
    {
        try
        {
            if (IsOpen(runspace) && runspace.Debugger is { DebugMode: not DebugModes.None } debugger)
                Look(debugger);
        }
        catch (Exception) when (!IsOpen(runspace))
        {
            // It was closed in the meantime.
        }
    }

    private static bool IsOpen(Runspace runspace) => runspace.RunspaceStateInfo.State == RunspaceState.Opened;

    private void Look(Debugger debugger)
    {
        if (!IsTooDeep(debugger))
        {
            if (!ended.TryRemove(debugger, out _))
                return;
            debugger.SetDebuggerStepMode(enabled: false);
            debugger.DebuggerStop -= Stop;
        }
        else if (!IsEnding(debugger))
        {
            if (ended.TryAdd(debugger, 0))
                debugger.DebuggerStop += Stop;
            EngineAccess.StepInto(debugger);
            debugger.SetDebuggerStepMode(enabled: true);
        }
    }

    private static bool IsTooDeep(Debugger debugger)
    {
        var depth = EngineAccess.CallDepth(debugger);
        return depth > MaximumDepth || depth > MaximumMethodDepth && EngineAccess.MethodDepth(debugger) > MaximumMethodDepth;
    }

    // Where the error is shown on the spot, the console's own calls come on top of those that it ends.
    private bool IsEnding(Debugger debugger) =>
        ended.TryGetValue(debugger, out var depth) && EngineAccess.CallDepth(debugger) <= depth + CallsToReport;

    // On the thread of the calls. It may have come out of them since the watch looked.
    private void Stop(object? sender, DebuggerStopEventArgs stop)
    {
        if (sender is not Debugger debugger || !IsTooDeep(debugger) || IsEnding(debugger))
            return;
        ended[debugger] = EngineAccess.CallDepth(debugger);
        var error = new ScriptCallDepthException();
        if (Thread.CurrentThread == main || EngineAccess.MethodDepth(debugger) <= MethodsOfEngineThread)
            throw error;
        System.Console.Error.WriteLine($"{error.Message}\n{stop.InvocationInfo?.PositionMessage}");
        Environment.Exit(Failed);
    }
}
