using System.Globalization;
using Allspark.Engine.Specifications;

namespace Allspark.Engine.Hardware;

/// <summary>One constant of an array.</summary>
/// <param name="Key">Its path in the YAML, such as <c>node.dram.row</c>.</param>
/// <param name="Value">A whole number or one with a point, in the base unit, or a word.</param>
/// <param name="BaseUnit">The base unit, such as <c>B/s</c>; empty for counts and words.</param>
/// <param name="Text">The value as the YAML spells it.</param>
public sealed record ArrayParameter(string Key, object Value, string BaseUnit, string Text)
{
    /// <summary>All constants of an array in the order of its YAML; the name is none of them.</summary>
    public static IReadOnlyList<ArrayParameter> Of(PimArray array)
    {
        ArgumentNullException.ThrowIfNull(array);
        return
        [
            Word("family", array.Family.ToString()),
            Count("rows", array.Rows),
            Count("columns", array.Columns),
            .. Of(array.Node),
            .. Of(array.InterconnectSpec),
            .. Of(array.Energy),
            .. Of(array.Io),
        ];
    }

    private static ArrayParameter[] Of(NodeSpec node) =>
    [
        Count("node.arrayRows", node.ArrayRows),
        Count("node.arrayColumns", node.ArrayColumns),
        Word("node.dataflows", $"[{string.Join(", ", node.Dataflows)}]"),
        Count("node.vectorLanes", node.VectorLanes),
        Whole("node.buffer", node.BufferBytes, Unit.Bytes),
        Whole("node.memory", node.MemoryBytes, Unit.Bytes),
        Quantity("node.bandwidth", node.MemoryBandwidthBytesPerSecond, Unit.BytesPerSecond),
        Quantity("node.clock", node.ClockHertz, Unit.Hertz),
        Quantity("node.dram.clockPeriod", node.Dram.ClockPeriodSeconds, Unit.Seconds),
        Cycles("node.dram.rowToColumn", node.Dram.RowToColumnCycles),
        Cycles("node.dram.precharge", node.Dram.PrechargeCycles),
        Cycles("node.dram.casLatency", node.Dram.CasLatencyCycles),
        Cycles("node.dram.rowActive", node.Dram.RowActiveCycles),
        Cycles("node.dram.refreshInterval", node.Dram.RefreshIntervalCycles),
        Cycles("node.dram.refresh", node.Dram.RefreshCycles),
        Whole("node.dram.row", node.Dram.RowBytes, Unit.Bytes),
        Count("node.dram.banks", node.Dram.BanksPerNode),
    ];

    private static ArrayParameter[] Of(InterconnectSpec spec) =>
    [
        Word("interconnect.topology", spec.Topology.ToString()),
        Whole("interconnect.link", spec.LinkBytesPerCycle, Unit.BytesPerCycle),
        Quantity("interconnect.clock", spec.ClockHertz, Unit.Hertz),
        Cycles("interconnect.route", spec.RouteCycles),
        Cycles("interconnect.virtualChannelAllocation", spec.VirtualChannelCycles),
        Cycles("interconnect.switchAllocation", spec.SwitchCycles),
        Cycles("interconnect.traversal", spec.TraversalCycles),
        Cycles("interconnect.linkTraversal", spec.LinkCycles),
        Count("interconnect.virtualChannels", spec.VirtualChannels),
        Count("interconnect.bufferFlits", spec.BufferFlits),
        Whole("interconnect.flit", spec.FlitBytes, Unit.Bytes),
    ];

    private static ArrayParameter[] Of(EnergySpec energy) =>
    [
        Quantity("energy.macInt8", energy.MacInt8Joules, Unit.Joules),
        Quantity("energy.macFp16", energy.MacFp16Joules, Unit.Joules),
        Quantity("energy.macFp32", energy.MacFp32Joules, Unit.Joules),
        Quantity("energy.vectorOperation", energy.VectorOperationJoules, Unit.Joules),
        Quantity("energy.sramRead", energy.SramReadJoulesPerBit, Unit.JoulesPerBit),
        Quantity("energy.sramWrite", energy.SramWriteJoulesPerBit, Unit.JoulesPerBit),
        Quantity("energy.dram", energy.DramJoulesPerBit, Unit.JoulesPerBit),
        Quantity("energy.offStack", energy.OffStackJoulesPerBit, Unit.JoulesPerBit),
        Quantity("energy.hop", energy.HopJoulesPerBit, Unit.JoulesPerBit),
        Quantity("energy.staticPower", energy.StaticWattsPerNode, Unit.Watts),
    ];

    private static ArrayParameter[] Of(IoSpec io) =>
    [
        Word("io.ports", io.Ports.Count == 0
            ? PimArrayYaml.Corners
            : $"[{string.Join(", ", io.Ports.Select(port => $"[{port.Row}, {port.Column}]"))}]"),
        Quantity("io.bandwidth", io.OffStackBandwidthBytesPerSecond, Unit.BytesPerSecond),
    ];

    private static ArrayParameter Word(string key, string word) => new(key, word, "", word);

    private static ArrayParameter Count(string key, int value) => new(key, (long)value, "", value.ToString(CultureInfo.InvariantCulture));

    private static ArrayParameter Cycles(string key, int value) =>
        new(key, (long)value, "cycles", value == 1 ? "1 cycle" : Unit.Cycles.Format((long)value));

    private static ArrayParameter Whole(string key, long value, Unit unit) => new(key, value, unit.Base, unit.Format(value));

    private static ArrayParameter Quantity(string key, double value, Unit unit) => new(key, value, unit.Base, unit.Format(value));
}
