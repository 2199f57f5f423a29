namespace Allspark.Engine.Verification;

/// <summary>Outcome of the legality checks of a schedule.</summary>
/// <param name="Findings">Breaches; none where the schedule is legal.</param>
/// <param name="ChecksRun">Rules checked.</param>
public sealed record LegalityReport(IReadOnlyList<LegalityFinding> Findings, IReadOnlyList<string> ChecksRun)
{
    /// <summary>Whether no rule is broken.</summary>
    public bool Passed => Findings.Count == 0;
}
