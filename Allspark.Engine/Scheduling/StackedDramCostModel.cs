using System.Runtime.InteropServices;
using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Placement;

namespace Allspark.Engine.Scheduling;

/// <summary>Phase costs on a stacked-DRAM array: systolic nodes with private memory slices on a mesh (docs/model.md, "Phase options").</summary>
public sealed class StackedDramCostModel : IPhaseCostModel
{
    private static readonly int[] s_rowBlocks = [1, 2, 4, 8];

    private readonly PimArray _array;
    private readonly Precision _precision;
    private readonly int _bytes;
    private readonly GemmModel _gemms;
    private readonly Collectives _collectives;

    /// <summary>Creates the model for one machine and precision.</summary>
    public StackedDramCostModel(PimArray array, Precision precision, Collectives collectives)
    {
        ArgumentNullException.ThrowIfNull(array);
        ArgumentNullException.ThrowIfNull(collectives);
        _array = array;
        _precision = precision;
        _bytes = precision.Bytes();
        _gemms = new GemmModel(array.Node, _bytes);
        _collectives = collectives;
    }

    /// <inheritdoc/>
    public PhaseCost Evaluate(Phase phase, PhaseOption option)
    {
        ArgumentNullException.ThrowIfNull(phase);
        ArgumentNullException.ThrowIfNull(option);
        var share = Share(phase, option);
        var heldBytes = option.PassThrough ? 0 : FetchedBytes(phase, option, share);
        var (fetchSeconds, fetchByteHops) = Fetch(phase, option, share, heldBytes);
        var exchanges = StepExchanges(phase, option, share);
        var blocks = option is { Interleaved: true, PassThrough: false } && share.Steps == 1 ? s_rowBlocks.Where(blocks => blocks <= share.Rows) : [1];
        var best = blocks
            .Select(rowBlocks => Time(phase, option, share, exchanges, fetchSeconds, rowBlocks))
            .MinBy(timing => timing.Latency)!;
        var nodes = share.Groups * option.Tiling.GroupSize;
        var steps = (double)share.Steps * best.RowBlocks;
        var dramBytes = (best.Work.DramBytes * steps + heldBytes) * nodes;
        var nocByteHops = fetchByteHops + exchanges.Sum(exchange => exchange.ShardBytes * Profile(exchange, option.Tiling, nodes).ShardHops) * share.Steps;
        var offStackBytes = option.Streamed ? (double)(phase.WeightElements + phase.ReplicatedElements) * _bytes : 0;
        return new PhaseCost
        {
            LatencySeconds = best.Latency,
            ComputeSeconds = best.Compute,
            ExchangeSeconds = best.Exchange,
            FetchSeconds = fetchSeconds,
            TemporalLayers = share.Steps,
            Chunks = share.Steps * best.RowBlocks,
            ResidentBytes = option.Streamed ? 0 : DivideUp(share.SliceBytes, option.SharingDegree) + phase.ReplicatedElements * _bytes,
            TransientBytes = share.ActivationBytes + heldBytes,
            HeldBytes = heldBytes,
            SliceBytes = share.SliceBytes,
            SliceReads = FitsBuffer(share.SliceBytes) ? 1 : share.Steps * best.RowBlocks,
            DramBytes = dramBytes,
            NocByteHops = nocByteHops,
            OffStackBytes = offStackBytes,
            Energy = Energy(phase, best, steps * nodes, dramBytes, nocByteHops, offStackBytes),
        };
    }

    /// <inheritdoc/>
    public IReadOnlyList<Exchange> Exchanges(Phase phase, PhaseOption option)
    {
        ArgumentNullException.ThrowIfNull(phase);
        ArgumentNullException.ThrowIfNull(option);
        var share = Share(phase, option);
        var exchanges = StepExchanges(phase, option, share).Select(exchange => exchange with { Repeats = share.Steps }).ToList();
        if (option.SharingDegree > 1)
            exchanges.Add(WeightExchange(option, share));
        return exchanges;
    }

    private PhaseShare Share(Phase phase, PhaseOption option)
    {
        var groups = phase.ActiveGroups(option.Tiling);
        var size = option.Tiling.GroupSize;
        if (phase.Kind == PhaseKind.Attention)
            return AttentionShare(phase, option, groups);

        var rows = DivideUp(phase.Tokens, groups);
        var columns = DivideUp(phase.SplitWidth, option.HeadParts);
        var sliceElements = DivideUp(phase.WeightElements, option.HeadParts);
        var perNode = DivideUp((long)rows * (phase.InputElements + phase.OutputChannels + phase.CarriedChannels + phase.ShortcutChannels), size);
        var gathered = size > 1 ? (long)rows * (phase.InputElements + phase.ShortcutChannels) / (phase.ConvolutionGroups > 1 ? size : 1) : 0;
        return new PhaseShare(groups, 1, rows, rows, 1, 1, columns, 1, sliceElements * _bytes, (perNode + gathered + (long)rows * columns) * _bytes);
    }

