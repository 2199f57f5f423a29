namespace Allspark.Engine.Simulation;

/// <summary>How a schedule is measured.</summary>
public enum Fidelity
{
    /// <summary>Closed forms with link loads under the interconnect's routing.</summary>
    Analytic,
}
