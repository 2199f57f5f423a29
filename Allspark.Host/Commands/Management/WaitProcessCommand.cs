using System.Diagnostics;

namespace Microsoft.PowerShell.Commands;

/// <summary>Waits until processes have ended.</summary>
[Cmdlet(VerbsLifecycle.Wait, "Process", DefaultParameterSetName = "Name")]
[OutputType(typeof(Process))]
public sealed class WaitProcessCommand : ProcessBaseCommand, IDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly List<Process> processes = [];
    private string[] names = [];
    private int[] ids = [];
    private Process[] inputs = [];

    /// <summary>The names; wildcards allowed.</summary>
    [Parameter(Position = 0, ParameterSetName = "Name", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("ProcessName")]
    public string[] Name
    {
        get => names;
        set => Selection = () => ByName(names = value);
    }

    /// <summary>The ids.</summary>
    [Parameter(Position = 0, ParameterSetName = "Id", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PID", "ProcessId")]
    [ValidateNotNullOrEmpty]
    public int[] Id
    {
        get => ids;
        set => Selection = () => ById(ids = value);
    }

    /// <summary>The processes.</summary>
    [Parameter(ParameterSetName = "InputObject", Mandatory = true, ValueFromPipeline = true)]
    public Process[] InputObject
    {
        get => inputs;
        set => Selection = () => Refreshed(inputs = value);
    }

    /// <summary>How many seconds to wait at most.</summary>
    [Parameter(Position = 1)]
    [Alias("TimeoutSec")]
    [ValidateRange(0, 32767)]
    public int? Timeout { get; set; }

    /// <summary>Wait for one of the processes, not for all.</summary>
    [Parameter]
    public SwitchParameter Any { get; set; }

    /// <summary>Write the processes.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    public void Dispose() => stop.Dispose();

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var process in MatchingProcesses())
        {
            if (IdOf(process) == Environment.ProcessId)
            {
                WriteError(process, "This command stopped operation because it cannot wait on itself. Specify another process "
                    + "and Run your command again.", "WaitOnItself", ErrorCategory.ObjectNotFound);
            }
            else
                processes.Add(process);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var ends = processes.Select(process => process.WaitForExitAsync(stop.Token)).ToList();
        var end = Any && ends.Count > 0 ? Task.WhenAny(ends) : Task.WhenAll(ends);
        var milliseconds = Timeout is { } seconds ? seconds * 1000 : System.Threading.Timeout.Infinite;
        try
        {
            end.Wait(milliseconds, stop.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        foreach (var process in processes.Where(process => !process.HasExited && !(Any && end.IsCompleted)))
        {
            var message = $"This command stopped operation because process \"{Label(process)}\" is not stopped in the "
                + "specified time-out.";
            WriteError(new ErrorRecord(new TimeoutException(message), "ProcessNotTerminated", ErrorCategory.CloseError, process));
        }
        if (PassThru)
            WriteObject(processes, enumerateCollection: true);
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => stop.Cancel();
}