    private PhaseShare AttentionShare(Phase phase, PhaseOption option, int groups)
    {
        var windows = DivideUp(phase.Windows, groups);
        var together = DivideUp(windows, option.Steps(phase));
        var rows = DivideUp(phase.QueryTokens, option.RowParts);
        var keyHeads = DivideUp(phase.KeyValueHeads, option.HeadParts);
        var heads = keyHeads * (phase.Heads / phase.KeyValueHeads);
        var channels = DivideUp(phase.HeadDimension, option.ChannelParts);
        var (width, keyWidth) = (heads * channels, keyHeads * channels);
        var held = phase.HeldOrientations(option.Tiling);
        var sliceElements = DivideUp(phase.WeightElements, phase.KeyValueHeads * phase.HeadDimension * phase.Orientations) * keyWidth * held;
        var shard = DivideUp((long)windows * phase.QueryTokens * phase.InputChannels, option.Tiling.GroupSize);
        var gathered = (long)rows * phase.InputChannels;
        var operands = (long)rows * width + 2L * phase.KeyTokens * keyWidth + (long)rows * phase.KeyTokens;
        var activations = 2 * shard + together * (gathered + operands);
        return new PhaseShare(groups, option.Steps(phase), rows, rows * together, heads, keyHeads, channels, held, sliceElements * _bytes, activations * _bytes);
    }

    private static int FetchedParts(PhaseOption option) => option.Streamed ? option.SharingDegree : option.SharingDegree - 1;

    private long FetchedBytes(Phase phase, PhaseOption option, PhaseShare share) =>
        DivideUp(share.SliceBytes * FetchedParts(option), option.SharingDegree) + (option.Streamed ? phase.ReplicatedElements * _bytes : 0);

    private static Exchange WeightExchange(PhaseOption option, PhaseShare share) => new(
        Exchange.Weights, ExchangePattern.Ring, option.SharingDegree, option.HeadParts * option.ChannelParts, (double)share.SliceBytes / option.SharingDegree, 1);

    // Sharing: an all-gather among the s holders of a slice. Streaming feeds that all-gather from the I/O nodes, over the same links; what is
    // held is written to memory as it comes. The slowest of them counts.
    private (double Seconds, double ByteHops) Fetch(Phase phase, PhaseOption option, PhaseShare share, long heldBytes)
    {
        var nodes = share.Groups * option.Tiling.GroupSize;
        var (seconds, byteHops) = (0.0, 0.0);
        Exchange? weights = null;
        if (option.SharingDegree > 1)
        {
            weights = WeightExchange(option, share);
            var profile = Profile(weights, option.Tiling, nodes);
            seconds = Math.Max(Seconds(profile, weights.ShardBytes, 1), heldBytes / _array.Node.StreamingBandwidthBytesPerSecond);
            byteHops = profile.ShardHops * weights.ShardBytes;
        }

        if (!option.Streamed)
            return (seconds, byteHops);
        var bytes = (double)(phase.WeightElements + phase.ReplicatedElements) * _bytes;
        var entry = _collectives.Entry(option.Tiling, nodes);
        var links = HeaviestLinkBytes(option.Tiling, nodes, bytes / nodes, weights) / _array.Interconnect.LinkBandwidthBytesPerSecond;
        var arrival = Math.Max(bytes / _array.Io.OffStackBandwidthBytesPerSecond, links) + entry.LatencyHops * _array.Interconnect.HopLatencySeconds;
        return (Math.Max(seconds, arrival) + _array.Node.AccessLatencySeconds, byteHops + bytes / nodes * entry.ShardHops);
    }

    // The link that entering weights and the ring of their sharing load most together.
    private double HeaviestLinkBytes(Tiling tiling, int nodes, double entryBytes, Exchange? weights)
    {
        if (weights is null)
            return _collectives.Entry(tiling, nodes).HeaviestLinkShards * entryBytes;
        var entry = _collectives.EntryLinks(tiling, nodes);
        var ring = _collectives.RingLinks(tiling, weights.Members, weights.Stride, nodes);
        var heaviest = 0.0;
        for (var link = 0; link < entry.Count; link++)
            heaviest = Math.Max(heaviest, entry[link] * entryBytes + ring[link] * weights.ShardBytes);
        return heaviest;
    }

