using System.Runtime.InteropServices;

namespace Allspark.Engine.Scheduling;

/// <summary>A partial choice up to a phase.</summary>
/// <param name="Cost">Its objective and what breaks ties.</param>
/// <param name="Resident">Bytes that stay in the region's memories.</param>
/// <param name="Transient">The region's largest transient so far.</param>
/// <param name="Bound">What every completion costs at least.</param>
/// <param name="Parent">Place of the label that it extends in the layer before; −1 before the first phase.</param>
/// <param name="Option">The option taken.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Label(Coefficient Cost, long Resident, long Transient, double Bound, int Parent, int Option)
{
    /// <summary>The choice of nothing, before the first phase.</summary>
    public static Label Start { get; } = new(default, 0, 0, 0, -1, -1);

    /// <summary>By cost, then by memory, then in the order of generation: of equal labels the first is kept.</summary>
    public static int Compare(Label a, Label b) =>
        a.Cost != b.Cost ? a.Cost.CompareTo(b.Cost)
        : a.Resident != b.Resident ? a.Resident.CompareTo(b.Resident)
        : a.Transient != b.Transient ? a.Transient.CompareTo(b.Transient)
        : a.Option != b.Option ? a.Option.CompareTo(b.Option)
        : a.Parent.CompareTo(b.Parent);
}
