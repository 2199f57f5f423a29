using Allspark.Engine.Experiments;
using Allspark.Engine.Partitioning;

namespace Allspark.PowerShell.Completion;

/// <summary>Completes what results can be held against: schemes, and machines with published figures.</summary>
public sealed class ReferenceCompleter : NameCompleter
{
    private protected override IEnumerable<(string Name, string Description)> Candidates =>
        GpuReference.Machines.Select(machine => (machine, $"published figures of the {machine}"))
            .Concat(Enum.GetNames<PartitionScheme>().Select(scheme => (scheme, $"the scheme {scheme}, of the same model and array")));
}