    private List<Exchange> StepExchanges(Phase phase, PhaseOption option, PhaseShare share)
    {
        var exchanges = new List<Exchange>(4);
        var size = option.Tiling.GroupSize;
        if (size == 1)
            return exchanges;
        if (phase.Kind == PhaseKind.Attention)
        {
            AddAttentionExchanges(exchanges, phase, option, share);
            return exchanges;
        }

        // A node of a grouped convolution needs its own channels of all rows, otherwise all of them.
        var input = (double)share.Rows * (phase.InputElements + phase.ShortcutChannels) * _bytes / size;
        exchanges.Add(phase.ConvolutionGroups > 1
            ? new Exchange("input", ExchangePattern.AllToAll, size, 1, input / size, 1)
            : new Exchange("input", ExchangePattern.Ring, size, 1, input, 1));
        if (phase.SqueezedChannels > 0)
        {
            exchanges.Add(new Exchange("squeezed mean", ExchangePattern.Ring, size, 1, (double)phase.SqueezedChannels * _bytes / size, 1));
            exchanges.Add(new Exchange("channel scales", ExchangePattern.Ring, size, 1, (double)phase.InputChannels * _bytes / size, 1));
        }

        var output = (double)share.Rows * phase.OutputChannels * _bytes / size;
        exchanges.Add(phase.Kind == PhaseKind.FeedForward
            ? new Exchange(Exchange.Output, ExchangePattern.Ring, size, 1, output, 1)
            : new Exchange(Exchange.Output, ExchangePattern.AllToAll, size, 1, output / size, 1));
        return exchanges;
    }

    private void AddAttentionExchanges(List<Exchange> exchanges, Phase phase, PhaseOption option, PhaseShare share)
    {
        var reduced = option.HeadParts * option.ChannelParts;
        var rowShard = (double)share.StepRows * phase.InputChannels * _bytes / reduced;
        if (reduced > 1)
            exchanges.Add(new Exchange("input", ExchangePattern.Ring, reduced, 1, rowShard, 1));
        if (option.RowParts > 1)
        {
            var keys = (double)share.StepRows / share.Rows * phase.KeyTokens / option.RowParts * 2 * share.KeyHeads * share.Columns * _bytes;
            exchanges.Add(new Exchange("keys and values", ExchangePattern.Ring, option.RowParts, reduced, keys, 1));
        }

        // Sums of pooled keys meet on one node of the group, and every node gets all keys.
        if (phase.KeyTokens < phase.QueryTokens && option.Tiling.GroupSize > 1)
        {
            var pooled = (double)share.StepRows / share.Rows * phase.KeyTokens * phase.InputChannels * _bytes / option.Tiling.GroupSize;
            exchanges.Add(new Exchange("pooled key sums", ExchangePattern.Ring, option.Tiling.GroupSize, 1, pooled, 1));
            exchanges.Add(new Exchange("pooled keys", ExchangePattern.Ring, option.Tiling.GroupSize, 1, pooled, 1));
        }

        if (option.ChannelParts > 1)
        {
            var scores = (double)share.StepRows * phase.KeyTokens * share.Heads * _bytes / option.ChannelParts;
            exchanges.Add(new Exchange("score sums", ExchangePattern.Ring, option.ChannelParts, option.HeadParts, scores, 1));
            exchanges.Add(new Exchange("scores", ExchangePattern.Ring, option.ChannelParts, option.HeadParts, scores, 1));
        }

        if (reduced > 1)
            exchanges.Add(new Exchange(Exchange.Output, ExchangePattern.Ring, reduced, 1, rowShard, 1));
    }

    private Timing Time(Phase phase, PhaseOption option, PhaseShare share, List<Exchange> exchanges, double fetch, int rowBlocks)
    {
        var chunks = share.Steps * rowBlocks;
        var work = new NodeWork(_array, _gemms);
        if (phase.Kind == PhaseKind.Attention)
            AddAttention(work, phase, option, share, rowBlocks);
        else
            AddTokenWise(work, phase, option, share, rowBlocks);

        var compute = work.Seconds;
        var nodes = share.Groups * option.Tiling.GroupSize;
        var exchange = exchanges.Sum(item => Seconds(Profile(item, option.Tiling, nodes), item.ShardBytes, rowBlocks));
        var latency = !option.Interleaved ? fetch + chunks * (exchange + compute)
            : chunks == 1 ? exchange + Math.Max(compute, fetch)
            : exchange + Math.Max(compute, fetch + exchange) + (chunks - 2) * Math.Max(compute, exchange) + compute;
        return new Timing(rowBlocks, latency, chunks * compute, chunks * exchange, work);
    }

