namespace Allspark.Engine.Simulation.Network;

/// <summary>
/// Each node creates a packet in each cycle with the same probability. The gaps between such cycles are distributed geometrically, so
/// one draw replaces the coins of all cycles between.
/// </summary>
internal sealed class BernoulliSource : IPacketSource
{
    private readonly RandomStream[] streams;
    private readonly int[] last;
    private readonly Destinations destinations;
    private readonly int flits;
    private readonly double logNone;

    public BernoulliSource(TrafficSettings settings, Destinations destinations, int nodes)
    {
        this.destinations = destinations;
        flits = settings.PacketFlits;
        logNone = Math.Log(1 - (settings.InjectionRate / flits));
        streams = new RandomStream[nodes];
        last = new int[nodes];
        Array.Fill(last, -1);
        for (var node = 0; node < nodes; node++)
            streams[node] = new RandomStream(settings.Seed, node);
    }

    public NewPacket Next(int node)
    {
        ref var stream = ref streams[node];
        if (last[node] >= TrafficSettings.LongestRun)
            return NewPacket.None;
        var gap = Math.Log(stream.Fraction()) / logNone;
        last[node] += 1 + (int)Math.Min(gap, TrafficSettings.LongestRun - 1);
        return new NewPacket(last[node], destinations.Of(node, ref stream), flits);
    }
}
