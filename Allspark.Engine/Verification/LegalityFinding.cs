namespace Allspark.Engine.Verification;

/// <summary>One breach of a schedule's rules.</summary>
/// <param name="Rule">Rule that is broken.</param>
/// <param name="Phase">Phase at which it is, as "block kind"; empty for the schedule as a whole.</param>
/// <param name="Node">Node concerned; −1 where it is none in particular.</param>
/// <param name="Message">What is wrong, with the figures.</param>
public sealed record LegalityFinding(string Rule, string Phase, int Node, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Rule}, {Phase}: {Message}";
}
