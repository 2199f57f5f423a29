using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Placement;

namespace Allspark.Engine.Scheduling;

/// <summary>The cost of phases and of moves between them on one machine at one precision, memoised.</summary>
public sealed class MachineModel
{
    private readonly PimArray _array;
    private readonly Precision _precision;

    /// <summary>Creates the model; one instance serves any number of workloads and threads.</summary>
    public MachineModel(PimArray array, Precision precision)
    {
        ArgumentNullException.ThrowIfNull(array);
        (_array, _precision) = (array, precision);
        Collectives = new Collectives(array);
        Flows = new TokenFlows(array);
        Costs = array.Family switch
        {
            MachineFamily.StackedDram => new StackedDramCostModel(array, precision, Collectives),
            _ => throw new NotSupportedException($"Machine family {array.Family} has no phase cost model."),
        };
    }

    /// <summary>Costs of phase options.</summary>
    public IPhaseCostModel Costs { get; }

    /// <summary>Collective exchanges.</summary>
    public Collectives Collectives { get; }

    /// <summary>Token moves.</summary>
    public TokenFlows Flows { get; }

    /// <summary>Shards of an exchange of a phase that cross each link.</summary>
    public IReadOnlyList<long> LinkShards(Phase phase, Tiling tiling, Exchange exchange)
    {
        ArgumentNullException.ThrowIfNull(phase);
        ArgumentNullException.ThrowIfNull(tiling);
        ArgumentNullException.ThrowIfNull(exchange);
        var nodes = phase.ActiveGroups(tiling) * tiling.GroupSize;
        return exchange.Pattern == ExchangePattern.Ring
            ? Collectives.RingLinks(tiling, exchange.Members, exchange.Stride, nodes)
            : Collectives.AllToAllLinks(tiling, nodes);
    }

    /// <summary>Cost of moving the tokens from one phase's structured layout to the next one's; a missing side is the I/O nodes.</summary>
    public TransitionCost Transition((Phase Phase, Tiling Tiling)? producer, (Phase Phase, Tiling Tiling)? consumer, LinkLoads loads) => Transition(
        producer is var (from, fromTiling) ? Flows.Places(from, fromTiling) : null,
        consumer is var (to, toTiling) ? Flows.Places(to, toTiling) : null,
        loads);

    /// <summary>Cost of moving the tokens from one phase's places to the next one's; a missing side is the I/O nodes.</summary>
    public TransitionCost Transition(TokenPlaces? producer, TokenPlaces? consumer, LinkLoads loads)
    {
        var profile = Flows.Profile(producer, consumer, loads);
        var tokenBytes = TokenFlows.TokenBytes(producer?.Phase, consumer?.Phase, _precision);
        var interconnect = _array.Interconnect;
        var offStackBytes = (producer, consumer) switch
        {
            (null, { } to) => (double)tokenBytes * to.Phase.Tokens,
            ({ } from, null) => (double)tokenBytes * from.Phase.Tokens,
            _ => 0,
        };
        var seconds = Math.Max(
            (double)profile.HeaviestLinkTokens * tokenBytes / interconnect.LinkBandwidthBytesPerSecond,
            offStackBytes / _array.Io.OffStackBandwidthBytesPerSecond) + profile.LongestRouteHops * interconnect.HopLatencySeconds;
        var byteHops = (double)profile.TokenHops * tokenBytes;
        var energy = _array.Energy;
        return new TransitionCost(seconds, byteHops, offStackBytes, new EnergyBreakdown(
            0, 0, 0, 0,
            8 * byteHops * energy.HopJoulesPerBit,
            8 * offStackBytes * energy.OffStackJoulesPerBit,
            seconds * energy.StaticWattsPerNode * _array.NodeCount));
    }
}
