using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;

namespace Allspark.Engine.Verification.Numeric;

/// <summary>Whether a phase has the shapes of the network's layer: without them there is nothing to execute.</summary>
internal static class PhaseShape
{
    /// <summary>
    /// What differs; <see langword="null"/> where nothing does. A shift may differ: its result can be computed, and is wrong.
    /// </summary>
    public static string? Difference(Phase phase, Layer layer)
    {
        if (phase.InputGrid != layer.InputGrid || phase.OutputGrid != layer.OutputGrid)
        {
            return $"The phase maps a {phase.InputGrid} token grid to {phase.OutputGrid}, "
                + $"the network's layer {layer.InputGrid} to {layer.OutputGrid}.";
        }

        if (layer is TransformerBlock block && Unshifted(phase.Geometry) != Unshifted(block.Attention))
            return $"The phase has the geometry {phase.Geometry}, the network's block {block.Attention}.";
        var (found, wanted) = (Shape(phase), Shape(phase.Kind, layer));
        return found == wanted
            ? null
            : $"The phase has (channels in, out, heads, head size, hidden width) {found}, the network's layer {wanted}.";
    }

    private static (int Input, int Output, int Heads, int HeadSize, int Hidden) Shape(Phase phase) =>
        (phase.InputChannels, phase.OutputChannels, phase.Heads, phase.HeadDimension, phase.HiddenWidth);

    private static (int Input, int Output, int Heads, int HeadSize, int Hidden) Shape(PhaseKind kind, Layer layer) =>
        (kind, layer) switch
        {
            (PhaseKind.Attention, TransformerBlock block) =>
                (block.Channels, block.Channels, block.Heads / block.Attention.Orientations, block.HeadDimension, 0),
            (PhaseKind.FeedForward, TransformerBlock { FeedForwardWidth: var width } block) =>
                (block.Channels, block.Channels, 1, width, width),
            (_, ProjectionLayer { OutputChannels: var columns } projection) =>
                (projection.ReductionLength, columns, 1, columns, 0),
            _ => default,
        };

    private static AttentionGeometry? Unshifted(AttentionGeometry? geometry) =>
        geometry is WindowAttention window ? window with { Shift = 0 } : geometry;
}
