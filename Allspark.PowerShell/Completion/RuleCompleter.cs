using System.Collections;
using System.Management.Automation.Language;
using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;

namespace Allspark.PowerShell.Completion;

/// <summary>
/// Completes rules for options, <c>pattern=RxC/sN/trait</c>: first the blocks and phases of the network that comes down the pipeline, then
/// traits, and the groups and degrees that its array has nodes for.
/// </summary>
public sealed class RuleCompleter : NameCompleter
{
    private protected override IEnumerable<(string Name, string Description)> CandidatesFor(
        string parameter, string word, CommandAst command, IDictionary bound)
    {
        var line = new Upstream(command, bound);
        var equals = word.LastIndexOf('=');
        if (equals < 0)
            return Patterns(line.Models).DistinctBy(pattern => pattern.Name).Select(pattern => (pattern.Name + '=', pattern.Description));
        var begun = word[..(Math.Max(equals, word.LastIndexOf('/')) + 1)];
        return Parts(line.Arrays).DistinctBy(part => part.Name).Select(part => (begun + part.Name, part.Description));
    }

    private static IEnumerable<(string Name, string Description)> Patterns(IEnumerable<DnnModel> models)
    {
        yield return ("*", "all phases");
        foreach (var kind in Enum.GetNames<PhaseKind>())
            yield return ($"*.{kind}", $"all phases of kind {kind}");
        foreach (var layer in models.SelectMany(model => model.Layers))
        {
            yield return (layer.Name, $"the phases of {layer.Name}");
            if (layer is not TransformerBlock)
                continue;
            yield return ($"{layer.Name}.{PhaseKind.Attention}", $"the attention of {layer.Name}");
            yield return ($"{layer.Name}.{PhaseKind.FeedForward}", $"the feed-forward network of {layer.Name}");
        }
    }

    private static IEnumerable<(string Name, string Description)> Parts(IEnumerable<PimArray> arrays)
    {
        yield return ("shared", "weights shared by several groups");
        yield return ("streamed", "weights from outside the stack");
        yield return ("interleaved", "exchange overlaps computation");
        yield return ("split", "a head's rows or channels on several nodes");
        foreach (var array in arrays)
        {
            foreach (var rows in Divisors(array.Rows))
            {
                foreach (var columns in Divisors(array.Columns))
                    yield return ($"{rows}x{columns}", $"groups of {rows}×{columns} nodes");
            }

            foreach (var groups in Divisors(array.NodeCount))
                yield return ($"s{groups}", $"weights shared by {groups} groups");
        }
    }

    private static IEnumerable<int> Divisors(int number) => Enumerable.Range(1, number).Where(divisor => number % divisor == 0);
}
