namespace Allspark.Engine.Models;

/// <summary>The networks that ship with the engine.</summary>
public static class ModelCatalog
{
    /// <summary>All preset names, by family and then size.</summary>
    public static IReadOnlyList<string> Names => throw new NotSupportedException();

    /// <summary>A network by name; case does not matter and <c>-</c> equals <c>_</c>.</summary>
    /// <param name="name">A preset name.</param>
    /// <param name="resolution">The side of the square image in pixels; the published one if omitted.</param>
    /// <param name="precision">Format of weights and activations.</param>
    /// <exception cref="UnknownPresetException">There is no such preset.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The network cannot take an image of that resolution.</exception>
    public static DnnModel Get(string name, int? resolution = null, Precision precision = Precision.Fp16) =>
        throw new UnknownPresetException("model", name, Names);
}
