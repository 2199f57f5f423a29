namespace Allspark.Engine.Hardware;

/// <summary>Which operand of a matrix product stays in the compute array while the others stream through it.</summary>
public enum Dataflow
{
    /// <summary>The fastest of those that the node allows.</summary>
    Best,

    /// <summary>Weights stay.</summary>
    WeightStationary,

    /// <summary>Partial sums stay.</summary>
    OutputStationary,

    /// <summary>Inputs stay.</summary>
    InputStationary,
}
