using System.Numerics;

namespace Allspark.Engine.Simulation.Network;

// Both allocators are separable and input-first, with round-robin arbiters and one iteration: each input chooses one of its requests,
// then each output one of those. An arbiter's pointer moves past a choice only when that is granted (as in Becker and Dally, 2009).
internal sealed partial class FlitNetwork
{
    private readonly int[] touchedOutputs;
    private readonly int[] touchedPorts;

    private void AllocateChannels(int now)
    {
        var touched = 0;
        foreach (var place in awaitingChannel)
        {
            ref var input = ref inputs[place];
            ref var port = ref outputPorts[input.OutputPort];
            var free = port.FreeChannels & input.Allowed;
            if ((free & sharedChannels) != 0 && input.OutputPort < linkCount)
                free &= ~sharedChannels | WithRoom(free & sharedChannels, input.OutputPort, packets[Front(place, input.Head) >> 1].Flits);
            if (free == 0)
                continue;
            var above = input.PointerPort == input.OutputPort ? free & (ulong.MaxValue << input.PointerNumber) : free;
            var chosen = (input.OutputPort * vcCount) + BitOperations.TrailingZeroCount(above != 0 ? above : free);
            ref var output = ref outputs[chosen];
            var distance = (inputPorts[input.Port].Number * vcCount) + input.Number - output.Pointer;
            if (distance < 0)
                distance += port.RouterInputs * vcCount;
            if (output.Requester < 0)
                touchedOutputs[touched++] = chosen;
            else if (output.RequesterDistance < distance)
                continue;
            (output.Requester, output.RequesterDistance) = (place, distance);
        }

        foreach (var chosen in touchedOutputs.AsSpan(0, touched))
            GrantChannel(chosen, now);
    }

    // Those that the packet fits in whole, or that are empty.
    private ulong WithRoom(ulong channels, int port, int flits)
    {
        var (room, needed) = (0UL, Math.Min(flits, bufferFlits));
        for (; channels != 0; channels &= channels - 1)
        {
            var number = BitOperations.TrailingZeroCount(channels);
            if (outputs[(port * vcCount) + number].Credits >= needed)
                room |= 1UL << number;
        }

        return room;
    }

    private void GrantChannel(int chosen, int now)
    {
        ref var output = ref outputs[chosen];
        var place = output.Requester;
        output.Requester = -1;
        ref var input = ref inputs[place];
        ref var port = ref outputPorts[input.OutputPort];
        var number = chosen - (input.OutputPort * vcCount);
        port.FreeChannels &= ~(1UL << number);
        // Past the last channel of the port the pointer stands at the next one.
        (input.PointerPort, input.PointerNumber) = number + 1 < vcCount ? (input.OutputPort, number + 1) : (-1, 0);
        var rank = (inputPorts[input.Port].Number * vcCount) + input.Number + 1;
        output.Pointer = rank == port.RouterInputs * vcCount ? 0 : rank;
        input.Output = chosen;
        if (input.OutputPort < linkCount)
            packets[Front(place, input.Head) >> 1].Hops++;
        awaitingChannel.Remove(place);
        allocated.Add(now + timing.ChannelCycles, place);
    }

    private void AllocateSwitches(int now)
    {
        var touched = 0;
        var (lastPort, winner, winnerKey) = (-1, -1, 0);
        foreach (var place in awaitingSwitch)
        {
            ref var input = ref inputs[place];
            ref var output = ref outputPorts[input.OutputPort];
            if (outputs[input.Output].Credits == 0 || output.FreeAt > now)
                continue;
            ref var port = ref inputPorts[input.Port];
            var outputDistance = output.Number - port.OutputPointer;
            if (outputDistance < 0)
                outputDistance += port.RouterOutputs;
            var channelDistance = input.Number - port.ChannelPointer;
            if (channelDistance < 0)
                channelDistance += vcCount;
            var key = (outputDistance << 6) | channelDistance;
            if (input.Port != lastPort)
            {
                if (winner >= 0)
                    RequestOutput(winner, ref touched);
                (lastPort, winner, winnerKey) = (input.Port, place, key);
            }
            else if (key < winnerKey)
            {
                (winner, winnerKey) = (place, key);
            }
        }

        if (winner >= 0)
            RequestOutput(winner, ref touched);
        foreach (var port in touchedPorts.AsSpan(0, touched))
            GrantSwitch(port, now);
    }

    private void RequestOutput(int place, ref int touched)
    {
        ref var input = ref inputs[place];
        ref var output = ref outputPorts[input.OutputPort];
        var distance = inputPorts[input.Port].Number - output.InputPointer;
        if (distance < 0)
            distance += output.RouterInputs;
        if (output.Requester < 0)
            touchedPorts[touched++] = input.OutputPort;
        else if (output.RequesterDistance < distance)
            return;
        (output.Requester, output.RequesterDistance) = (place, distance);
    }

    private void GrantSwitch(int portNumber, int now)
    {
        ref var output = ref outputPorts[portNumber];
        var place = output.Requester;
        output.Requester = -1;
        ref var input = ref inputs[place];
        ref var port = ref inputPorts[input.Port];
        port.OutputPointer = output.Number + 1 == port.RouterOutputs ? 0 : output.Number + 1;
        port.ChannelPointer = input.Number + 1 == vcCount ? 0 : input.Number + 1;
        output.InputPointer = port.Number + 1 == output.RouterInputs ? 0 : port.Number + 1;

        var flit = Front(place, input.Head);
        input.Head = input.Head + 1 == bufferFlits ? 0 : input.Head + 1;
        input.Count--;
        Send(portNumber, input.Output, flit, now);
        if (input.Port < linkCount)
            linkCredits.Add(now + timing.LinkCreditCycles, place);
        else
            nodeCredits.Add(now + timing.NodeCreditCycles, place);

        if ((flit & 1) != 0)
            EndPacket(place, ref input, ref output, now);
        else if (input.Count == 0)
            awaitingSwitch.Remove(place);
    }

    private void Send(int port, int output, int flit, int now)
    {
        outputs[output].Credits--;
        if (port < linkCount)
        {
            outputPorts[port].FreeAt = now + timing.LinkFlitCycles;
            arrivals.Add(now + timing.FlitCycles, output, flit);
        }
        else
        {
            ejections.Add(now + timing.EjectionCycles, output, flit);
            ejectionCredits.Add(now + timing.EjectionCreditCycles, output);
        }
    }

    private void EndPacket(int place, ref InputChannel input, ref OutputPort output, int now)
    {
        output.FreeChannels |= 1UL << (input.Output - (input.OutputPort * vcCount));
        input.Output = -1;
        input.Busy = input.Count > 0;
        awaitingSwitch.Remove(place);
        if (input.Busy)
            routed.Add(now + 1 + timing.RouteCycles, place);
    }
}
