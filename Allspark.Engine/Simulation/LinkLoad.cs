using Allspark.Engine.Hardware;
using Allspark.Engine.Specifications;

namespace Allspark.Engine.Simulation;

/// <summary>Bytes that crossed a link during one inference.</summary>
/// <param name="Link">The directed link.</param>
/// <param name="Bytes">Bytes.</param>
public sealed record LinkLoad(Link Link, double Bytes)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Link}: {new PhysicalQuantity(Bytes, "B")}";
}
