namespace Allspark.Engine.Scheduling;

/// <summary>A solver's choice, by option index of each phase, and its report.</summary>
public sealed record SolverResult(IReadOnlyList<int> Choice, SolverReport Report);
