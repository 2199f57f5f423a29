using Allspark.Engine.Models;
using Allspark.Engine.Specifications;

namespace Allspark.Engine.Hardware;

/// <summary>
/// Arrays as YAML. A value is written plainly or with where it is from: <c>clock: { value: 0.5 GHz, source: "…" }</c>; one that follows
/// from others by a rule (<see cref="DerivedConstants"/>) may be the word <c>derived</c>. Every key is needed, every other refused, every unit spelled out; what <see cref="Write"/> writes reads back equal.
/// </summary>
public static class PimArrayYaml
{
    /// <summary>Rows, and columns, that an array may have at most.</summary>
    public const int LongestSide = 256;

    internal const string Corners = "corners";

    /// <summary>Reads an array from a text.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="fileName">What messages call it.</param>
    /// <exception cref="SpecificationException">It describes no array; says line, column, key and what is allowed.</exception>
    public static PimArray Read(string text, string fileName)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(fileName);
        return new ArrayReader().Array(SpecificationParser.Read(text, fileName));
    }

    /// <summary>Reads an array from a file.</summary>
    /// <exception cref="SpecificationException">It describes no array; says line, column, key and what is allowed.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static PimArray ReadFile(string path) => new ArrayReader().Array(SpecificationParser.ReadFile(path));

    /// <summary>The YAML of an array.</summary>
    public static string Write(PimArray array)
    {
        ArgumentNullException.ThrowIfNull(array);
        return ArrayWriter.Write(array);
    }

    private sealed class ArrayReader
    {
        private readonly List<SourceNote> sources = [];
        private readonly List<string> derived = [];

        public PimArray Array(SpecificationMap map)
        {
            map.Allow("name", "family", "rows", "columns", "node", "interconnect", "energy", "io", "notes");
            var rows = Integer(map, "rows", 1, LongestSide);
            var columns = Integer(map, "columns", 1, LongestSide);
            return DerivedConstants.Apply(new PimArray
            {
                Name = map["name"].Identifier(),
                Family = map["family"].Word<MachineFamily>(),
                Rows = rows,
                Columns = columns,
                Node = Node(map["node"].AsMap()),
                InterconnectSpec = Interconnect(map["interconnect"].AsMap()),
                Energy = Energy(map["energy"].AsMap()),
                Io = Io(map["io"].AsMap(), rows, columns),
                Sources = sources.ToValueList(),
                Derived = derived.ToValueList(),
                Notes = map.TryGet("notes", out var notes) ? notes.Each(0, 1000, note => note.Sentence(2000)) : [],
            });
        }

        private NodeSpec Node(SpecificationMap map)
        {
            map.Allow("arrayRows", "arrayColumns", "dataflows", "vectorLanes", "buffer", "memory", "bandwidth", "clock", "dram");
            return new NodeSpec
            {
                ArrayRows = Integer(map, "arrayRows", 1, 1024),
                ArrayColumns = Integer(map, "arrayColumns", 1, 1024),
                Dataflows = Dataflows(Value(map, "dataflows")),
                VectorLanes = Integer(map, "vectorLanes", 1, 4096),
                BufferBytes = Whole(map, "buffer", Unit.Bytes, 1, 1L << 30),
                MemoryBytes = Whole(map, "memory", Unit.Bytes, 1L << 10, 1L << 40),
                MemoryBandwidthBytesPerSecond = Quantity(map, "bandwidth", Unit.BytesPerSecond, 1e6, 1e14),
                ClockHertz = Quantity(map, "clock", Unit.Hertz, 1e6, 2e10),
                Dram = Dram(map["dram"].AsMap()),
            };
        }

        private static ValueList<Dataflow> Dataflows(SpecificationNode node)
        {
            var flows = node.Each(1, 3, item => item.Word<Dataflow>());
            if (flows.Contains(Dataflow.Best))
                throw node.Error("'Best' is a choice, no dataflow. Allowed: WeightStationary, OutputStationary, InputStationary.");
            return flows.Distinct().Count() == flows.Count ? flows : throw node.Error("names a dataflow twice.");
        }

        private DramTiming Dram(SpecificationMap map)
        {
            map.Allow(
                "clockPeriod", "rowToColumn", "precharge", "casLatency", "rowActive", "refreshInterval", "refresh", "row", "banks");
            var timing = new DramTiming
            {
                ClockPeriodSeconds = Quantity(map, "clockPeriod", Unit.Seconds, 1e-11, 1e-6),
                RowToColumnCycles = Cycles(map, "rowToColumn"),
                PrechargeCycles = Cycles(map, "precharge"),
                CasLatencyCycles = Cycles(map, "casLatency"),
                RowActiveCycles = Cycles(map, "rowActive"),
                RefreshIntervalCycles = Cycles(map, "refreshInterval"),
                RefreshCycles = Cycles(map, "refresh"),
                RowBytes = (int)Whole(map, "row", Unit.Bytes, 16, 1 << 20),
                BanksPerNode = Integer(map, "banks", 1, 4096),
            };
            return timing.RefreshCycles < timing.RefreshIntervalCycles
                ? timing
                : throw map["refresh"].Error(
                    $"a refresh of {timing.RefreshCycles} cycles leaves no time for data. Allowed: less than refreshInterval, {timing.RefreshIntervalCycles} cycles.");
        }

        private InterconnectSpec Interconnect(SpecificationMap map)
        {
            map.Allow(
                "topology", "link", "clock", "route", "virtualChannelAllocation", "switchAllocation",
                "traversal", "linkTraversal", "virtualChannels", "bufferFlits", "flit");
            return new InterconnectSpec
            {
                Topology = Value(map, "topology").Word<Topology>(),
                LinkBytesPerCycle = (int)Whole(map, "link", Unit.BytesPerCycle, 1, 1 << 16),
                ClockHertz = Quantity(map, "clock", Unit.Hertz, 1e6, 2e10),
                RouteCycles = Cycles(map, "route"),
                VirtualChannelCycles = Cycles(map, "virtualChannelAllocation"),
                SwitchCycles = Cycles(map, "switchAllocation"),
                TraversalCycles = Cycles(map, "traversal"),
                LinkCycles = Cycles(map, "linkTraversal"),
                VirtualChannels = Integer(map, "virtualChannels", 1, 64),
                BufferFlits = Integer(map, "bufferFlits", 1, 4096),
                FlitBytes = (int)Whole(map, "flit", Unit.Bytes, 1, 1 << 16),
            };
        }

        private EnergySpec Energy(SpecificationMap map)
        {
            map.Allow(
                "macInt8", "macFp16", "macFp32", "vectorOperation", "sramRead", "sramWrite",
                "dram", "offStack", "hop", "staticPower");
            return new EnergySpec
            {
                MacInt8Joules = PerOperation(map, "macInt8"),
                MacFp16Joules = PerOperation(map, "macFp16"),
                MacFp32Joules = PerOperation(map, "macFp32"),
                VectorOperationJoules = PerOperation(map, "vectorOperation"),
                SramReadJoulesPerBit = PerBit(map, "sramRead"),
                SramWriteJoulesPerBit = PerBit(map, "sramWrite"),
                DramJoulesPerBit = PerBit(map, "dram"),
                OffStackJoulesPerBit = PerBit(map, "offStack"),
                HopJoulesPerBit = PerBit(map, "hop"),
                StaticWattsPerNode = Quantity(map, "staticPower", Unit.Watts, 0, 1000),
            };
        }

        private IoSpec Io(SpecificationMap map, int rows, int columns)
        {
            map.Allow("ports", "bandwidth");
            var ports = Value(map, "ports");
            return new IoSpec
            {
                Ports = ports is SpecificationScalar { Text: Corners } ? [] : Ports(ports, rows, columns),
                OffStackBandwidthBytesPerSecond = Quantity(map, "bandwidth", Unit.BytesPerSecond, 1e6, 1e14),
            };
        }

        private static ValueList<GridPosition> Ports(SpecificationNode node, int rows, int columns)
        {
            if (node is SpecificationScalar)
                throw node.Error($"must be '{Corners}' or a list of [row, column].");
            var ports = node.Each(1, rows * columns, item =>
            {
                var pair = item.AsList().Items;
                return pair.Count == 2
                    ? new GridPosition(pair[0].Integer(0, rows - 1), pair[1].Integer(0, columns - 1))
                    : throw item.Error("a port is [row, column].");
            });
            return ports.Distinct().Count() == ports.Count ? ports : throw node.Error("names a node twice.");
        }

        private int Cycles(SpecificationMap map, string key) => (int)Whole(map, key, Unit.Cycles, 0, 1_000_000);

        private double PerOperation(SpecificationMap map, string key) => Quantity(map, key, Unit.Joules, 0, 1e-6);

        private double PerBit(SpecificationMap map, string key) => Quantity(map, key, Unit.JoulesPerBit, 0, 1e-8);

        private int Integer(SpecificationMap map, string key, int least, int most) =>
            Constant(map, key, least, node => node.Integer(least, most));

        private long Whole(SpecificationMap map, string key, Unit unit, long least, long most) =>
            Constant(map, key, least, node => node.WholeQuantity(unit, least, most));

        private double Quantity(SpecificationMap map, string key, Unit unit, double least, double most) =>
            Constant(map, key, least, node => node.Quantity(unit, least, most));

        // Rules need constants that may be read later: until then a derived one has any value that is allowed.
        private T Constant<T>(SpecificationMap map, string key, T untilDerived, Func<SpecificationNode, T> read)
        {
            var node = Value(map, key);
            var path = map[key].Path;
            if (node is not SpecificationScalar { Text: DerivedConstants.Word } || !DerivedConstants.Keys.Contains(path))
                return read(node);
            derived.Add(path);
            return untilDerived;
        }

        private SpecificationNode Value(SpecificationMap map, string key)
        {
            var node = map[key];
            if (node is not SpecificationMap sourced)
                return node;
            sourced.Allow("value", "source");
            sources.Add(new SourceNote(node.Path, sourced["source"].Sentence(500)));
            return sourced["value"];
        }
    }
}
