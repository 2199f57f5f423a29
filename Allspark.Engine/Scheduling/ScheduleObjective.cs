namespace Allspark.Engine.Scheduling;

/// <summary>What the schedule minimises.</summary>
public enum ScheduleObjective
{
    /// <summary>Latency of one inference; the program counts it in picoseconds.</summary>
    Latency,

    /// <summary>Energy of one inference; the program counts it in picojoules.</summary>
    Energy,

    /// <summary>Energy · delay: latency times energy of one inference, counted in femtojoule-seconds (10⁻¹⁵ J·s).</summary>
    EnergyDelayProduct,
}
