using System.Management.Automation.Host;

namespace Microsoft.PowerShell.ThreadJob;

/// <summary>Runs a script in a runspace of its own inside this process, as a job that the engine's job cmdlets work with.</summary>
[Cmdlet(VerbsLifecycle.Start, "ThreadJob", DefaultParameterSetName = "ScriptBlock")]
[OutputType(typeof(ThreadJob))]
public sealed class StartThreadJobCommand : PSCmdlet
{
    private ThreadJob? _job;

    [Parameter(ParameterSetName = "ScriptBlock", Mandatory = true, Position = 0)]
    [ValidateNotNull]
    public ScriptBlock? ScriptBlock { get; set; }

    [Parameter(ParameterSetName = "FilePath", Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? FilePath { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    [Parameter]
    [ValidateNotNull]
    public ScriptBlock? InitializationScript { get; set; }

    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    public PSObject? InputObject { get; set; }

    [Parameter]
    public object[] ArgumentList { get; set; } = [];

    [Parameter]
    [ValidateRange(1, 1_000_000)]
    public int ThrottleLimit { get; set; } = ThreadJobQueue.DefaultLimit;

    /// <summary>Where what the job writes to the host is shown at once, instead of only when it is received.</summary>
    [Parameter]
    public PSHost? StreamingHost { get; set; }

    protected override void BeginProcessing()
    {
        var script = ScriptBlock ?? ScriptOfFile();
        _job = new ThreadJob(script, Commands.EngineInternals.UsingValues(this, script), FilePath ?? script.ToString(), Name)
        {
            Arguments = ArgumentList,
            Initialization = InitializationScript,
            CurrentLocation = SessionState.Path.CurrentLocation.Path,
            StreamingHost = StreamingHost,
        };
    }

    private ScriptBlock ScriptOfFile()
    {
        if (WildcardPattern.ContainsWildcardCharacters(FilePath))
            throw new ArgumentException("FilePath cannot contain wildcards.");
        if (!FilePath!.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase))
            throw new ArgumentException("Invalid file path extension.  Extension should be .ps1.");
        return InvokeCommand.NewScriptBlock(File.ReadAllText(GetResolvedProviderPathFromPSPath(FilePath, out _)[0]));
    }

    protected override void ProcessRecord()
    {
        if (InputObject is not null)
            _job!.Input.Add(InputObject);
    }

    protected override void EndProcessing()
    {
        _job!.Input.Complete();
        ThreadJobSourceAdapter.Add(this, _job);
        ThreadJobQueue.Add(_job, ThrottleLimit);
        WriteObject(_job);
    }
}
