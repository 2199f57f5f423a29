namespace Allspark.Engine.Models;

/// <summary>Something was asked for by a name that is none; the message lists the names that come near it.</summary>
public sealed class UnknownPresetException : ArgumentException
{
    /// <summary>Creates the error.</summary>
    /// <param name="kind">What was looked for: <c>model preset</c>, <c>solver</c>.</param>
    /// <param name="name">The name asked for.</param>
    /// <param name="known">All names there are.</param>
    public UnknownPresetException(string kind, string name, IEnumerable<string> known)
        : this(kind, name, NearNames.Of(name, known), [.. known])
    {
    }

    private UnknownPresetException(string kind, string name, ValueList<string> near, string[] known)
        : base(near.Count > 0
            ? $"There is no {kind} '{Shorten(name)}'. Did you mean {string.Join(", ", near)}?"
            : $"There is no {kind} '{Shorten(name)}'. There are: {string.Join(", ", known)}.")
    {
        Name = name;
        NearMatches = near;
    }

    /// <summary>The name asked for.</summary>
    public string Name { get; }

    /// <summary>Known names near it, nearest first; may be empty.</summary>
    public ValueList<string> NearMatches { get; }

    private static string Shorten(string name) => name.Length <= 80 ? name : string.Concat(name.AsSpan(0, 80), "…");
}
