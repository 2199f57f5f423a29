namespace Allspark.Engine.Partitioning;

/// <summary>What an option may do, for rules that fix or forbid it.</summary>
[Flags]
public enum OptionTraits
{
    /// <summary>None of the others.</summary>
    None = 0,

    /// <summary>Weight slices are kept once for several of their holders.</summary>
    Shared = 1,

    /// <summary>Weights come from outside the stack.</summary>
    Streamed = 2,

    /// <summary>The exchange of one chunk overlaps the computation of the next.</summary>
    Interleaved = 4,

    /// <summary>A branch is split: a head's query rows or channels lie on several nodes.</summary>
    Split = 8,
}
