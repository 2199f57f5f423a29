using System.Globalization;
using System.Text;
using Allspark.Engine.Specifications;

namespace Allspark.Engine.Hardware;

/// <summary>Writes the YAML of an array, values with their sources beside them.</summary>
internal sealed class ArrayWriter
{
    private readonly StringBuilder text = new();
    private readonly Dictionary<string, string> sources;
    private string section = "";

    private ArrayWriter(PimArray array) =>
        sources = array.Sources.ToDictionary(note => note.Key, note => note.Source, StringComparer.Ordinal);

    public static string Write(PimArray array)
    {
        var writer = new ArrayWriter(array);
        writer.Line("name", array.Name);
        writer.Line("family", array.Family.ToString());
        writer.Line("rows", array.Rows);
        writer.Line("columns", array.Columns);
        writer.Node(array.Node);
        writer.Interconnect(array.InterconnectSpec);
        writer.Energy(array.Energy);
        writer.Io(array.Io);
        return writer.text.ToString();
    }

    private void Node(NodeSpec node)
    {
        Section("node");
        Line("arrayRows", node.ArrayRows);
        Line("arrayColumns", node.ArrayColumns);
        Line("dataflows", $"[{string.Join(", ", node.Dataflows)}]");
        Line("vectorLanes", node.VectorLanes);
        Line("buffer", Unit.Bytes.Format(node.BufferBytes));
        Line("memory", Unit.Bytes.Format(node.MemoryBytes));
        Line("bandwidth", Unit.BytesPerSecond.Format(node.MemoryBandwidthBytesPerSecond));
        Line("clock", Unit.Hertz.Format(node.ClockHertz));
        Section("node.dram");
        Line("clockPeriod", Unit.Seconds.Format(node.Dram.ClockPeriodSeconds));
        Cycles("rowToColumn", node.Dram.RowToColumnCycles);
        Cycles("precharge", node.Dram.PrechargeCycles);
        Cycles("casLatency", node.Dram.CasLatencyCycles);
        Cycles("rowActive", node.Dram.RowActiveCycles);
        Cycles("refreshInterval", node.Dram.RefreshIntervalCycles);
        Cycles("refresh", node.Dram.RefreshCycles);
        Line("row", Unit.Bytes.Format((long)node.Dram.RowBytes));
        Line("banks", node.Dram.BanksPerNode);
    }

    private void Interconnect(InterconnectSpec spec)
    {
        Section("interconnect");
        Line("topology", spec.Topology.ToString());
        Line("link", Unit.BytesPerCycle.Format((long)spec.LinkBytesPerCycle));
        Line("clock", Unit.Hertz.Format(spec.ClockHertz));
        Cycles("route", spec.RouteCycles);
        Cycles("virtualChannelAllocation", spec.VirtualChannelCycles);
        Cycles("switchAllocation", spec.SwitchCycles);
        Cycles("traversal", spec.TraversalCycles);
        Cycles("linkTraversal", spec.LinkCycles);
        Line("virtualChannels", spec.VirtualChannels);
        Line("bufferFlits", spec.BufferFlits);
        Line("flit", Unit.Bytes.Format((long)spec.FlitBytes));
    }

    private void Energy(EnergySpec energy)
    {
        Section("energy");
        Line("macInt8", Unit.Joules.Format(energy.MacInt8Joules));
        Line("macFp16", Unit.Joules.Format(energy.MacFp16Joules));
        Line("macFp32", Unit.Joules.Format(energy.MacFp32Joules));
        Line("vectorOperation", Unit.Joules.Format(energy.VectorOperationJoules));
        Line("sramRead", Unit.JoulesPerBit.Format(energy.SramReadJoulesPerBit));
        Line("sramWrite", Unit.JoulesPerBit.Format(energy.SramWriteJoulesPerBit));
        Line("dram", Unit.JoulesPerBit.Format(energy.DramJoulesPerBit));
        Line("offStack", Unit.JoulesPerBit.Format(energy.OffStackJoulesPerBit));
        Line("hop", Unit.JoulesPerBit.Format(energy.HopJoulesPerBit));
        Line("staticPower", Unit.Watts.Format(energy.StaticWattsPerNode));
    }

    private void Io(IoSpec io)
    {
        Section("io");
        Line("ports", io.Ports.Count == 0
            ? PimArrayYaml.Corners
            : $"[{string.Join(", ", io.Ports.Select(port => $"[{port.Row}, {port.Column}]"))}]");
        Line("bandwidth", Unit.BytesPerSecond.Format(io.OffStackBandwidthBytesPerSecond));
    }

    private void Section(string path)
    {
        section = path;
        var depth = path.Count(character => character == '.');
        text.Append(' ', depth * 2).Append(path.AsSpan(path.LastIndexOf('.') + 1)).Append(":\n");
    }

    private void Cycles(string key, int value) => Line(key, value == 1 ? "1 cycle" : Unit.Cycles.Format((long)value));

    private void Line(string key, int value) => Line(key, value.ToString(CultureInfo.InvariantCulture));

    private void Line(string key, string value)
    {
        var depth = section.Length == 0 ? 0 : section.Count(character => character == '.') + 1;
        text.Append(' ', depth * 2).Append(key).Append(": ");
        if (sources.TryGetValue(section.Length == 0 ? key : $"{section}.{key}", out var source))
            text.Append("{ value: ").Append(value).Append(", source: ").Append(Quoted(source)).Append(" }\n");
        else
            text.Append(value).Append('\n');
    }

    private static string Quoted(string sentence) =>
        $"\"{sentence.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
