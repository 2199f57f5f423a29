using System.Collections;
using System.Management.Automation.Language;

namespace Allspark.PowerShell.Completion;

/// <summary>Completes the blocks of the network that comes down the pipeline.</summary>
public sealed class BlockNameCompleter : NameCompleter
{
    private protected override IEnumerable<(string Name, string Description)> CandidatesFor(
        string parameter, string word, CommandAst command, IDictionary bound) =>
        new Upstream(command, bound).Models
            .SelectMany(model => model.Layers.Select(layer => (layer.Name, $"a block of {model}")))
            .DistinctBy(block => block.Name);
}
