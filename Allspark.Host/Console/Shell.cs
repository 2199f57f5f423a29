using System.Diagnostics.CodeAnalysis;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using Allspark.Host.Session;

namespace Allspark.Host.Console;

/// <summary>One run of the program: opens the session, runs the file, the command or the prompt, and settles the exit code.</summary>
internal sealed class Shell : IDisposable
{
    private const int Failed = 1;
    private const int BadCommandLine = 64;

    private readonly CommandLine line;
    private readonly EmbeddedHost host;
    private readonly Runspace runspace;
    private readonly LookupRefusals refusals;
    private readonly Executor executor;

    private Shell(CommandLine line)
    {
        this.line = line;
        Surroundings.Prepare();
        host = new EmbeddedHost(line.NonInteractive);
        runspace = RunspaceFactory.CreateRunspace(host, HostSession.Create());
        runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
        Surroundings.Open(runspace);
        refusals = new LookupRefusals(runspace);
        Runspace.DefaultRunspace = runspace;
        executor = new Executor(runspace, host.Interface, exitOnBreak: !line.Prompts);
    }

    public static int Run(string[] args)
    {
        var given = CommandLine.Parse(args);
        if (given.Error is not null)
        {
            System.Console.Error.WriteLine(given.Error);
            System.Console.Error.WriteLine();
            System.Console.Error.WriteLine(Usage);
            return BadCommandLine;
        }
        switch (given.Mode)
        {
            case RunMode.Help:
                System.Console.Out.WriteLine(Usage);
                return 0;
            case RunMode.Version:
                System.Console.Out.WriteLine($"PowerShell {PSVersionInfo.PSVersion}");
                return 0;
        }
        var exitCode = 0;
        CallDepthWatch.Run(() => exitCode = Run(given));
        return exitCode;
    }

    private static int Run(CommandLine given)
    {
        if (given.Mode == RunMode.JobServer)
        {
            EngineAccess.ServeJob(given.WorkingDirectory);
            return 0;
        }
        using var shell = new Shell(given);
        return shell.Run();
    }

    private const string Usage = """
        Usage: Allspark.Host [-File] <script.ps1> [<arguments>]
               Allspark.Host -Command { - | <text> }
               Allspark.Host -CommandWithArgs <text> [<arguments>]
               Allspark.Host                                        (the prompt)

        Also accepted: -NoProfile -NonInteractive -NoLogo -NoExit -WorkingDirectory <folder> -EncodedCommand <base64>
        -ExecutionPolicy <policy> -Version -Help
        """;

    public void Dispose()
    {
        executor.Dispose();
        EngineAccess.StopTranscripts(host.UI);
        runspace.Dispose();
    }

    private int Run()
    {
        if (line.WorkingDirectory is { } folder && !EnterFolder(folder))
            return Failed;
        Exception? failure = null;
        switch (line.Mode)
        {
            case RunMode.File:
                failure = RunFile();
                break;
            case RunMode.Command when line.Text != "-":
                failure = RunCommand();
                break;
        }
        if (failure is not null && !executor.Interrupted)
            executor.Report(failure);
        if (line.Prompts && host.ExitCode is null)
            return new Prompt(host, runspace, executor).Run(line.NoLogo || line.Text == "-");
        return ExitCode(failure);
    }

    /// <summary>As pwsh: what <c>exit</c> said, or 1 when the run failed or its last statement did, or 0.</summary>
    private int ExitCode(Exception? failure)
    {
        if (executor.Interrupted)
            return Executor.InterruptedExitCode;
        if (failure is not null)
            return Failed;
        if (host.ExitCode is { } asked)
            return asked;
        return executor.Evaluate("$global:?") is { BaseObject: true } ? 0 : Failed;
    }

    private bool EnterFolder(string folder)
    {
        var command = new Command("Set-Location");
        command.Parameters.Add("LiteralPath", folder);
        if (executor.Run(command) is not { } failure)
            return true;
        executor.Report(failure);
        return false;
    }

    private Exception? RunFile()
    {
        var text = File.ReadAllText(line.Text);
        if (!Accept(text, line.Text, out var tree, out var failure))
            return failure;
        refusals.Accept(line.Text, text);
        // A file of another name is taken for a script too, so that one can start with #!.
        var isScriptFile = line.Text.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase);
        var command = new Command(isScriptFile ? line.Text : text, isScript: !isScriptFile, useLocalScope: false);
        foreach (var argument in line.Arguments)
            command.Parameters.Add(argument);
        if (!line.NoExit)
            EngineAccess.RethrowExit(runspace);
        return executor.Run(command, ReadsInput(tree));
    }

    private Exception? RunCommand() =>
        Accept(line.Text, path: null, out var tree, out var failure)
            ? executor.Run(line.Text, addToHistory: true, ReadsInput(tree), line.Arguments)
            : failure;

    /// <summary>False for a text that the parser gives up on (a failure) or that the host refuses (reported here).</summary>
    private bool Accept(string text, string? path, [NotNullWhen(true)] out ScriptBlockAst? tree, out Exception? failure)
    {
        var reading = ScriptReading.Of(text, path);
        tree = reading.Tree;
        failure = tree is null ? new ParseException(reading.Errors) : null;
        if (host.Interface.Report(reading.Refusals))
        {
            host.SetShouldExit(Failed);
            failure = null;
            return false;
        }
        return tree is not null;
    }

    private static bool ReadsInput(ScriptBlockAst script) =>
        System.Console.IsInputRedirected
        && script.Find(static node => node is VariableExpressionAst { VariablePath.UserPath: "input" or "Input" },
            searchNestedScriptBlocks: false) is not null;
}