    private void AddAttention(NodeWork work, Phase phase, PhaseOption option, PhaseShare share, int rowBlocks)
    {
        var windowRows = DivideUp(share.Rows, rowBlocks);
        var windows = share.StepRows / share.Rows;
        // Windows of different orientations in one step meet different weights.
        var products = Math.Min(share.HeldOrientations, windows);
        var rows = DivideUp(share.StepRows, rowBlocks * products);
        var (width, keyWidth) = (share.Heads * share.Columns, share.KeyHeads * share.Columns);
        var keys = DivideUp(DivideUp(phase.KeyTokens, option.RowParts * rowBlocks) * windows, products);
        var inBuffer = FitsBuffer(
            (share.Rows * (long)(phase.InputChannels + width) + 2L * phase.KeyTokens * keyWidth + (long)share.Rows * phase.KeyTokens) * _bytes);
        var weightShare = WeightShare(option, share, rowBlocks);
        work.Add(new Gemm(rows, phase.InputChannels, width), products, weightShare, inBuffer, inBuffer);
        work.Add(new Gemm(keys, phase.InputChannels, 2 * keyWidth), products, weightShare, inBuffer, inBuffer);
        work.Add(new Gemm(windowRows, share.Columns, phase.KeyTokens), share.Heads * windows, inBuffer ? 0 : 1, inBuffer, inBuffer);
        work.Add(new Gemm(windowRows, phase.KeyTokens, share.Columns), share.Heads * windows, inBuffer ? 0 : 1, inBuffer, inBuffer);
        work.Add(new Gemm(rows, width, phase.OutputChannels), products, weightShare, inBuffer, inBuffer);
        work.AddVector(AttentionVectorOperations(phase) / (phase.Windows * (double)option.Tiling.GroupSize) * windows / rowBlocks, _bytes);
        work.AddVector(AuxiliaryOperationsPerNode(phase, option, share) / (share.Steps * rowBlocks), _bytes);
    }

    private void AddTokenWise(NodeWork work, Phase phase, PhaseOption option, PhaseShare share, int rowBlocks)
    {
        var rows = DivideUp(share.Rows, rowBlocks);
        var inBuffer = FitsBuffer(rows * (long)(phase.InputElements + phase.ShortcutChannels + share.Columns) * _bytes);
        var weightShare = WeightShare(option, share, rowBlocks);
        if (phase.ConvolutionGroups > 1)
            AddGrouped(work, phase, share.Columns, rows, weightShare, inBuffer);
        else
            work.Add(new Gemm(rows, phase.InputChannels + phase.ShortcutChannels, share.Columns), phase.Gated ? 2 : 1, weightShare, inBuffer, inBuffer);
        if (phase.Kind == PhaseKind.FeedForward)
            work.Add(new Gemm(rows, share.Columns, phase.OutputChannels), 1, weightShare, inBuffer, inBuffer);
        var nodes = (double)share.Groups * option.Tiling.GroupSize;
        work.AddVector(TokenWiseVectorOperations(phase) / nodes / rowBlocks, _bytes);
        work.AddVector(AuxiliaryOperationsPerNode(phase, option, share) / rowBlocks, _bytes);
    }

    // One small product after another on the array, or on the vector lanes if they are sooner done.
    private void AddGrouped(NodeWork work, Phase phase, int columns, int rows, double weightShare, bool inBuffer)
    {
        var width = Math.Max(1, phase.OutputChannels / phase.ConvolutionGroups);
        var products = new NodeWork(_array, _gemms);
        products.Add(new Gemm(rows, phase.InputChannels, Math.Min(width, columns)), DivideUp(columns, width), weightShare, inBuffer, inBuffer);
        var lanes = new NodeWork(_array, _gemms);
        var operations = (double)rows * phase.InputChannels * columns * VectorWork.AuxiliaryMac;
        var moved = rows * ((double)phase.InputElements / phase.OutputChannels * columns + columns);
        lanes.AddVector(operations, ((double)phase.InputChannels * columns * weightShare + (inBuffer ? 0 : moved)) * _bytes, _bytes);
        work.Add(lanes.Seconds < products.Seconds ? lanes : products);
    }

    // Half of the buffer keeps operands that are used again; the other half holds those that move.
    private bool FitsBuffer(long bytes) => bytes <= _array.Node.BufferBytes / 2;

    // A slice that fits the buffer is read from memory once a phase. Of weights that pass through the buffer only the node's own share comes
    // from its memory.
    private double WeightShare(PhaseOption option, PhaseShare share, int rowBlocks) =>
        option.PassThrough ? (option.Streamed ? 0 : 1.0 / option.SharingDegree)
        : FitsBuffer(share.SliceBytes) ? Math.Min(1, share.HeldOrientations / ((double)share.Steps * rowBlocks * Math.Min(share.HeldOrientations, share.StepRows / share.Rows)))
        : 1;

