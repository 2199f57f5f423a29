namespace Allspark.Engine.Scheduling;

/// <summary>A choice that no weighting of latency against energy makes worse than another: a corner of the convex front.</summary>
/// <param name="Choice">The option of each phase.</param>
/// <param name="Value">Its latency in picoseconds and its energy in picojoules.</param>
/// <param name="Line">The line below which no choice lies, through the point where the solver proved it.</param>
/// <param name="Report">How the solver found it, under the weighting that it is best under.</param>
internal sealed record FrontPoint(IReadOnlyList<int> Choice, Coefficient Value, SupportLine Line, SolverReport Report);
