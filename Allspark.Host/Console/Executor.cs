using System.Collections.ObjectModel;
using System.Management.Automation.Runspaces;
using System.Runtime.InteropServices;
using Allspark.Host.Session;

namespace Allspark.Host.Console;

/// <summary>Runs pipelines one at a time and stops the running one on Ctrl+C.</summary>
internal sealed class Executor : IDisposable
{
    private static readonly TimeSpan StopGrace = TimeSpan.FromMilliseconds(800);

    private readonly Runspace runspace;
    private readonly ConsoleInterface ui;
    private readonly bool exitOnBreak;
    private readonly PosixSignalRegistration interrupt;
    private volatile Pipeline? current;

    /// <param name="exitOnBreak">A script run ends with its pipeline; at the prompt only the pipeline ends.</param>
    public Executor(Runspace runspace, ConsoleInterface ui, bool exitOnBreak)
    {
        (this.runspace, this.ui, this.exitOnBreak) = (runspace, ui, exitOnBreak);
        ui.Keyboard.Interrupt = Interrupt;
        ui.Keyboard.IsStopping = () => current?.PipelineStateInfo.State is PipelineState.Stopping or PipelineState.Stopped;
        interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
        {
            signal.Cancel = true;
            Interrupt();
        });
    }

    /// <summary>128 + SIGINT, what a shell reports for a program ended by Ctrl+C.</summary>
    public const int InterruptedExitCode = 130;

    public bool Interrupted { get; private set; }

    /// <summary>What the pipeline failed with, or null. Output and errors go to <c>Out-Default</c>.</summary>
    public Exception? Run(Command command, bool readInput = false)
    {
        using var pipeline = runspace.CreatePipeline();
        pipeline.Commands.Add(command);
        return Show(pipeline, readInput);
    }

    public Exception? Run(string script, bool addToHistory, bool readInput = false, IEnumerable<CommandParameter>? arguments = null)
    {
        using var pipeline = runspace.CreatePipeline(script, addToHistory);
        foreach (var argument in arguments ?? [])
            pipeline.Commands[0].Parameters.Add(argument);
        return Show(pipeline, readInput);
    }

    /// <summary>Runs a command while another one waits for a nested prompt.</summary>
    public Exception? RunNested(string script)
    {
        using var pipeline = runspace.CreateNestedPipeline(script, addToHistory: true);
        return Show(pipeline, readInput: false);
    }

    /// <summary>The value of an expression, without showing it.</summary>
    public PSObject? Evaluate(string script, bool nested = false)
    {
        using var pipeline = nested ? runspace.CreateNestedPipeline(script, addToHistory: false) : runspace.CreatePipeline(script);
        return Invoke(pipeline, readInput: false, out var output) is null && output is [.., var last] ? last : null;
    }

    /// <summary>Shows a failure as the engine shows any error record.</summary>
    public void Report(Exception failure, bool nested = false)
    {
        var record = failure is IContainsErrorRecord { ErrorRecord: { } contained }
            ? contained
            : new ErrorRecord(failure, "ConsoleHost.ReportException", ErrorCategory.NotSpecified, targetObject: null);
        using var pipeline = nested ? runspace.CreateNestedPipeline() : runspace.CreatePipeline();
        pipeline.Commands.Add(new Command("Out-Default"));
        pipeline.Input.Write(EngineAccess.AsErrorStream(record));
        if (Invoke(pipeline, readInput: false, out _) is not null)
            ui.WriteErrorLine(failure.Message);
    }

    public void Stop() => current?.StopAsync();

    public void Dispose() => interrupt.Dispose();

    private Exception? Show(Pipeline pipeline, bool readInput)
    {
        pipeline.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        pipeline.Commands.Add(new Command("Out-Default", isScript: false, useLocalScope: true));
        return Invoke(pipeline, readInput, out _);
    }

    private Exception? Invoke(Pipeline pipeline, bool readInput, out Collection<PSObject> output)
    {
        output = [];
        var outer = current;
        current = pipeline;
        try
        {
            output = readInput ? pipeline.Invoke(InputLines()) : pipeline.Invoke();
            return null;
        }
        catch (Exception failure)
        {
            return failure;
        }
        finally
        {
            current = outer;
            ui.ClearProgress();
        }
    }

    /// <summary>The lines of standard input, read only as the pipeline asks for them.</summary>
    private static IEnumerable<string> InputLines()
    {
        while (System.Console.In.ReadLine() is { } line)
            yield return line;
    }

    private void Interrupt()
    {
        Interrupted = true;
        if (!exitOnBreak)
        {
            Stop();
            return;
        }
        // Most pipelines stop at once; one that sits in a foreign call does not, and the run ends all the same.
        ThreadPool.QueueUserWorkItem(_ =>
        {
            Thread.Sleep(StopGrace);
            Environment.Exit(InterruptedExitCode);
        });
        Stop();
    }
}
