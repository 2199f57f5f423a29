using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace Allspark.PowerShell.Completion;

/// <summary>Completes an argument from a list of names; case does not matter and <c>-</c> equals <c>_</c>.</summary>
public abstract class NameCompleter : IArgumentCompleter
{
    /// <summary>The names, and what to say of each.</summary>
    private protected abstract IEnumerable<(string Name, string Description)> Candidates { get; }

    /// <summary>Called by the shell when the user asks how an argument can go on.</summary>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var begun = Fold((wordToComplete ?? "").Trim('\'', '"'));
        return Candidates
            .Where(candidate => Fold(candidate.Name).StartsWith(begun, StringComparison.Ordinal))
            .Select(candidate => new CompletionResult(candidate.Name, candidate.Name, CompletionResultType.ParameterValue, candidate.Description));
    }

    private static string Fold(string name) => name.ToLowerInvariant().Replace('-', '_');
}
