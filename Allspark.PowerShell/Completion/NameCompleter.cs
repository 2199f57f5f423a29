using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text.RegularExpressions;

namespace Allspark.PowerShell.Completion;

/// <summary>Completes an argument from a list of names; case does not matter and <c>-</c> equals <c>_</c>.</summary>
public abstract partial class NameCompleter : IArgumentCompleter
{
    /// <summary>The names, and what to say of each.</summary>
    private protected virtual IEnumerable<(string Name, string Description)> Candidates => [];

    /// <summary>The names where they depend on the rest of the line.</summary>
    /// <param name="parameter">The parameter that is completed.</param>
    /// <param name="word">What is written of the argument.</param>
    /// <param name="command">The command, within its pipeline.</param>
    /// <param name="bound">The command's other arguments, as far as they are known.</param>
    private protected virtual IEnumerable<(string Name, string Description)> CandidatesFor(
        string parameter, string word, CommandAst command, IDictionary bound) => Candidates;

    /// <summary>Called by the shell when the user asks how an argument can go on.</summary>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var word = (wordToComplete ?? "").Trim('\'', '"');
        var begun = Fold(word);
        return CandidatesFor(parameterName, word, commandAst, fakeBoundParameters)
            .Where(candidate => Fold(candidate.Name).StartsWith(begun, StringComparison.Ordinal))
            .Select(candidate => new CompletionResult(
                Quoted(candidate.Name), candidate.Name, CompletionResultType.ParameterValue, candidate.Description));
    }

    private static string Fold(string name) => name.ToLowerInvariant().Replace('-', '_');

    private static string Quoted(string name) => Bare().IsMatch(name) ? name : $"'{name.Replace("'", "''", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"^[A-Za-z0-9_.*?/=+\-]+$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Bare();
}
