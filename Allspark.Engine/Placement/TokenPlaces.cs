using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;

namespace Allspark.Engine.Placement;

/// <summary>Where the tokens of a placed phase are. Tokens are numbered in raster order of their grid, extra (class) tokens last.</summary>
public sealed class TokenPlaces
{
    internal const int Nowhere = -1;

    private Pairs? _neighbours;

    internal TokenPlaces(Phase phase, Tiling tiling, ValueList<int>? slots, TokenOrder order, int number)
    {
        (Phase, Tiling, Number) = (phase, tiling, number);
        OutputNodes = TokenLayout.NodeOfToken(phase, tiling, order, slots);
        CrossingNodes = phase is { Kind: PhaseKind.Attention, Orientations: > 1 } ? CrossingOf(phase, tiling, order, slots) : [];
    }

    /// <summary>The phase, or one like it but for its place in the network.</summary>
    public Phase Phase { get; }

    /// <summary>Its groups.</summary>
    public Tiling Tiling { get; }

    /// <summary>Number among the places of the same array.</summary>
    internal int Number { get; }

    /// <summary>Node of each token of the phase's output grid.</summary>
    public int[] OutputNodes { get; }

    /// <summary>
    /// Second node of each token of the phase's output grid, where tokens have two places: one in a horizontal stripe and one in a
    /// vertical. −1 where both are the same node; empty where tokens have one place.
    /// </summary>
    /// <remarks>Such a token moves to both places, and from both leaves a partial sum that its reader adds up.</remarks>
    public int[] CrossingNodes { get; }

    /// <summary>Node that reads each token of the phase's input grid; −1 for a token that nobody reads.</summary>
    public int[] InputNodes => field ??= Phase.InputGrid == Phase.OutputGrid ? OutputNodes : Readers(Phase, OutputNodes);

    /// <summary>
    /// Tokens of the input grid that a node reads beside those that <see cref="InputNodes"/> gives it, because the patches of a
    /// convolution overlap; each pair of token and node once.
    /// </summary>
    public (int[] Tokens, int[] Nodes) Neighbours => (_neighbours ??= new Pairs(
        Phase.Convolution.Overlaps ? NeighboursOf(Phase, OutputNodes, InputNodes) : ([], []))).Value;

    internal int[][] OutputPlaces => CrossingNodes.Length == 0 ? [OutputNodes] : [OutputNodes, CrossingNodes];

    internal int[][] InputPlaces => CrossingNodes.Length == 0 ? [InputNodes] : [InputNodes, CrossingNodes];

    private static int[] CrossingOf(Phase phase, Tiling tiling, TokenOrder order, ValueList<int>? slots)
    {
        var first = TokenLayout.NodeOfToken(phase, tiling, order, slots);
        var nodes = TokenLayout.NodeOfToken(phase, tiling, order.Crossing!, slots);
        for (var token = 0; token < nodes.Length; token++)
            nodes[token] = nodes[token] == first[token] ? Nowhere : nodes[token];
        return nodes;
    }

    // A coarser output token reads the input tokens that it covers.
    internal static int[] Readers(Phase phase, int[] outputs)
    {
        var (input, output) = (phase.InputGrid, phase.OutputGrid);
        var nodes = new int[input.Tokens];
        for (var token = 0; token < input.Height * input.Width; token++)
            nodes[token] = outputs[output.TokenCovering(token, input)];
        for (var extra = 0; extra < input.ExtraTokens; extra++)
            nodes[input.Height * input.Width + extra] = extra < output.ExtraTokens ? outputs[output.Height * output.Width + extra] : Nowhere;
        return nodes;
    }

    private static (int[] Tokens, int[] Nodes) NeighboursOf(Phase phase, int[] outputs, int[] inputs)
    {
        var (input, output, shape) = (phase.InputGrid, phase.OutputGrid, phase.Convolution);
        var (tokens, nodes) = (new List<int>(), new List<int>());
        var seenBy = new int[input.Tokens];
        Array.Fill(seenBy, Nowhere);
        foreach (var token in ByNode(outputs.AsSpan(0, output.Height * output.Width)))
        {
            var node = outputs[token];
            // Images stand one under the other; none reads another's rows.
            var (image, outputRow) = Math.DivRem(token / output.Width, output.Height / phase.Images);
            var (first, last) = shape.Reads(outputRow, input.Height / phase.Images);
            var (top, bottom) = (first + image * (input.Height / phase.Images), last + image * (input.Height / phase.Images));
            var (left, right) = shape.Reads(token % output.Width, input.Width);
            for (var row = top; row <= bottom; row++)
            {
                for (var column = left; column <= right; column++)
                {
                    var read = row * input.Width + column;
                    if (seenBy[read] == node || inputs[read] == node)
                        continue;
                    seenBy[read] = node;
                    tokens.Add(read);
                    nodes.Add(node);
                }
            }
        }

        return ([.. tokens], [.. nodes]);
    }

    // Tokens in the order of their nodes, those of a node in their own: counted rather than compared, for there may be millions.
    private static int[] ByNode(ReadOnlySpan<int> nodes)
    {
        var next = new int[nodes.IsEmpty ? 1 : System.Numerics.Tensors.TensorPrimitives.Max(nodes) + 2];
        foreach (var node in nodes)
            next[node + 1]++;
        for (var node = 1; node < next.Length; node++)
            next[node] += next[node - 1];
        var tokens = new int[nodes.Length];
        for (var token = 0; token < nodes.Length; token++)
            tokens[next[nodes[token]]++] = token;
        return tokens;
    }

    private sealed record Pairs((int[] Tokens, int[] Nodes) Value);
}
