namespace Allspark.Engine.Scheduling;

/// <summary>Vector operations per element [ours: counted from the definitions, an exponential as four operations].</summary>
internal static class VectorWork
{
    /// <summary>Mean (1), centring (1), square and sum (2), scaling (1), gain (1), offset (1).</summary>
    public const int LayerNorm = 7;

    /// <summary>Scale (1), relative position bias or mask (1), maximum (1), difference (1), exponential (4), sum (1), division (1).</summary>
    public const int Softmax = 10;

    /// <summary>x·Φ(x) by its tanh form: cubic (3), scaling (1), tanh (4), and two products with a sum (3).</summary>
    public const int Gelu = 11;

    /// <summary>Product with the gating channel.</summary>
    public const int Gate = 1;

    /// <summary>Residual addition.</summary>
    public const int Residual = 1;

    /// <summary>Bias addition after a matrix.</summary>
    public const int Bias = 1;

    /// <summary>A sum for the mean and a product with the channel's scale.</summary>
    public const int Squeeze = 2;

    /// <summary>A multiply and an add, for the depthwise and reduction convolutions that run on the lanes.</summary>
    public const int AuxiliaryMac = 2;
}
