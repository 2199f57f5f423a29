using Allspark.Engine.Partitioning;

namespace Allspark.Engine.Scheduling;

/// <summary>A column x[p,o] of the program.</summary>
/// <param name="Option">The option.</param>
/// <param name="Cost">Its cost.</param>
/// <param name="LayoutClass">Index of its token layout among the phase's layouts; transition costs depend on nothing else.</param>
/// <param name="Coefficient">Its coefficient in the objective, and what breaks ties.</param>
public sealed record ProgramOption(PhaseOption Option, PhaseCost Cost, int LayoutClass, Coefficient Coefficient)
{
    /// <summary>Coefficient in the objective, in its unit.</summary>
    public long Objective => Coefficient.Objective;

    /// <summary>Coefficient w[p,o] in the memory rows, in bytes.</summary>
    public long ResidentBytes => Cost.ResidentBytes;

    /// <summary>Coefficient a[p,o] in the phase's own memory row, in bytes.</summary>
    public long TransientBytes => Cost.TransientBytes;
}
