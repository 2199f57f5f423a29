using System.Collections;
using System.Management.Automation.Language;
using Allspark.Engine.Experiments;
using Allspark.Engine.Partitioning;

namespace Allspark.PowerShell.Completion;

/// <summary>Completes what results can be held against: schemes, machines with published figures, and the runs of the store that is named.</summary>
public sealed class ReferenceCompleter : NameCompleter
{
    private protected override IEnumerable<(string Name, string Description)> CandidatesFor(
        string parameter, string word, CommandAst command, IDictionary bound) =>
        GpuReference.Machines.Select(machine => (machine, $"published figures of the {machine}"))
            .Concat(Enum.GetNames<PartitionScheme>().Select(scheme => (scheme, $"the scheme {scheme}, of the same model and array")))
            .Concat(bound.Contains("From") ? RunCompleter.Logged(nameof(Run.Id), bound) : []);
}
