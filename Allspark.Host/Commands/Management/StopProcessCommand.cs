using System.ComponentModel;
using System.Diagnostics;

namespace Microsoft.PowerShell.Commands;

/// <summary>Ends processes.</summary>
[Cmdlet(VerbsLifecycle.Stop, "Process", DefaultParameterSetName = "Id", SupportsShouldProcess = true)]
[OutputType(typeof(Process))]
public sealed class StopProcessCommand : ProcessBaseCommand
{
    private string[] names = [];
    private int[] ids = [];
    private Process[] inputs = [];
    private bool endsItself;

    /// <summary>The names; wildcards allowed.</summary>
    [Parameter(ParameterSetName = "Name", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("ProcessName")]
    public string[] Name
    {
        get => names;
        set => Selection = () => ByName(names = value);
    }

    /// <summary>The ids.</summary>
    [Parameter(Position = 0, ParameterSetName = "Id", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public int[] Id
    {
        get => ids;
        set => Selection = () => ById(ids = value);
    }

    /// <summary>The processes.</summary>
    [Parameter(Position = 0, ParameterSetName = "InputObject", Mandatory = true, ValueFromPipeline = true)]
    public Process[] InputObject
    {
        get => inputs;
        set => Selection = () => Refreshed(inputs = value);
    }

    /// <summary>Write the processes.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>End processes of other users without asking, on Windows.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var process in MatchingProcesses().Where(process => ShouldProcess(Label(process))))
        {
            if (IdOf(process) == Environment.ProcessId)
                endsItself = true;
            else if (TryStop(process) && PassThru)
                WriteObject(process);
        }
    }

    /// <summary>Ends this process last, when all others are done.</summary>
    protected override void EndProcessing()
    {
        if (endsItself)
            Process.GetCurrentProcess().Kill();
    }

    private bool TryStop(Process process)
    {
        try
        {
            if (!process.HasExited)
                process.Kill();
            return true;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or NotSupportedException)
        {
            WriteError(process, $"Cannot stop process \"{Label(process)}\" because of the following error: {e.Message}",
                "CouldNotStopProcess", ErrorCategory.CloseError, e);
            return false;
        }
    }
}
