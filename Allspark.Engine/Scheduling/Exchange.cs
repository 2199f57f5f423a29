namespace Allspark.Engine.Scheduling;

/// <summary>Pattern of an exchange.</summary>
public enum ExchangePattern
{
    /// <summary>All-gather or reduce-scatter around rings.</summary>
    Ring,

    /// <summary>Every member of a group sends every other its own shard.</summary>
    AllToAll,
}

/// <summary>One collective exchange of a phase.</summary>
/// <param name="Purpose">What it moves.</param>
/// <param name="Pattern">How it moves.</param>
/// <param name="Members">Members of a ring.</param>
/// <param name="Stride">Distance of ring neighbours in the tiling's flattened node order.</param>
/// <param name="ShardBytes">Bytes of one node's shard.</param>
/// <param name="Repeats">Times the exchange happens: once a temporal layer, or once a phase.</param>
public sealed record Exchange(string Purpose, ExchangePattern Pattern, int Members, int Stride, double ShardBytes, int Repeats)
{
    /// <summary>Purpose of the gathering of shared weights.</summary>
    public const string Weights = "weights";

    /// <summary>Purpose of what follows a step's computation.</summary>
    public const string Output = "output";
}
