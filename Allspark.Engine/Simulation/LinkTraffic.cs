using Allspark.Engine.Placement;
using Allspark.Engine.Scheduling;

namespace Allspark.Engine.Simulation;

/// <summary>Bytes that a schedule sends over each link in one inference, whatever the fidelity.</summary>
internal static class LinkTraffic
{
    /// <summary>Bytes by number of the link: exchanges, shared and streamed weights, moves of tokens, the image and the result.</summary>
    public static double[] Of(Schedule schedule, MachineModel machine)
    {
        var totals = new double[schedule.Array.Interconnect.LinkCount];
        TokenPlaces? before = null;
        foreach (var phase in schedule.Phases)
        {
            var here = machine.Flows.Places(phase.Phase, phase.Placement);
            AddMove(before, here);
            foreach (var exchange in machine.Costs.Exchanges(phase.Phase, phase.Option))
                Add(totals, machine.LinkShards(phase.Phase, phase.Option.Tiling, exchange), exchange.ShardBytes * exchange.Repeats);
            if (phase.Streamed)
            {
                // Streamed weights reach the nodes in use in equal parts.
                var nodes = phase.Groups * phase.Option.Tiling.GroupSize;
                Add(totals, machine.Collectives.EntryLinks(phase.Option.Tiling, nodes), phase.Cost.OffStackBytes / nodes);
            }

            before = here;
        }

        AddMove(before, null);
        return totals;

        void AddMove(TokenPlaces? producer, TokenPlaces? consumer) =>
            Add(totals, machine.Flows.Links(producer, consumer), TokenFlows.TokenBytes(producer?.Phase, consumer?.Phase, schedule.Model.Precision));
    }

    private static void Add(double[] totals, IReadOnlyList<long> links, double factor)
    {
        for (var link = 0; link < totals.Length; link++)
            totals[link] += links[link] * factor;
    }
}
