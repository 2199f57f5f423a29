using System.Management.Automation.Runspaces;
using System.Text;
using Allspark.Host.Session;

namespace Allspark.Host.Console;

/// <summary>Reads commands from the terminal, or from standard input, and runs them until the input or <c>exit</c> ends it.</summary>
internal sealed class Prompt
{
    private readonly EmbeddedHost host;
    private readonly Runspace runspace;
    private readonly Executor executor;
    private readonly LineEditor? editor;

    public Prompt(EmbeddedHost host, Runspace runspace, Executor executor)
    {
        (this.host, this.runspace, this.executor) = (host, runspace, executor);
        if (!System.Console.IsInputRedirected && !System.Console.IsOutputRedirected)
            editor = new LineEditor(new History(), Complete, text => ScriptReading.Of(text).IsIncomplete);
        host.NestedPrompt = () => Loop(nested: true);
    }

    public int Run(bool quiet)
    {
        if (!quiet && editor is not null)
            host.Interface.WriteLine($"PowerShell {PSVersionInfo.PSVersion} (embedded host)");
        var ended = Loop(nested: false);
        return host.ExitCode ?? (ended ? 0 : 1);
    }

    /// <summary>True when the last command succeeded.</summary>
    private bool Loop(bool nested)
    {
        var succeeded = true;
        while (host.ExitCode is null && host.PendingExits == 0 && Next() is { } command)
        {
            if (!string.IsNullOrWhiteSpace(command))
                succeeded = Execute(command, nested);
        }
        if (nested && host.PendingExits > 0)
            host.PendingExits--;
        return succeeded;
    }

    private string? Next() => editor is not null ? editor.Read(Text()) : ReadComplete();

    /// <summary>Lines of standard input until they make a whole command.</summary>
    private static string? ReadComplete()
    {
        var command = new StringBuilder();
        while (System.Console.In.ReadLine() is { } line)
        {
            command.Append(line);
            if (!ScriptReading.Of(command.ToString()).IsIncomplete)
                return command.ToString();
            command.Append('\n');
        }
        return command.Length == 0 ? null : command.ToString();
    }

    private bool Execute(string command, bool nested)
    {
        if (host.Interface.Report(ScriptReading.Of(command).Refusals))
            return false;
        var failure = nested ? executor.RunNested(command) : executor.Run(command, addToHistory: true);
        if (failure is not null and not PipelineStoppedException)
            executor.Report(failure, nested);
        return failure is null && executor.Evaluate("$global:?", nested) is not { BaseObject: false };
    }

    /// <summary>What the function <c>prompt</c> gives, or PowerShell's own words when that fails.</summary>
    private string Text()
    {
        var nested = runspace.RunspaceAvailability != RunspaceAvailability.Available;
        return executor.Evaluate("prompt", nested)?.ToString() is { Length: > 0 } text ? text : "PS>";
    }

    private CommandCompletion? Complete(string input, int cursor)
    {
        try
        {
            using var shell = PowerShell.Create();
            shell.Runspace = runspace;
            return CommandCompletion.CompleteInput(input, cursor, options: null, shell);
        }
        catch (Exception failure) when (failure is RuntimeException or InvalidOperationException)
        {
            return null;
        }
    }
}
