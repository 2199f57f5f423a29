using Allspark.Engine.Partitioning;
using Allspark.Engine.Placement;
using Allspark.Engine.Scheduling;

namespace Allspark.Engine.Verification;

/// <summary>Checks that a schedule computes the network: all of it, once, within memory, from data that is there.</summary>
public static class LegalityChecker
{
    private const string CoverageRule = "coverage";
    private const string GroupsRule = "groups";
    private const string PlacementRule = "placement";
    private const string SharingRule = "sharing";
    private const string CapacityRule = "capacity";
    private const string DeliveryRule = "delivery";
    private const string ConservationRule = "conservation";

    /// <summary>Rules in the order in which they are checked.</summary>
    public static IReadOnlyList<string> Rules { get; } = new[]
    {
        GroupsRule, CoverageRule, PlacementRule, SharingRule, CapacityRule, DeliveryRule, ConservationRule,
    };

    /// <summary>Checks a schedule.</summary>
    public static LegalityReport Check(Schedule schedule)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        var findings = new List<LegalityFinding>();
        foreach (var phase in schedule.Phases)
        {
            findings.AddRange(Groups(schedule, phase));
            findings.AddRange(Coverage(phase));
            findings.AddRange(Placement(phase));
            findings.AddRange(Sharing(phase));
        }

