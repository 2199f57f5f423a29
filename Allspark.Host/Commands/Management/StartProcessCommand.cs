using System.ComponentModel;
using System.Diagnostics;

namespace Microsoft.PowerShell.Commands;

/// <summary>Starts a program, its streams inherited or on files.</summary>
[Cmdlet(VerbsLifecycle.Start, "Process", DefaultParameterSetName = "Default", SupportsShouldProcess = true)]
[OutputType(typeof(Process))]
public sealed class StartProcessCommand : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource stop = new();

    /// <summary>The program or document.</summary>
    [Parameter(Position = 0, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath", "Path")]
    public string FilePath { get; set; } = "";

    /// <summary>Its arguments; they are put together with spaces, so quotes have to be inside.</summary>
    [Parameter(Position = 1)]
    [Alias("Args")]
    public string[]? ArgumentList { get; set; }

    /// <summary>Whom to run it as; only on Windows.</summary>
    [Parameter(ParameterSetName = "Default")]
    [Alias("RunAs")]
    [ValidateNotNullOrEmpty]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>Where to run it; the current location by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? WorkingDirectory { get; set; }

    /// <summary>Load the profile of the user, on Windows.</summary>
    [Parameter(ParameterSetName = "Default")]
    [Alias("Lup")]
    public SwitchParameter LoadUserProfile { get; set; }

    /// <summary>Keep to this console.</summary>
    [Parameter(ParameterSetName = "Default")]
    [Alias("nnw")]
    public SwitchParameter NoNewWindow { get; set; }

    /// <summary>Write the process.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>The file for its errors.</summary>
    [Parameter(ParameterSetName = "Default")]
    [Alias("RSE")]
    [ValidateNotNullOrEmpty]
    public string? RedirectStandardError { get; set; }

    /// <summary>The file with its input.</summary>
    [Parameter(ParameterSetName = "Default")]
    [Alias("RSI")]
    [ValidateNotNullOrEmpty]
    public string? RedirectStandardInput { get; set; }

    /// <summary>The file for its output.</summary>
    [Parameter(ParameterSetName = "Default")]
    [Alias("RSO")]
    [ValidateNotNullOrEmpty]
    public string? RedirectStandardOutput { get; set; }

    /// <summary>What to do with a document; only on Windows.</summary>
    [Parameter(ParameterSetName = "UseShellExecute")]
    [ValidateNotNullOrEmpty]
    public string? Verb { get; set; }

    /// <summary>The form of the window; only on Windows.</summary>
    [Parameter]
    public ProcessWindowStyle? WindowStyle { get; set; }

    /// <summary>Wait until it has ended.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>Start from the environment of the machine, not of this process.</summary>
    [Parameter(ParameterSetName = "Default")]
    public SwitchParameter UseNewEnvironment { get; set; }

    /// <summary>Environment variables to set, or with null to remove.</summary>
    [Parameter]
    public Hashtable? Environment { get; set; }

    /// <inheritdoc/>
    public void Dispose() => stop.Dispose();

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        RefuseWindowsParameters();
        var start = new ProcessStartInfo { Arguments = string.Join(' ', ArgumentList ?? []) };
        ChooseProgram(start);
        if (!TrySetDirectory(start) || !TryResolveRedirections())
            return;
        SetEnvironment(start);
        if (ShouldProcess($"{start.FileName} {start.Arguments.Trim()}"))
            Run(start);
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => stop.Cancel();

    private void RefuseWindowsParameters()
    {
        var name = Verb is not null ? "-Verb"
            : WindowStyle is not null ? "-WindowStyle"
            : Credential is not null ? "-Credential" : null;
        if (name is null)
            return;
        var e = new NotSupportedException(
            $"The parameter '{name}' is not supported for the cmdlet 'Start-Process' on this edition of PowerShell.");
        ThrowTerminatingError(new ErrorRecord(e, "NotSupportedException", ErrorCategory.NotImplemented, null));
    }

    // What is no command, such as a document or an address, is left to the desktop, which takes no arguments.
    private void ChooseProgram(ProcessStartInfo start)
    {
        var command = InvokeCommand.GetCommand(FilePath, CommandTypes.Application | CommandTypes.ExternalScript);
        start.FileName = command?.Definition ?? FilePath;
        string[] ofThisConsole =
        [
            nameof(LoadUserProfile), nameof(NoNewWindow), nameof(RedirectStandardError), nameof(RedirectStandardInput),
            nameof(RedirectStandardOutput), nameof(UseNewEnvironment), nameof(Environment),
        ];
        start.UseShellExecute = command is null && ArgumentList is null
            && !Array.Exists(ofThisConsole, MyInvocation.BoundParameters.ContainsKey);
    }

    private bool TrySetDirectory(ProcessStartInfo start)
    {
        if (WorkingDirectory is null)
        {
            var current = SessionState.Path.CurrentFileSystemLocation.ProviderPath;
            start.WorkingDirectory = Directory.Exists(current) ? current : "";
            return true;
        }
        start.WorkingDirectory = GetUnresolvedProviderPathFromPSPath(WorkingDirectory);
        return Directory.Exists(start.WorkingDirectory) || Refuse(
            new DirectoryNotFoundException(InvalidInput(nameof(WorkingDirectory))), nameof(DirectoryNotFoundException));
    }

    private bool TryResolveRedirections()
    {
        RedirectStandardInput = Resolved(RedirectStandardInput);
        RedirectStandardOutput = Resolved(RedirectStandardOutput);
        RedirectStandardError = Resolved(RedirectStandardError);
        if (RedirectStandardInput is not null && !File.Exists(RedirectStandardInput))
        {
            return Refuse(new FileNotFoundException(InvalidInput($"RedirectStandardInput '{RedirectStandardInput}'")),
                nameof(FileNotFoundException));
        }
        var input = (nameof(RedirectStandardInput), RedirectStandardInput);
        var output = (nameof(RedirectStandardOutput), RedirectStandardOutput);
        var error = (nameof(RedirectStandardError), RedirectStandardError);
        return AreDistinct(input, output) && AreDistinct(input, error) && AreDistinct(output, error);
    }

    private string? Resolved(string? path) => path is null ? null : GetUnresolvedProviderPathFromPSPath(path);

    private bool AreDistinct((string Name, string? Path) one, (string Name, string? Path) other) =>
        one.Path is null || !string.Equals(one.Path, other.Path, StringComparison.OrdinalIgnoreCase) || Refuse(
            new InvalidOperationException($"This command cannot be run because \"{one.Name}\" and \"{other.Name}\" are same. "
                + "Give different inputs and Run your command again."), nameof(InvalidOperationException));

    private static string InvalidInput(string parameter) =>
        $"This command cannot be run because either the parameter \"{parameter}\" has a value that is not valid or cannot be "
        + "used with this command. Give a valid input and Run your command again.";

    private bool Refuse(Exception e, string id)
    {
        WriteError(new ErrorRecord(e, id, ErrorCategory.InvalidOperation, null));
        return false;
    }

    private void SetEnvironment(ProcessStartInfo start)
    {
        if (UseNewEnvironment)
            start.Environment.Clear();
        foreach (DictionaryEntry variable in Environment ?? [])
        {
            if (variable.Value is null)
                start.Environment.Remove(variable.Key.ToString()!);
            else
                start.Environment[variable.Key.ToString()!] = LanguagePrimitives.ConvertTo<string>(variable.Value);
        }
    }

    private void Run(ProcessStartInfo start)
    {
        start.RedirectStandardInput = RedirectStandardInput is not null;
        start.RedirectStandardOutput = RedirectStandardOutput is not null;
        start.RedirectStandardError = RedirectStandardError is not null;
        if ((start.UseShellExecute ? Open(start) : Process.Start(start)) is not { } process)
        {
            ThrowInvalidOperation(
                "This command cannot be run completely because the system cannot find all the information required.");
            return;
        }
        var copies = Task.WhenAll(
            start.RedirectStandardInput ? Feed(process.StandardInput, RedirectStandardInput!) : Task.CompletedTask,
            start.RedirectStandardOutput ? Save(process.StandardOutput, RedirectStandardOutput!) : Task.CompletedTask,
            start.RedirectStandardError ? Save(process.StandardError, RedirectStandardError!) : Task.CompletedTask);
        if (PassThru)
            WriteObject(process);
        if (Wait)
            Await(process, copies);
    }

    private void Await(Process process, Task copies)
    {
        try
        {
            Task.WhenAll(process.WaitForExitAsync(stop.Token), copies).Wait(stop.Token);
        }
        catch (OperationCanceledException)
        {
            WriteDebug("Stopped waiting; the process goes on.");
        }
    }

    private Process? Open(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start);
        }
        catch (Win32Exception e)
        {
            ThrowInvalidOperation($"This command cannot be run due to the error: {e.Message}");
            return null;
        }
    }

    private void ThrowInvalidOperation(string message) => ThrowTerminatingError(new ErrorRecord(
        new InvalidOperationException(message), "InvalidOperationException", ErrorCategory.InvalidOperation, null));

    // As in PowerShell, redirections go line by line: the input gets a line end more, the output loses its empty lines.

    private static async Task Feed(StreamWriter input, string path)
    {
        try
        {
            await input.WriteLineAsync(await File.ReadAllTextAsync(path).ConfigureAwait(false)).ConfigureAwait(false);
            input.Close();
        }
        catch (IOException)
        {
            // The program ended without reading all of its input, as it may.
        }
    }

    private static async Task Save(StreamReader output, string path)
    {
        using var file = new StreamWriter(path) { AutoFlush = true };
        while (await output.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            if (line.Length > 0)
                await file.WriteLineAsync(line).ConfigureAwait(false);
        }
    }
}
