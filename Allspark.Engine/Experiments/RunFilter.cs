using System.Text;

namespace Allspark.Engine.Experiments;

/// <summary>
/// Which runs are wanted; what is null or empty does not restrict. Names take PowerShell's wildcards (<c>*</c>, <c>?</c>,
/// <c>[a-c]</c>, a backtick before one that is meant literally), ignore case, and <c>-</c> equals <c>_</c>.
/// </summary>
public sealed record RunFilter
{
    /// <summary>Runs with one of these numbers.</summary>
    public IReadOnlyCollection<long> Ids { get; init; } = [];

    /// <summary>The model's name.</summary>
    public string? Model { get; init; }

    /// <summary>The array's name.</summary>
    public string? Array { get; init; }

    /// <summary>The partition scheme.</summary>
    public string? Scheme { get; init; }

    /// <summary>The experiment's name.</summary>
    public string? Experiment { get; init; }

    /// <summary>The identity's first digits.</summary>
    public string? Identity { get; init; }

    /// <summary>How the run ended.</summary>
    public RunStatus? Status { get; init; }

    /// <summary>Runs that were first begun at this time or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The most runs to read; the newest where there are more.</summary>
    public int Limit { get; init; } = 100_000;

    /// <summary>A wildcard as SQLite's GLOB takes it, over a name with case and dashes folded.</summary>
    internal static string? ToGlob(string? wildcard)
    {
        if (wildcard is null)
            return null;
        var glob = new StringBuilder(wildcard.Length);
        var inClass = false;
        for (var i = 0; i < wildcard.Length; i++)
        {
            var c = char.ToLowerInvariant(wildcard[i]);
            if (c == '`' && i + 1 < wildcard.Length)
            {
                var literal = char.ToLowerInvariant(wildcard[++i]);
                glob.Append(literal is '*' or '?' or '[' ? $"[{literal}]" : Fold(literal).ToString());
                continue;
            }

            inClass = inClass ? c != ']' : c == '[';
            glob.Append(inClass ? c : Fold(c)); // within a class a dash is a range
        }

        return glob.ToString();
    }

    private static char Fold(char c) => c == '-' ? '_' : c;
}
