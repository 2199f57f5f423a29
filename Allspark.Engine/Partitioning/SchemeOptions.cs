using Allspark.Engine.Hardware;

namespace Allspark.Engine.Partitioning;

/// <summary>The options that a scheme opens to each phase.</summary>
internal static class SchemeOptions
{
    /// <param name="scheme">The policy.</param>
    /// <param name="array">The machine.</param>
    /// <param name="phases">The phases.</param>
    /// <param name="maxNodes">Most nodes that the tilings of the scheme Allspark cover; those of the others are given.</param>
    public static IReadOnlyList<IReadOnlyList<PhaseOption>> For(
        PartitionScheme scheme, PimArray array, IReadOnlyList<Phase> phases, int maxNodes = int.MaxValue) => scheme switch
    {
        PartitionScheme.Allspark => FineGrained(array, phases, maxNodes),
        PartitionScheme.WholeBranch => Shared(phases, phase => WithSharing(phase, WholeBranch(array, phase))),
        PartitionScheme.TokenParallel => Shared(phases, phase => TokenParallel(array, phase)),
        PartitionScheme.TensorParallel => Shared(phases, phase => WithSharing(phase, TensorParallel(array, phase))),
        PartitionScheme.LayerPipeline => LayerPipeline(array, phases),
        _ => throw new ArgumentOutOfRangeException(nameof(scheme), scheme, "Unknown partition scheme."),
    };

    // Phases alike but for their place in the network share one list.
    private static IReadOnlyList<PhaseOption>[] Shared(IReadOnlyList<Phase> phases, Func<Phase, IReadOnlyList<PhaseOption>> optionsOf)
    {
        var known = new Dictionary<Phase, IReadOnlyList<PhaseOption>>();
        return [.. phases.Select(phase =>
        {
            var alike = phase with { Index = 0, Block = "", LayerIndex = 0, Geometry = null };
            if (!known.TryGetValue(alike, out var options))
                known.Add(alike, options = optionsOf(phase));
            return options;
        })];
    }

    // Every rectangle, every split of a window inside it, every sharing degree, streaming; interleaved.
    private static IReadOnlyList<PhaseOption>[] FineGrained(PimArray array, IReadOnlyList<Phase> phases, int maxNodes)
    {
        var tilings = Tiling.Rectangles(array).Where(tiling => tiling.GroupSize <= maxNodes)
            .Select(tiling => tiling.First(Math.Min(tiling.Groups, maxNodes / tiling.GroupSize))).ToList();
        return Shared(phases, phase =>
        [
            .. from tiling in tilings
               from split in Splits(phase, tiling)
               from option in WithSharing(phase, split with { Interleaved = true })
               select option,
        ]);
    }

    private static IEnumerable<PhaseOption> Splits(Phase phase, Tiling tiling)
    {
        var size = tiling.GroupSize;
        if (phase.Kind != PhaseKind.Attention)
        {
            if (size <= phase.SplitWidth)
                yield return new PhaseOption { Tiling = tiling, HeadParts = size };
            yield break;
        }

        foreach (var headParts in Tiling.Divisors(size).Where(parts => parts <= phase.KeyValueHeads))
        {
            var rest = size / headParts;
            if (rest <= phase.QueryTokens)
                yield return new PhaseOption { Tiling = tiling, HeadParts = headParts, RowParts = rest };
            if (rest > 1 && rest <= phase.HeadDimension)
                yield return new PhaseOption { Tiling = tiling, HeadParts = headParts, ChannelParts = rest };
        }
    }

    private static List<PhaseOption> WithSharing(Phase phase, PhaseOption option)
    {
        var copies = option.SliceCopies(phase);
        var options = Tiling.Divisors(copies).Select(degree => option with { SharingDegree = degree }).ToList();
        options.Add(option with { SharingDegree = copies, Streamed = true });
        if (option.Steps(phase) == 1)
            options.AddRange(options.Where(fetching => fetching.SharingDegree > 1 || fetching.Streamed).Select(held => held with { PassThrough = true }).ToList());
        return options;
    }

    // The H branches of a window, attention and feed-forward slice alike, sit on H consecutive nodes, or as many as divide H and fit.
    private static PhaseOption WholeBranch(PimArray array, Phase phase)
    {
        var parts = Tiling.Divisors(phase.BlockHeads).Last(divisor => divisor <= Math.Min(array.NodeCount, phase.SplitWidth));
        return new PhaseOption { Tiling = Tiling.Runs(parts, 0, array.NodeCount), HeadParts = parts };
    }

    // A window's tokens over as many nodes as its share of the array; every node meets every weight, each kept once in the array.
    private static List<PhaseOption> TokenParallel(PimArray array, Phase phase)
    {
        var rows = phase.Kind == PhaseKind.Attention ? Math.Clamp(array.NodeCount / phase.Windows, 1, phase.QueryTokens) : 1;
        var option = new PhaseOption
        {
            Tiling = Tiling.Runs(rows, 0, array.NodeCount),
            HeadParts = 1,
            RowParts = rows,
            WindowsPerStep = phase.Windows,
        };
        var broadcast = option with { SharingDegree = option.SliceCopies(phase), PassThrough = true };
        return [broadcast, broadcast with { Streamed = true }];
    }

    // One group, the whole array; all windows in one step, so that a block costs one all-gather and one reduce-scatter a phase.
    private static PhaseOption TensorParallel(PimArray array, Phase phase)
    {
        var tiling = Tiling.Rectangle(array, array.Rows, array.Columns);
        if (phase.Kind != PhaseKind.Attention)
        {
            var columns = Tiling.Divisors(array.NodeCount).Last(parts => parts <= phase.SplitWidth);
            return new PhaseOption
            {
                Tiling = columns == array.NodeCount ? tiling : Tiling.Runs(columns, 0, columns),
                HeadParts = columns,
            };
        }

        var heads = Tiling.Divisors(array.NodeCount).Last(parts => parts <= phase.KeyValueHeads);
        var channels = Tiling.Divisors(array.NodeCount / heads).Last(parts => parts <= phase.HeadDimension);
        return new PhaseOption
        {
            Tiling = heads * channels == array.NodeCount ? tiling : Tiling.Runs(heads * channels, 0, heads * channels),
            HeadParts = heads,
            ChannelParts = channels,
            WindowsPerStep = phase.Windows,
        };
    }

    // Layers in order on consecutive nodes, as many as their share of the MACs; a layer keeps its weights, or streams them.
    private static List<IReadOnlyList<PhaseOption>> LayerPipeline(PimArray array, IReadOnlyList<Phase> phases)
    {
        var regions = PipelineRegions.Of(phases, array.NodeCount);
        return [.. phases.Select(phase =>
        {
            var region = regions[phase.Index];
            var parts = Tiling.Divisors(phase.BlockHeads).Last(divisor => divisor <= Math.Min(region.Nodes, phase.SplitWidth));
            var option = new PhaseOption
            {
                Tiling = Tiling.Runs(parts, region.FirstNode, region.Nodes),
                HeadParts = parts,
                Region = region.Index,
            };
            return (IReadOnlyList<PhaseOption>)WithSharing(phase, option);
        })];
    }
}
