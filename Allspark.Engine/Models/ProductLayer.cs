namespace Allspark.Engine.Models;

/// <summary>
/// A matrix product of two activations outside of a transformer block: <see cref="Groups"/> products of
/// <see cref="Rows"/>×<see cref="ReductionLength"/> by <see cref="ReductionLength"/>×<see cref="Layer.OutputChannels"/>.
/// Import makes one of every product that belongs to no attention it recognises.
/// </summary>
public sealed record ProductLayer(string Name) : Layer(Name)
{
    /// <summary>Independent products of the same shape.</summary>
    public required int Groups { get; init; }

    /// <summary>M, the rows of one product.</summary>
    public required int Rows { get; init; }

    /// <summary>K, the products summed for one output element.</summary>
    public required int ReductionLength { get; init; }

    /// <summary>Trained numbers of operators around it.</summary>
    public long ExtraParameters { get; init; }

    /// <summary>Elements of the second operand, Groups · K · N: computed, not trained, but kept while the product runs.</summary>
    public long OperandElements => checked((long)Groups * ReductionLength * OutputChannels);

    /// <inheritdoc/>
    public override long Parameters => ExtraParameters + AuxiliaryParameters(LayerPhase.Projection);

    /// <inheritdoc/>
    public override long Macs => checked(OperandElements * Rows) + AuxiliaryMacs(LayerPhase.Projection);
}
