using System.Management.Automation;
using System.Reflection;
using Allspark.PowerShell.Jobs;

namespace Allspark.PowerShell.Commands;

/// <summary>A cmdlet whose work can go on as a job; see <see cref="AllsparkJob"/>.</summary>
public abstract class LongRunningCommand : AllsparkCommand
{
    // They name variables of the caller, or concern what the caller's pipeline is given: the job.
    private static readonly HashSet<string> OfTheCaller = new(StringComparer.OrdinalIgnoreCase)
    {
        nameof(AsJob), "OutVariable", "ErrorVariable", "WarningVariable", "InformationVariable", "PipelineVariable", "OutBuffer",
    };

    private AllsparkJob? job;
    private PropertyInfo? pipelineParameter;

    /// <summary>Works in the background and emits the job at once; Receive-Job has the results and errors, Stop-Job ends it.</summary>
    [Parameter]
    public SwitchParameter AsJob { get; set; }

    /// <inheritdoc/>
    protected sealed override void BeginProcessing()
    {
        if (AsJob)
            StartJob();
        else
            Begin();
    }

    /// <inheritdoc/>
    protected sealed override void ProcessRecord()
    {
        if (job is null)
            Process();
        else if (pipelineParameter is not null)
            job.Add(pipelineParameter.GetValue(this)!);
    }

    /// <inheritdoc/>
    protected sealed override void EndProcessing()
    {
        base.EndProcessing();
        if (job is null)
            return;
        job.CompleteInput();
        JobRepository.Add(job);
        WriteObject(job);
        job = null;
    }

    /// <summary>What comes before the first object.</summary>
    private protected virtual void Begin()
    {
    }

    /// <summary>The work on what the parameters hold.</summary>
    private protected abstract void Process();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // A job is here only where the pipeline ended before it was given away.
        if (disposing)
            job?.Dispose();
        base.Dispose(disposing);
    }

    private void StartJob()
    {
        var given = MyInvocation.BoundParameters;
        var arguments = given.Where(argument => !OfTheCaller.Contains(argument.Key)).ToDictionary();
        if (MyInvocation.ExpectingInput)
        {
            pipelineParameter = GetType().GetProperties().FirstOrDefault(property => !given.ContainsKey(property.Name)
                && property.GetCustomAttributes<ParameterAttribute>().Any(parameter => parameter.ValueFromPipeline));
        }
        job = AllsparkJob.Start(GetType(), MyInvocation, arguments, takesInput: pipelineParameter is not null, SessionState.Path);
    }
}
