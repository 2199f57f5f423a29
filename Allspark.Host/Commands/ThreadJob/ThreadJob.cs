using System.ComponentModel;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using Allspark.Host.Session;

namespace Microsoft.PowerShell.ThreadJob;

/// <summary>A script that runs in a runspace of its own inside this process.</summary>
public sealed class ThreadJob : Job2
{
    private readonly ScriptBlock _script;
    private readonly Dictionary<string, object> _using;
    private readonly Lock _gate = new();
    private System.Management.Automation.PowerShell? _shell;
    private Runspace? _runspace;

    internal ThreadJob(ScriptBlock script, Dictionary<string, object> usingValues, string command, string? name)
        : base(command, name)
    {
        _script = script;
        _using = usingValues;
        PSJobTypeName = "ThreadJob";
    }

    public override string Location => "PowerShell";

    public override string StatusMessage => "";

    public override bool HasMoreData => Output.Count > 0 || Error.Count > 0 || Progress.Count > 0 || Verbose.Count > 0
        || Debug.Count > 0 || Warning.Count > 0;

    internal object[] Arguments { get; init; } = [];

    internal ScriptBlock? Initialization { get; init; }

    internal string CurrentLocation { get; init; } = "";

    internal PSHost? StreamingHost { get; init; }

    internal PSDataCollection<PSObject> Input { get; } = [];

    internal bool IsEnded => JobStateInfo.State is JobState.Stopped or JobState.Failed or JobState.Completed;

    public override void StartJob()
    {
        lock (_gate)
        {
            if (IsEnded)
            {
                ThreadJobQueue.Finished();
                return;
            }
            _runspace = StreamingHost is null
                ? RunspaceFactory.CreateRunspace(HostSession.Create())
                : RunspaceFactory.CreateRunspace(StreamingHost, HostSession.Create());
            _runspace.Open();
            _shell = System.Management.Automation.PowerShell.Create(_runspace);
            SetJobState(JobState.Running);
        }
        ThreadPool.QueueUserWorkItem(_ => Run());
    }

    private void Run()
    {
        try
        {
            _shell!.AddCommand("Set-Location").AddParameter("LiteralPath", CurrentLocation).Invoke();
            _shell.Commands.Clear();
            if (Initialization is not null)
            {
                _shell.AddScript(Initialization.ToString(), useLocalScope: false).Invoke();
                _shell.Commands.Clear();
            }
            _shell.AddScript(_script.ToString());
            foreach (var argument in Arguments)
                _shell.AddArgument(argument);
            if (_using.Count > 0)
                _shell.AddParameter("--%", _using);
            CollectStreams(_shell);
            _shell.Invoke(Input, Output, new PSInvocationSettings());
            End(_shell.InvocationStateInfo.State == PSInvocationState.Stopped ? JobState.Stopped : JobState.Completed, reason: null);
        }
        catch (PipelineStoppedException)
        {
            End(JobState.Stopped, reason: null);
        }
        catch (RuntimeException failure)
        {
            End(JobState.Failed, failure);
        }
    }

    private void CollectStreams(System.Management.Automation.PowerShell shell)
    {
        shell.Streams.Error = Error;
        shell.Streams.Progress = Progress;
        shell.Streams.Verbose = Verbose;
        shell.Streams.Debug = Debug;
        shell.Streams.Warning = Warning;
        shell.Streams.Information = Information;
    }

    private void End(JobState state, Exception? reason)
    {
        foreach (var stream in new Action[] { Output.Complete, Error.Complete, Progress.Complete, Verbose.Complete, Debug.Complete,
            Warning.Complete, Information.Complete })
            stream();
        _runspace?.Dispose();
        ThreadJobQueue.Finished();
        SetJobState(state, reason!);
    }

    public override void StopJob()
    {
        lock (_gate)
        {
            if (IsEnded)
                return;
            if (_shell is null)
            {
                SetJobState(JobState.Stopped);
                return;
            }
        }
        _shell.Stop();
        Finished.WaitOne();
    }

    public override void StopJob(bool force, string reason) => StopJob();

    // Stop-Job waits for the event.
    public override void StopJobAsync() => ThreadPool.QueueUserWorkItem(_ =>
    {
        StopJob();
        OnStopJobCompleted(new AsyncCompletedEventArgs(error: null, cancelled: false, userState: null));
    });

    public override void StopJobAsync(bool force, string reason) => StopJobAsync();

    public override void StartJobAsync() => StartJob();

    public override void SuspendJob() => throw new NotSupportedException("A thread job cannot be suspended.");

    public override void SuspendJob(bool force, string reason) => SuspendJob();

    public override void SuspendJobAsync() => SuspendJob();

    public override void SuspendJobAsync(bool force, string reason) => SuspendJob();

    public override void ResumeJob() => throw new NotSupportedException("A thread job cannot be resumed.");

    public override void ResumeJobAsync() => ResumeJob();

    public override void UnblockJob() => throw new NotSupportedException("A thread job asks for nothing and is never blocked.");

    public override void UnblockJobAsync() => UnblockJob();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            StopJob();
            _shell?.Dispose();
            Input.Dispose();
        }
        base.Dispose(disposing);
    }
}
