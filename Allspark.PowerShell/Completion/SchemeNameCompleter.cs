using Allspark.Engine.Partitioning;

namespace Allspark.PowerShell.Completion;

/// <summary>Completes the names of partition schemes, where any text is taken.</summary>
public sealed class SchemeNameCompleter : NameCompleter
{
    private protected override IEnumerable<(string Name, string Description)> Candidates =>
        Enum.GetNames<PartitionScheme>().Select(name => (name, $"the scheme {name}"));
}
