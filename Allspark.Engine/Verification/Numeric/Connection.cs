using System.Runtime.InteropServices;
using Allspark.Engine.Models;

namespace Allspark.Engine.Verification.Numeric;

/// <summary>What a layer does with the channels that the one before carries past itself.</summary>
/// <param name="Concatenates">They come first among its input channels.</param>
/// <param name="Receives">They come beside its input: to be carried on, or added to its result.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Connection(bool Concatenates, bool Receives)
{
    /// <summary>The connection of two layers that follow each other.</summary>
    /// <exception cref="NotSupportedException">The later one has no use for what is carried.</exception>
    public static Connection Of(Layer? before, Layer layer)
    {
        var carried = before?.CarriedChannels ?? 0;
        var concatenates = carried > 0 && layer.InputChannels == before!.OutputChannels + carried;
        var connection = new Connection(concatenates, carried > 0 && !concatenates);
        var own = connection.Receives ? carried : layer.InputChannels;
        if (carried > 0 && layer is not ProjectionLayer)
            throw new NotSupportedException($"Layer '{layer.Name}' has no numeric execution: it is a block, and {carried} channels are carried to it.");
        if (layer.CarriedChannels > 0 && (layer.CarriedChannels != own || before is null))
            throw new NotSupportedException($"Layer '{layer.Name}' has no numeric execution: it carries {layer.CarriedChannels} channels, and {own} come to it.");
        if (connection.Receives && layer.CarriedChannels == 0 && Shortcut(layer) is null && carried != layer.OutputChannels)
            throw new NotSupportedException($"Layer '{layer.Name}' has no numeric execution: {carried} channels cannot be added to {layer.OutputChannels}.");
        return connection;
    }

    /// <summary>The convolution that maps what is carried before it is added.</summary>
    public static AuxiliaryOperator? Shortcut(Layer layer) =>
        layer.Auxiliary.FirstOrDefault(operation => operation.Name == AuxiliaryOperator.Shortcut);

    /// <summary>Tokens of the input grid that one token of the output grid covers.</summary>
    public static IEnumerable<int> Covered(Layer layer, int token)
    {
        var (input, output) = (layer.InputGrid, layer.OutputGrid);
        var (down, right) = (input.Height / output.Height, input.Width / output.Width);
        var (top, left) = (token / output.Width * down, token % output.Width * right);
        return from row in Enumerable.Range(top, down)
               from column in Enumerable.Range(left, right)
               select row * input.Width + column;
    }
}