    private static double AttentionVectorOperations(Phase phase)
    {
        var (windows, queries, keys) = ((double)phase.Windows, phase.QueryTokens, phase.KeyTokens);
        var (width, keyWidth) = (phase.Heads * phase.HeadDimension, phase.KeyValueHeads * phase.HeadDimension);
        var shards = queries * (double)phase.InputChannels * (VectorWork.LayerNorm + VectorWork.Residual + VectorWork.Bias);
        return windows * (shards + ((double)queries * width + 2.0 * keys * keyWidth) * VectorWork.Bias + (double)phase.Heads * queries * keys * VectorWork.Softmax);
    }

    private static double TokenWiseVectorOperations(Phase phase) => phase.Kind == PhaseKind.FeedForward
        ? (double)phase.Tokens * (phase.InputChannels * (VectorWork.LayerNorm + VectorWork.Residual + VectorWork.Bias)
            + phase.HiddenWidth * (VectorWork.Gelu + VectorWork.Bias + (phase.Gated ? VectorWork.Gate : 0)))
        : (double)phase.Tokens * (phase.OutputChannels * (VectorWork.LayerNorm + VectorWork.Bias + (phase.ShortcutChannels > 0 ? VectorWork.Residual : 0))
            + (phase.SqueezedChannels > 0 ? phase.InputChannels * VectorWork.Squeeze : 0));

    private static double AuxiliaryOperationsPerNode(Phase phase, PhaseOption option, PhaseShare share) =>
        (double)phase.AuxiliaryMacs * VectorWork.AuxiliaryMac / ((double)share.Groups * option.Tiling.GroupSize);

    private EnergyBreakdown Energy(Phase phase, Timing timing, double nodeSteps, double dramBytes, double nocByteHops, double offStackBytes)
    {
        var energy = _array.Energy;
        var vector = phase.Kind == PhaseKind.Attention ? AttentionVectorOperations(phase) : TokenWiseVectorOperations(phase);
        var sram = timing.Work.SramReadBytes * energy.SramReadJoulesPerBit + timing.Work.SramWriteBytes * energy.SramWriteJoulesPerBit;
        return new EnergyBreakdown(
            phase.Macs * energy.MacJoules(_precision),
            vector * energy.VectorOperationJoules,
            8 * nodeSteps * sram,
            8 * dramBytes * energy.DramJoulesPerBit,
            8 * nocByteHops * energy.HopJoulesPerBit,
            8 * offStackBytes * energy.OffStackJoulesPerBit,
            timing.Latency * energy.StaticWattsPerNode * _array.NodeCount);
    }

    private CollectiveProfile Profile(Exchange exchange, Tiling tiling, int nodes) => exchange.Pattern == ExchangePattern.Ring
        ? _collectives.Ring(tiling, exchange.Members, exchange.Stride, nodes)
        : _collectives.AllToAll(tiling, nodes);

    private double Seconds(CollectiveProfile profile, double shardBytes, int rowBlocks) =>
        profile.LatencyHops * _array.Interconnect.HopLatencySeconds
        + profile.HeaviestLinkShards * shardBytes / rowBlocks / _array.Interconnect.LinkBandwidthBytesPerSecond;

    private static int DivideUp(int value, int divisor) => (value + divisor - 1) / divisor;

    private static long DivideUp(long value, long divisor) => (value + divisor - 1) / divisor;

    /// <summary>What the busiest node of the busiest group gets of a phase.</summary>
    /// <param name="Groups">Groups with work.</param>
    /// <param name="Steps">Temporal layers.</param>
    /// <param name="Rows">Query rows of one window (token rows of a token-wise phase).</param>
    /// <param name="StepRows">Rows of all windows of one step.</param>
    /// <param name="Heads">Heads.</param>
    /// <param name="KeyHeads">Heads of keys and values.</param>
    /// <param name="Columns">Channels of a head, or columns of a token-wise phase.</param>
    /// <param name="HeldOrientations">Orientations whose weights are in the slice.</param>
    /// <param name="SliceBytes">Weight slice.</param>
    /// <param name="ActivationBytes">Token shards and operands.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct PhaseShare(int Groups, int Steps, int Rows, int StepRows, int Heads, int KeyHeads, int Columns, int HeldOrientations, long SliceBytes, long ActivationBytes);

    private sealed record Timing(int RowBlocks, double Latency, double Compute, double Exchange, NodeWork Work);
}
