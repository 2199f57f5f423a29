using Allspark.Engine.Models;

namespace Allspark.Engine.Hardware;

/// <summary>Arrays with one constant replaced, by its key in the YAML.</summary>
public static class ArrayRevision
{
    /// <summary>The array with other values of some constants.</summary>
    /// <param name="array">The array.</param>
    /// <param name="values">
    /// The values by key, such as <c>node.clock</c>: numbers in the base unit, a <see cref="Topology"/>, a sequence of <see cref="Dataflow"/>, or, for
    /// <c>io.ports</c>, a sequence of <see cref="GridPosition"/>, empty for the corners.
    /// </param>
    /// <param name="name">The new name; see <see cref="PimArray.Revised"/>.</param>
    /// <exception cref="ArgumentException">There is no constant of that key, or its value is of another type.</exception>
    /// <exception cref="Specifications.SpecificationException">A value is out of bounds, or the values do not go together.</exception>
    public static PimArray With(PimArray array, IReadOnlyDictionary<string, object> values, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(array);
        ArgumentNullException.ThrowIfNull(values);
        var replaced = values.Aggregate(array, static (changed, value) => Replace(changed, value.Key, value.Value));
        var revised = array.Revised(replaced, [.. values.Keys], name);
        // What holds of a file holds of what was put together.
        return values.Count == 0 ? revised : PimArrayYaml.Read(PimArrayYaml.Write(revised), revised.Name);
    }

    private static PimArray Replace(PimArray array, string key, object value)
    {
        var section = key.Split('.')[0];
        try
        {
            return section switch
            {
                "node" => array with { Node = Replace(array.Node, key, value) },
                "interconnect" => array with { InterconnectSpec = Replace(array.InterconnectSpec, key, value) },
                "energy" => array with { Energy = Replace(array.Energy, key, value) },
                "io" => array with { Io = Replace(array.Io, key, value) },
                _ => throw Unknown(key),
            };
        }
        catch (InvalidCastException error)
        {
            throw new ArgumentException($"{key} cannot be a {value.GetType().Name}.", nameof(value), error);
        }
    }

    private static NodeSpec Replace(NodeSpec node, string key, object value) => key switch
    {
        "node.arrayRows" => node with { ArrayRows = (int)value },
        "node.arrayColumns" => node with { ArrayColumns = (int)value },
        "node.vectorLanes" => node with { VectorLanes = (int)value },
        "node.buffer" => node with { BufferBytes = (long)value },
        "node.memory" => node with { MemoryBytes = (long)value },
        "node.bandwidth" => node with { MemoryBandwidthBytesPerSecond = (double)value },
        "node.clock" => node with { ClockHertz = (double)value },
        "node.dataflows" => node with { Dataflows = ((IEnumerable<Dataflow>)value).ToValueList() },
        _ => node with { Dram = Replace(node.Dram, key, value) },
    };

    private static DramTiming Replace(DramTiming dram, string key, object value) => key switch
    {
        "node.dram.clockPeriod" => dram with { ClockPeriodSeconds = (double)value },
        "node.dram.rowToColumn" => dram with { RowToColumnCycles = (int)value },
        "node.dram.precharge" => dram with { PrechargeCycles = (int)value },
        "node.dram.casLatency" => dram with { CasLatencyCycles = (int)value },
        "node.dram.rowActive" => dram with { RowActiveCycles = (int)value },
        "node.dram.refreshInterval" => dram with { RefreshIntervalCycles = (int)value },
        "node.dram.refresh" => dram with { RefreshCycles = (int)value },
        "node.dram.row" => dram with { RowBytes = (int)value },
        "node.dram.banks" => dram with { BanksPerNode = (int)value },
        _ => throw Unknown(key),
    };

    private static InterconnectSpec Replace(InterconnectSpec spec, string key, object value) => key switch
    {
        "interconnect.topology" => spec with { Topology = (Topology)value },
        "interconnect.link" => spec with { LinkBytesPerCycle = (int)value },
        "interconnect.clock" => spec with { ClockHertz = (double)value },
        "interconnect.route" => spec with { RouteCycles = (int)value },
        "interconnect.virtualChannelAllocation" => spec with { VirtualChannelCycles = (int)value },
        "interconnect.switchAllocation" => spec with { SwitchCycles = (int)value },
        "interconnect.traversal" => spec with { TraversalCycles = (int)value },
        "interconnect.linkTraversal" => spec with { LinkCycles = (int)value },
        "interconnect.virtualChannels" => spec with { VirtualChannels = (int)value },
        "interconnect.bufferFlits" => spec with { BufferFlits = (int)value },
        "interconnect.flit" => spec with { FlitBytes = (int)value },
        _ => throw Unknown(key),
    };

    private static EnergySpec Replace(EnergySpec energy, string key, object value) => key switch
    {
        "energy.macInt8" => energy with { MacInt8Joules = (double)value },
        "energy.macFp16" => energy with { MacFp16Joules = (double)value },
        "energy.macFp32" => energy with { MacFp32Joules = (double)value },
        "energy.vectorOperation" => energy with { VectorOperationJoules = (double)value },
        "energy.sramRead" => energy with { SramReadJoulesPerBit = (double)value },
        "energy.sramWrite" => energy with { SramWriteJoulesPerBit = (double)value },
        "energy.dram" => energy with { DramJoulesPerBit = (double)value },
        "energy.offStack" => energy with { OffStackJoulesPerBit = (double)value },
        "energy.hop" => energy with { HopJoulesPerBit = (double)value },
        "energy.staticPower" => energy with { StaticWattsPerNode = (double)value },
        _ => throw Unknown(key),
    };

    private static IoSpec Replace(IoSpec io, string key, object value) => key switch
    {
        "io.ports" => io with { Ports = ((IEnumerable<GridPosition>)value).ToValueList() },
        "io.bandwidth" => io with { OffStackBandwidthBytesPerSecond = (double)value },
        _ => throw Unknown(key),
    };

    private static ArgumentException Unknown(string key) => new($"There is no constant '{key}'.", nameof(key));
}
