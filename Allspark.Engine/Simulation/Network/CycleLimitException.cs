namespace Allspark.Engine.Simulation.Network;

/// <summary>A simulation did not, or could not, finish within its cycle limit.</summary>
/// <param name="message">What was left, and what to do.</param>
public sealed class CycleLimitException(string message) : Exception(message);
