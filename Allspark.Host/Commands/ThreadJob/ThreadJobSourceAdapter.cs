using System.Collections.Concurrent;
using Microsoft.PowerShell.Commands;

namespace Microsoft.PowerShell.ThreadJob;

/// <summary>The store of thread jobs that the engine's job cmdlets ask.</summary>
public sealed class ThreadJobSourceAdapter : JobSourceAdapter
{
    private const string JobParameter = "NewJob";

    private readonly ConcurrentDictionary<Guid, Job2> _jobs = new();

    public ThreadJobSourceAdapter() => Name = nameof(ThreadJobSourceAdapter);

    /// <summary>Makes a job known to the session.</summary>
    internal static void Add(PSCmdlet cmdlet, ThreadJob job)
    {
        if (!cmdlet.JobManager.IsRegistered(nameof(ThreadJobSourceAdapter)))
            EngineInternals.CallByName(cmdlet.JobManager, "RegisterJobSourceAdapter", typeof(ThreadJobSourceAdapter));
        var definition = new JobDefinition(typeof(ThreadJobSourceAdapter), "", job.Name);
        var parameters = new Dictionary<string, object> { [JobParameter] = job };
        cmdlet.JobManager.NewJob(new JobInvocationInfo(definition, parameters));
    }

    public override Job2 NewJob(JobInvocationInfo specification)
    {
        var job = (ThreadJob)specification.Parameters[0][0].Value;
        _jobs.TryAdd(job.InstanceId, job);
        return job;
    }

    public override IList<Job2> GetJobs() => [.. _jobs.Values];

    public override IList<Job2> GetJobsByName(string name, bool recurse)
    {
        var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
        return [.. _jobs.Values.Where(job => pattern.IsMatch(job.Name))];
    }

    public override IList<Job2> GetJobsByCommand(string command, bool recurse)
    {
        var pattern = WildcardPattern.Get(command, WildcardOptions.IgnoreCase);
        return [.. _jobs.Values.Where(job => pattern.IsMatch(job.Command))];
    }

    public override Job2? GetJobByInstanceId(Guid instanceId, bool recurse) => _jobs.GetValueOrDefault(instanceId);

    public override Job2? GetJobBySessionId(int id, bool recurse) => _jobs.Values.FirstOrDefault(job => job.Id == id);

    public override IList<Job2> GetJobsByState(JobState state, bool recurse) => [.. _jobs.Values.Where(job => job.JobStateInfo.State == state)];

    // The filters that the engine offers do not apply to these jobs.
    public override IList<Job2> GetJobsByFilter(Dictionary<string, object> filter, bool recurse) => [];

    public override void RemoveJob(Job2 job)
    {
        if (_jobs.TryRemove(job.InstanceId, out _))
            job.StopJob();
    }
}
