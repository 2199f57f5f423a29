namespace Allspark.Engine.Simulation.Network;

/// <summary>The packets of a trace; those that a node creates in the same cycle leave in the order of the list.</summary>
internal sealed class TraceSource : IPacketSource
{
    private readonly Queue<NewPacket>[] queues;

    public TraceSource(TrafficSettings settings, int nodes)
    {
        queues = new Queue<NewPacket>[nodes];
        for (var node = 0; node < nodes; node++)
            queues[node] = new Queue<NewPacket>();
        foreach (var packet in settings.Trace.OrderBy(packet => packet.Cycle))
            queues[packet.Source].Enqueue(new NewPacket(packet.Cycle, packet.Target, packet.Flits));
    }

    public NewPacket Next(int node) => queues[node].TryDequeue(out var packet) ? packet : NewPacket.None;
}
