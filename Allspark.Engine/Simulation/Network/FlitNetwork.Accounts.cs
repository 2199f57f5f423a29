namespace Allspark.Engine.Simulation.Network;

// What must always add up, counted from the state itself.
internal sealed partial class FlitNetwork
{
    /// <summary>Virtual channels of all links and of what joins nodes and routers.</summary>
    public int ChannelCount => outputs.Length;

    /// <summary>Flits in buffers and on channels.</summary>
    public long FlitsUnderWay => inputs.Sum(input => (long)input.Count) + arrivals.Count + injections.Count + ejections.Count;

    /// <summary>Whether nothing moves, and every credit and virtual channel is where it was at the start.</summary>
    public bool IsAtRest => FlitsUnderWay == 0
        && outputs.Concat(nodeOutputs).All(output => output.Credits == bufferFlits)
        && outputPorts.All(port => port.FreeChannels == allChannels)
        && sources.All(state => state.FreeChannels == allChannels)
        && inputs.All(input => !input.Busy);

    /// <summary>Credits of a virtual channel that its sender holds, that are on the way back, or that a flit on the way or in the buffer uses.</summary>
    public int CreditsAccountedFor(int channel)
    {
        var leadsToNode = channel >= linkCount * vcCount;
        var held = outputs[channel].Credits + (leadsToNode
            ? ejectionCredits.CountOf(channel) // a flit to the node has its credit booked with its grant
            : linkCredits.CountOf(channel) + arrivals.CountOf(channel) + inputs[channel].Count);
        if (!leadsToNode)
            return held;
        var fromNode = nodeOutputs[channel - (linkCount * vcCount)].Credits + nodeCredits.CountOf(channel) + injections.CountOf(channel) + inputs[channel].Count;
        return fromNode == held ? held : -1;
    }
}
