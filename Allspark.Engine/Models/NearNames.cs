namespace Allspark.Engine.Models;

/// <summary>Finds the names that someone may have meant, by edit distance.</summary>
public static class NearNames
{
    private const int Most = 5;
    private const int LongestName = 80;

    /// <summary>Folds case and takes <c>-</c> for <c>_</c>, as names are compared throughout.</summary>
    public static string Normalize(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Trim().ToLowerInvariant().Replace('-', '_');
    }

    /// <summary>Up to five known names within a third of the name's length in edits, or that begin as it does, nearest first.</summary>
    public static ValueList<string> Of(string name, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(known);
        var wanted = Normalize(name);
        if (wanted.Length is 0 or > LongestName)
            return [];
        var limit = Math.Max(2, wanted.Length / 3);
        return known
            .Select(candidate => (Name: candidate, Folded: Normalize(candidate)))
            .Select(pair => (
                pair.Name,
                Distance: Distance(wanted, pair.Folded),
                Begins: pair.Folded.StartsWith(wanted, StringComparison.Ordinal)))
            .Where(pair => pair.Distance <= limit || pair.Begins)
            .OrderBy(pair => pair.Distance)
            .ThenBy(pair => pair.Name, StringComparer.Ordinal)
            .Take(Most)
            .Select(pair => pair.Name)
            .ToValueList();
    }

    /// <summary>Levenshtein's distance: insertions, deletions and substitutions of one character.</summary>
    private static int Distance(string from, string to)
    {
        var row = new int[to.Length + 1];
        for (var j = 0; j < row.Length; j++)
            row[j] = j;
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j < row.Length; j++)
            {
                var substituted = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[to.Length];
    }
}
