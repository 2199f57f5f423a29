using System.Management.Automation;
using Allspark.Engine.Experiments;
using Allspark.PowerShell.Completion;

namespace Allspark.PowerShell.Commands;

/// <summary>Removes runs from run stores, with their metrics, phases and documents.</summary>
/// <remarks>
/// The runs of one store that come down one pipeline are removed together, or none of them where one is not there. What is declined with
/// -Confirm stays.
/// </remarks>
/// <example>
/// <summary>What would be removed.</summary>
/// <code>
/// Split-VitWorkload deit_ti -Array stack-8x8 | Invoke-AllsparkSchedule | Measure-PimInference -LogTo runs.db -Experiment trial | Out-Null
/// Get-AllsparkRun runs.db -Experiment trial | Remove-AllsparkRun -WhatIf
/// </code>
/// </example>
/// <example>
/// <summary>The runs of an experiment.</summary>
/// <code>Get-AllsparkRun runs.db -Experiment trial | Remove-AllsparkRun</code>
/// </example>
[Cmdlet(VerbsCommon.Remove, "AllsparkRun", SupportsShouldProcess = true)]
public sealed class RemoveAllsparkRunCommand : AllsparkCommand
{
    private readonly Dictionary<string, HashSet<long>> wanted = new(StringComparer.Ordinal);

    /// <summary>The run store.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Store")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Numbers of runs.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(RunCompleter))]
    public long[] Id { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(Path, () =>
    {
        var file = FilePath(Path);
        if (!wanted.TryGetValue(file, out var ids))
            wanted.Add(file, ids = []);
        ids.UnionWith(Id);
    });

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        // Opened only now: while the pipeline runs, Get-AllsparkRun reads the same store.
        foreach (var (file, ids) in wanted)
            ForItem(file, () => Remove(file, ids));
        base.EndProcessing();
    }

    private void Remove(string file, HashSet<long> ids)
    {
        RunStore.Open(file, RunStoreMode.ReadOnly).Dispose();
        using var store = RunStore.Open(file, RunStoreMode.ReadWrite);
        var found = store.Runs(new RunFilter { Ids = ids });
        var missing = ids.Except(found.Select(run => run.Id)).Order().ToArray();
        foreach (var id in missing)
        {
            WriteError(new ErrorRecord(
                new ItemNotFoundException($"There is no run {id} in {file}. None is removed."), "RunNotFound", ErrorCategory.ObjectNotFound, id));
        }

        if (missing.Length > 0)
            return;
        store.Remove(found
            .Where(run => ShouldProcess($"run {run.Id} of {file}: {run.Model} on {run.Array}, {run.Scheme}", "Remove"))
            .Select(run => run.Id)
            .ToArray());
    }
}
