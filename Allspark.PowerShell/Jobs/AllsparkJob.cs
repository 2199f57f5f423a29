using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace Allspark.PowerShell.Jobs;

/// <summary>
/// One call of a cmdlet that goes on beside the session: the same cmdlet with the same arguments, in a runspace of its own in this
/// process. What it emits are the objects themselves, and its streams are the job's.
/// </summary>
public sealed class AllsparkJob : Job
{
    private readonly Lock gate = new();
    private readonly PSDataCollection<object>? input;
    private readonly Runspace runspace;
    private readonly System.Management.Automation.PowerShell shell;

    private AllsparkJob(Type cmdlet, string name, string command, IDictionary arguments, bool takesInput, PathIntrinsics location)
        : base(command)
    {
        input = takesInput ? [] : null;
        PSJobTypeName = nameof(AllsparkJob);
        var session = InitialSessionState.CreateDefault2();
        session.Commands.Add(new SessionStateCmdletEntry(name, cmdlet, helpFileName: null));
        runspace = RunspaceFactory.CreateRunspace(session);
        runspace.Open();
        runspace.SessionStateProxy.Path.SetLocation(location.CurrentFileSystemLocation.Path);
        shell = System.Management.Automation.PowerShell.Create();
        shell.Runspace = runspace;
        shell.AddCommand(name).AddParameters(arguments);
        ShareStreams(shell.Streams);
        shell.InvocationStateChanged += (_, change) => Follow(change.InvocationStateInfo);
    }

    /// <inheritdoc/>
    public override string Location => "localhost";

    /// <inheritdoc/>
    public override string StatusMessage => "";

    /// <inheritdoc/>
    public override bool HasMoreData => Output.Count > 0 || Error.Count > 0 || Warning.Count > 0 || Verbose.Count > 0 || Debug.Count > 0
        || Information.Count > 0 || Progress.Count > 0;

    /// <summary>Starts a cmdlet.</summary>
    /// <param name="cmdlet">The cmdlet's class.</param>
    /// <param name="invocation">The call: its name and its text.</param>
    /// <param name="arguments">Its parameters and their values.</param>
    /// <param name="takesInput">Whether it waits for pipeline input, until <see cref="CompleteInput"/>.</param>
    /// <param name="location">Where relative paths begin.</param>
    internal static AllsparkJob Start(Type cmdlet, InvocationInfo invocation, IDictionary arguments, bool takesInput, PathIntrinsics location)
    {
        var job = new AllsparkJob(cmdlet, invocation.MyCommand.Name, invocation.Line.Trim(), arguments, takesInput, location);
        job.SetJobState(JobState.Running);
        job.shell.BeginInvoke(job.input, job.Output);
        return job;
    }

    /// <summary>Gives the cmdlet one more object of pipeline input.</summary>
    internal void Add(object value) => input!.Add(value);

    /// <summary>Says that there is no more pipeline input.</summary>
    internal void CompleteInput() => input?.Complete();

    /// <inheritdoc/>
    public override void StopJob()
    {
        if (JobStateInfo.State is JobState.Running)
            shell.Stop();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            StopJob();
            shell.Dispose();
            runspace.Dispose();
            input?.Dispose();
        }
        base.Dispose(disposing);
    }

    private void ShareStreams(PSDataStreams streams)
    {
        streams.Error = Error;
        streams.Warning = Warning;
        streams.Verbose = Verbose;
        streams.Debug = Debug;
        streams.Information = Information;
        streams.Progress = Progress;
    }

    // The error that ended the call belongs to the others: a reason of the job would be told again, and under another id.
    private void Follow(PSInvocationStateInfo invocation)
    {
        if (invocation.State is not (PSInvocationState.Completed or PSInvocationState.Failed or PSInvocationState.Stopped))
            return;
        lock (gate)
        {
            if (invocation.State is PSInvocationState.Failed)
                Error.Add((invocation.Reason as RuntimeException ?? new RuntimeException(invocation.Reason.Message, invocation.Reason)).ErrorRecord);
            CompleteStreams();
            SetJobState(invocation.State switch
            {
                PSInvocationState.Failed => JobState.Failed,
                PSInvocationState.Stopped => JobState.Stopped,
                _ => JobState.Completed,
            });
        }
    }

    private void CompleteStreams()
    {
        Output.Complete();
        Error.Complete();
        Warning.Complete();
        Verbose.Complete();
        Debug.Complete();
        Information.Complete();
        Progress.Complete();
    }
}
