using System.Globalization;
using System.IO.Enumeration;

namespace Allspark.Engine.Partitioning;

/// <summary>Names phases by a pattern and options by group shape, sharing degree and other traits.</summary>
/// <remarks>
/// Written <c>pattern=RxC/sN/trait/…</c> with at least one part: <c>stages.2.*=4x4/s8</c>, <c>*.FeedForward=s1</c>, <c>head=streamed</c>,
/// <c>*=interleaved</c>; traits are those of <see cref="OptionTraits"/>. The pattern (<c>*</c>, <c>?</c>; case does not matter) stands for a block's name or a phase's,
/// <c>block.kind</c>.
/// </remarks>
public sealed record OptionRule
{
    /// <summary>Pattern of blocks' or phases' names.</summary>
    public required string Pattern { get; init; }

    /// <summary>Rows and columns of a group; <see langword="null"/> for any.</summary>
    public (int Rows, int Columns)? Group { get; init; }

    /// <summary>Sharing degree s; <see langword="null"/> for any.</summary>
    public int? SharingDegree { get; init; }

    /// <summary>Traits that an option has all of.</summary>
    public OptionTraits Traits { get; init; }

    /// <summary>Reads a rule.</summary>
    /// <exception cref="ArgumentException">The text is not a rule.</exception>
    public static OptionRule Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var equals = text.LastIndexOf('=');
        var rule = new OptionRule { Pattern = equals < 0 ? "" : text[..equals].Trim() };
        if (rule.Pattern.Length == 0)
            throw NotARule(text, "it has no pattern of phases before a '='");
        foreach (var part in text[(equals + 1)..].Split('/', StringSplitOptions.TrimEntries))
            rule = rule.With(part) ?? throw NotARule(text, $"'{part}' says no group, degree or trait, or says it twice");
        return rule;
    }

    /// <summary>Name of a phase: its block and kind.</summary>
    public static string NameOf(Phase phase)
    {
        ArgumentNullException.ThrowIfNull(phase);
        return $"{phase.Block}.{phase.Kind}";
    }

    /// <summary>Whether the rule is about the phase.</summary>
    public bool Names(Phase phase)
    {
        ArgumentNullException.ThrowIfNull(phase);
        return FileSystemName.MatchesSimpleExpression(Pattern, phase.Block) || FileSystemName.MatchesSimpleExpression(Pattern, NameOf(phase));
    }

    /// <summary>Whether an option is as the rule says.</summary>
    public bool Describes(PhaseOption option)
    {
        ArgumentNullException.ThrowIfNull(option);
        var shape = option.Tiling.Shape;
        return (Group is not { } group || (shape.GroupRows == group.Rows && shape.GroupColumns == group.Columns))
            && (SharingDegree is not { } degree || option.SharingDegree == degree)
            && (Traits & ~TraitsOf(option)) == OptionTraits.None;
    }

    private static OptionTraits TraitsOf(PhaseOption option) =>
        (option.SharingDegree > 1 ? OptionTraits.Shared : OptionTraits.None)
        | (option.Streamed ? OptionTraits.Streamed : OptionTraits.None)
        | (option.Interleaved ? OptionTraits.Interleaved : OptionTraits.None)
        | (option.RowParts > 1 || option.ChannelParts > 1 ? OptionTraits.Split : OptionTraits.None);

    /// <inheritdoc/>
    public override string ToString()
    {
        string[] parts =
        [
            Group is { } group ? $"{group.Rows}x{group.Columns}" : "",
            SharingDegree is { } degree ? $"s{degree}" : "",
            .. Enum.GetValues<OptionTraits>().Where(trait => (Traits & trait) != OptionTraits.None).Select(NameOf),
        ];
        return $"{Pattern}={string.Join('/', parts.Where(part => part.Length > 0))}";
    }

    private OptionRule? With(string part)
    {
        foreach (var trait in Enum.GetValues<OptionTraits>().Where(trait => trait != OptionTraits.None && part.Equals(NameOf(trait), StringComparison.OrdinalIgnoreCase)))
            return (Traits & trait) != OptionTraits.None ? null : this with { Traits = Traits | trait };
        if (part.StartsWith('s') || part.StartsWith('S'))
            return SharingDegree is null && Positive(part.AsSpan(1)) is { } degree ? this with { SharingDegree = degree } : null;
        var times = part.IndexOf('x', StringComparison.OrdinalIgnoreCase);
        return times > 0 && Group is null && Positive(part.AsSpan(0, times)) is { } rows && Positive(part.AsSpan(times + 1)) is { } columns
            ? this with { Group = (rows, columns) }
            : null;
    }

    private static string NameOf(OptionTraits trait) => trait.ToString().ToLowerInvariant();

    private static int? Positive(ReadOnlySpan<char> digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;

    private static ArgumentException NotARule(string text, string reason) => new(
        $"'{text}' is not a rule for options: {reason}. Write pattern=RxC/sN/trait with at least one part, such as stages.2.*=4x4/s8; traits are shared, streamed, interleaved and split.",
        nameof(text));
}
