using Allspark.Engine.Specifications;
using System.Runtime.InteropServices;

namespace Allspark.Engine.Scheduling;

/// <summary>Energy by component, in joules.</summary>
/// <param name="MacJoules">Multiply-accumulate operations.</param>
/// <param name="VectorJoules">Vector operations.</param>
/// <param name="SramJoules">Reads and writes of the nodes' buffers.</param>
/// <param name="DramJoules">Reads and writes of the nodes' memories.</param>
/// <param name="NocJoules">Hops on the interconnect.</param>
/// <param name="OffStackJoules">Transfers from and to outside the stack.</param>
/// <param name="StaticJoules">Standby power times time, over all nodes.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct EnergyBreakdown(
    double MacJoules,
    double VectorJoules,
    double SramJoules,
    double DramJoules,
    double NocJoules,
    double OffStackJoules,
    double StaticJoules)
{
    /// <summary>Sum of the components.</summary>
    public double TotalJoules => MacJoules + VectorJoules + SramJoules + DramJoules + NocJoules + OffStackJoules + StaticJoules;

    /// <summary>Adds component by component.</summary>
    public static EnergyBreakdown operator +(EnergyBreakdown a, EnergyBreakdown b) => new(
        a.MacJoules + b.MacJoules,
        a.VectorJoules + b.VectorJoules,
        a.SramJoules + b.SramJoules,
        a.DramJoules + b.DramJoules,
        a.NocJoules + b.NocJoules,
        a.OffStackJoules + b.OffStackJoules,
        a.StaticJoules + b.StaticJoules);

    /// <summary>Adds component by component.</summary>
    public static EnergyBreakdown Add(EnergyBreakdown left, EnergyBreakdown right) => left + right;

    /// <inheritdoc/>
    public override string ToString() => new PhysicalQuantity(TotalJoules, "J").ToString();
}
