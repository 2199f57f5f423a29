using System.Management.Automation;
using System.Text;

namespace Allspark.PowerShell.Parameters;

/// <summary>A name with wildcards; case does not matter and <c>-</c> equals <c>_</c>.</summary>
internal sealed class NamePattern(string text)
{
    private readonly WildcardPattern pattern = new(Fold(text), WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);

    /// <summary>Whether the text is a pattern at all, and not one name.</summary>
    public bool HasWildcards { get; } = WildcardPattern.ContainsWildcardCharacters(text);

    public bool Matches(string name) => pattern.IsMatch(name.Replace('-', '_'));

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
