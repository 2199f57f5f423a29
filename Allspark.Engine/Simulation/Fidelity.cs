namespace Allspark.Engine.Simulation;

/// <summary>How a schedule is measured.</summary>
public enum Fidelity
{
    /// <summary>Closed forms with link loads under the interconnect's routing.</summary>
    Analytic,

    /// <summary>Discrete events: nodes, memory ports, links and the stack's interface as resources that transfers and computations wait for.</summary>
    Event,
}
