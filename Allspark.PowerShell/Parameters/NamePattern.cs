using System.Management.Automation;
using System.Text;
using Allspark.Engine.Models;

namespace Allspark.PowerShell.Parameters;

/// <summary>A name with wildcards; case does not matter and <c>-</c> equals <c>_</c>.</summary>
internal sealed class NamePattern(string text)
{
    private readonly WildcardPattern pattern = new(Fold(text), WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);

    /// <summary>Whether the text is a pattern at all, and not one name.</summary>
    public bool HasWildcards { get; } = WildcardPattern.ContainsWildcardCharacters(text);

    public bool Matches(string name) => pattern.IsMatch(name.Replace('-', '_'));

    /// <summary>The known names that a name or a pattern stands for. A pattern may stand for none.</summary>
    /// <exception cref="UnknownPresetException">It is one name, and not a known one.</exception>
    public static IReadOnlyList<string> Expand(string text, string kind, IReadOnlyList<string> known)
    {
        var wanted = new NamePattern(text);
        string[] matching = [.. known.Where(wanted.Matches)];
        return matching.Length > 0 || wanted.HasWildcards ? matching : throw new UnknownPresetException(kind, text, known);
    }

    // A dash within brackets is a range, not part of a name.
    private static string Fold(string text)
    {
        var folded = new StringBuilder(text.Trim());
        var inside = false;
        for (var i = 0; i < folded.Length; i++)
        {
            inside = folded[i] switch
            {
                '[' => true,
                ']' => false,
                _ => inside,
            };
            if (folded[i] == '-' && !inside)
                folded[i] = '_';
        }

        return folded.ToString();
    }
}