        findings.AddRange(Capacity(schedule));
        // Moves are followed node by node, which needs groups that lie on the array.
        if (findings.Count == 0)
            findings.AddRange(Moves(schedule));
        return new LegalityReport
        {
            Model = schedule.Model.Name,
            Array = schedule.Array.Name,
            Scheme = schedule.Scheme,
            Findings = findings,
            ChecksRun = Rules,
        };
    }

    private static string Name(ScheduledPhase phase) => $"{phase.Block} {phase.Kind}";

    private static IEnumerable<LegalityFinding> Groups(Schedule schedule, ScheduledPhase phase)
    {
        var seen = new HashSet<int>();
        foreach (var node in phase.Option.Tiling.Nodes.ToArray())
        {
            if (node < 0 || node >= schedule.Array.NodeCount)
                yield return new LegalityFinding(GroupsRule, Name(phase), node, $"Node {node} is not on the array of {schedule.Array.NodeCount} nodes.");
            else if (!seen.Add(node))
                yield return new LegalityFinding(GroupsRule, Name(phase), node, $"Node {node} belongs to two groups.");
        }

        var option = phase.Option;
        var parts = (long)option.HeadParts * option.RowParts * option.ChannelParts;
        if (parts != option.Tiling.GroupSize)
        {
            yield return new LegalityFinding(GroupsRule, Name(phase), -1,
                $"{option.HeadParts}·{option.RowParts}·{option.ChannelParts} = {parts} parts do not fill a group of {option.Tiling.GroupSize} nodes.");
        }
    }

    // Every rank's operations added up must be the phase's: a part computed twice or left out shows in the sum.
    private static IEnumerable<LegalityFinding> Coverage(ScheduledPhase scheduled)
    {
        var (phase, option) = (scheduled.Phase, scheduled.Option);
        var macs = phase.AuxiliaryMacs;
        for (var head = 0; head < option.HeadParts; head++)
        {
            for (var channel = 0; channel < option.ChannelParts; channel++)
            {
                for (var row = 0; row < option.RowParts; row++)
                    macs += phase.Kind == PhaseKind.Attention ? AttentionMacs(phase, option, head, channel, row) : TokenWiseMacs(phase, option, head);
            }
        }

        if (macs != phase.Macs)
        {
            yield return new LegalityFinding(CoverageRule, Name(scheduled), -1,
                $"The parts compute {macs:N0} multiply-accumulates, the phase has {phase.Macs:N0}.");
        }
    }

    private static long AttentionMacs(Phase phase, PhaseOption option, int headPart, int channelPart, int rowPart)
    {
        long keyHeads = Length(phase.KeyValueHeads, option.HeadParts, headPart);
        var keyWidth = keyHeads * Length(phase.HeadDimension, option.ChannelParts, channelPart);
        var width = keyWidth * phase.Heads / phase.KeyValueHeads;
        long rows = Length(phase.QueryTokens, option.RowParts, rowPart);
        long keyRows = Length(phase.KeyTokens, option.RowParts, rowPart);
        var projections = (rows * width + 2 * keyRows * keyWidth) * phase.InputChannels + rows * width * phase.OutputChannels;
        return phase.Windows * (projections + 2 * rows * phase.KeyTokens * width);
    }

    private static long TokenWiseMacs(Phase phase, PhaseOption option, int part)
    {
        var columns = Length(phase.SplitWidth, option.HeadParts, part);
        var perToken = (long)columns * ((phase.Gated ? 2 : 1) * phase.InputChannels + phase.ShortcutChannels + (phase.Kind == PhaseKind.FeedForward ? phase.OutputChannels : 0));
        return phase.Tokens * perToken;
    }

    private static int Length(int total, int parts, int index)
    {
        var (start, end) = Parts.Of(total, parts, index);
        return end - start;
    }

    private static IEnumerable<LegalityFinding> Placement(ScheduledPhase scheduled)
    {
        var slots = scheduled.Placement.WindowSlots;
        if (scheduled.Kind != PhaseKind.Attention)
            yield break;
        if (slots.Count != scheduled.Phase.Windows)
        {
            yield return new LegalityFinding(PlacementRule, Name(scheduled), -1,
                $"{slots.Count} windows are placed, the phase has {scheduled.Phase.Windows}.");
        }

        foreach (var (window, slot) in slots.Index())
        {
            if (slot < 0 || slot >= scheduled.Groups)
                yield return new LegalityFinding(PlacementRule, Name(scheduled), -1, $"Window {window} is on slot {slot}; there are {scheduled.Groups}.");
        }

        var busiest = slots.CountBy(slot => slot).Max(slot => slot.Value);
        var steps = (busiest + scheduled.Option.WindowsPerStep - 1) / scheduled.Option.WindowsPerStep;
        if (steps > scheduled.TemporalLayers)
        {
            yield return new LegalityFinding(PlacementRule, Name(scheduled), -1,
                $"A slot holds {busiest} windows, which {scheduled.TemporalLayers} temporal layers do not cover.");
        }
    }

    private static IEnumerable<LegalityFinding> Sharing(ScheduledPhase scheduled)
    {
        var copies = scheduled.Option.SliceCopies(scheduled.Phase);
        if (scheduled.SharingDegree < 1 || copies % scheduled.SharingDegree != 0)
        {
            yield return new LegalityFinding(SharingRule, Name(scheduled), -1,
                $"Sharing degree {scheduled.SharingDegree} does not divide the {copies} holders of a slice: part of the weights would be nowhere.");
        }
    }

    private static IEnumerable<LegalityFinding> Capacity(Schedule schedule)
    {
        var capacity = schedule.Array.Node.MemoryBytes;
        foreach (var region in schedule.Phases.GroupBy(phase => phase.Option.Region))
        {
            var resident = region.Sum(phase => phase.ResidentBytes);
            foreach (var phase in region.Where(phase => resident + phase.TransientBytes > capacity))
            {
                yield return new LegalityFinding(CapacityRule, Name(phase), phase.Option.Tiling[0, 0],
                    $"{resident:N0} resident and {phase.TransientBytes:N0} transient bytes exceed the node's {capacity:N0}.");
            }
        }
    }

    private static IEnumerable<LegalityFinding> Moves(Schedule schedule)
    {
        var flows = new TokenFlows(schedule.Array);
        var (loads, balance) = (new LinkLoads(schedule.Array), new long[schedule.Array.NodeCount]);
        TokenPlaces? before = null;
        foreach (var scheduled in schedule.Phases)
        {
            var here = flows.Places(scheduled.Phase, scheduled.Placement);
            if (before is { } producer && producer.Phase.OutputGrid != scheduled.Phase.InputGrid)
            {
                yield return new LegalityFinding(DeliveryRule, Name(scheduled), -1,
                    $"The phase reads a {scheduled.Phase.InputGrid} token grid, the phase before leaves {producer.Phase.OutputGrid}.");
                yield break;
            }

            foreach (var finding in Delivery(scheduled, here))
                yield return finding;
            loads.Clear();
            Array.Clear(balance);
            flows.Visit(before, here, (source, target, tokens) =>
            {
                loads.Add(source, target, tokens);
                balance[source] -= tokens;
                balance[target] += tokens;
            });

            foreach (var finding in Conservation(schedule, scheduled, balance, loads.ByLink()))
                yield return finding;
            before = here;
        }
    }

    // Every token of the phase is on a node of one of its groups.
    private static IEnumerable<LegalityFinding> Delivery(ScheduledPhase scheduled, TokenPlaces places)
    {
        var active = scheduled.Option.Tiling.Nodes[..(scheduled.Groups * scheduled.Option.Tiling.GroupSize)].ToArray().ToHashSet();
        var tokens = scheduled.Phase.OutputGrid.Tokens;
        foreach (var (place, node) in places.OutputNodes.Concat(places.CrossingNodes).Index())
        {
            var token = place % tokens;
            if (!active.Contains(node) && (place < tokens || node >= 0))
            {
                yield return new LegalityFinding(DeliveryRule, Name(scheduled), node, $"Token {token} is on node {node}, which has no part in the phase.");
                yield break;
            }
        }
    }

    // What links bring to a node less what they take away is what the move leaves there.
    private static IEnumerable<LegalityFinding> Conservation(Schedule schedule, ScheduledPhase scheduled, long[] balance, long[] links)
    {
        var net = new long[balance.Length];
        for (var link = 0; link < links.Length; link++)
        {
            var (from, to) = schedule.Array.Interconnect[link];
            net[from] -= links[link];
            net[to] += links[link];
        }

        for (var node = 0; node < net.Length; node++)
        {
            if (net[node] != balance[node])
            {
                yield return new LegalityFinding(ConservationRule, Name(scheduled), node,
                    $"Links leave {net[node]:N0} tokens on node {node}, the move {balance[node]:N0}.");
            }
        }
    }
}
