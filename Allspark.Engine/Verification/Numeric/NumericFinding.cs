namespace Allspark.Engine.Verification.Numeric;

/// <summary>A place where the executed schedule reads what is not there, or computes something else than the network.</summary>
/// <param name="Phase">Phase, as "block kind".</param>
/// <param name="Node">Node concerned; −1 where it is none in particular.</param>
/// <param name="Tensor">Tensor concerned.</param>
/// <param name="Message">What is wrong, with the figures.</param>
public sealed record NumericFinding(string Phase, int Node, string Tensor, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Phase}: {Message}";
}
