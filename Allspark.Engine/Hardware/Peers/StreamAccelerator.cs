using System.Globalization;
using Allspark.Engine.Import.Peers;
using Allspark.Engine.Models;
using Allspark.Engine.Specifications;

namespace Allspark.Engine.Hardware.Peers;

/// <summary>
/// Reads the accelerators of Stream: cores in files of their own or written out, and what links them, in the form with a graph
/// and in that with core_connectivity (stream/parser/accelerator_validator.py). Equal compute cores in a mesh or torus become the
/// nodes.
/// </summary>
internal sealed class StreamAccelerator
{
    private const int MostCores = 4096;

    private readonly SpecificationMap map;
    private readonly string folder;
    private readonly Dictionary<string, ZigZagCore> files = new(StringComparer.Ordinal);
    private readonly MachineDraft draft;
    private double bandwidth;
    private double energy;
    private double toMemory = double.PositiveInfinity;

    private StreamAccelerator(SpecificationMap map, string folder)
    {
        (this.map, this.folder) = (map, folder);
        draft = new MachineDraft(map.File, "Stream");
    }

    /// <summary>Reads the machine.</summary>
    /// <param name="map">The file.</param>
    /// <param name="folder">The folder that it is in; its cores are there or below.</param>
    /// <exception cref="SpecificationException">It cannot be read, or is no array of equal nodes.</exception>
    public static PimArray Read(SpecificationMap map, string folder) => new StreamAccelerator(map, folder).Machine();

    private PimArray Machine()
    {
        var cores = Cores();
        var graph = map.TryGet("graph", out var node) ? node.AsMap() : null;
        var offChip = Id(graph, "offchip_core_id", cores);
        int?[] beside = [offChip, Id(graph, "pooling_core_id", cores), Id(graph, "simd_core_id", cores)];
        var computing = cores.Where(core => !beside.Contains(core.Id) && !IsMemory(core.Core)).ToList();
        var first = computing.Count > 0 ? computing[0] : throw map["cores"].Error("has no core that computes.");
        if (computing.Find(core => core.Core != first.Core) is { Core: not null } other && !Alike(other.Core, first.Core))
            throw map["cores"].Error($"core {other.Id} ({other.Core.Name}) is not like core {first.Id} ({first.Core.Name}): the nodes of an array are equal.");
        var (rows, columns, topology) = graph is null ? Links([.. computing.Select(core => core.Id)], offChip)
            : Graph(graph, computing.Count);
        if (rows > PimArrayYaml.LongestSide || columns > PimArrayYaml.LongestSide)
            throw map["cores"].Error($"a grid of {rows}×{columns} nodes. Allowed: up to {PimArrayYaml.LongestSide}×{PimArrayYaml.LongestSide}.");
        draft.Array = draft.Array with { Rows = rows, Columns = columns };
        draft.FromFile($"{computing.Count} cores of {first.Core.Name}", "rows", "columns");
        first.Core.Compute(draft, $"{first.Core.Name}: ", memory: false);
        Interconnect(topology);
        OffChip(cores.Find(core => core.Id == offChip).Core, computing.Count);
        draft.PlainMemory();
        var helpers = cores.Where(core => core.Id != offChip && !computing.Contains(core)).Select(core => core.Core.Name)
            .Distinct(StringComparer.Ordinal).ToList();
        if (helpers.Count > 0)
            draft.Note($"{string.Join(", ", helpers)}: no nodes of their own; what they do is done on the lanes of the nodes.");
        draft.Note("Stream counts cycles and has no clock: that of stack-16x16 is taken, as all else that its files do not say; see Sources.");
        foreach (var key in map.Keys.Intersect(["core_memory_sharing", "core_coordinates", "bandwidth", "memory_aliases",
            "reconfiguration"], StringComparer.Ordinal))
            draft.Note($"{key} is not modelled.");
        return draft.Finish(FileNames.Clean(map["name"].AsScalar().Text) is { Length: > 0 } clean ? clean
            : FileNames.Model(map.File));
    }

    private List<(int Id, ZigZagCore Core)> Cores()
    {
        var cores = new List<(int, ZigZagCore)>();
        var entries = map["cores"] switch
        {
            SpecificationList list => list.Items.Select((item, index) => (Id: index, Node: item)).ToList(),
            var other => other.AsMap().Keys.Select(key => (
                int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id
                    : throw other.Error($"'{ModelText(key)}' is no number of a core."),
                other.AsMap()[key])).ToList(),
        };
        if (entries.Count is 0 or > MostCores)
            throw map["cores"].Error($"has {entries.Count} cores. Allowed: 1 to {MostCores}.");
        foreach (var (id, node) in entries)
            cores.Add((id, node is SpecificationMap inline ? ZigZagCore.Read(inline) : FromFile(node.AsScalar())));
        return cores;
    }

    // Beside the accelerator or in cores/ below it, as Stream looks for them; nowhere else.
    private ZigZagCore FromFile(SpecificationScalar reference)
    {
        if (files.TryGetValue(reference.Text, out var known))
            return known;
        var name = reference.Sentence(200);
        var root = Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar;
        string[] candidates = [.. new[] { Path.Combine("cores", name), name }.Select(part => Path.GetFullPath(part, folder))];
        if (Path.IsPathRooted(name) || Array.Exists(candidates, path => !path.StartsWith(root, StringComparison.Ordinal)))
            throw reference.Error($"'{ModelText(name)}' leaves the folder of {map.File}. Cores are read from there and from cores/ below it.");
        var path = Array.Find(candidates, File.Exists)
            ?? throw reference.Error($"there is no file '{ModelText(name)}' in the folder of {map.File}, nor in cores/ below it.");
        var core = SpecificationParser.ReadForeign(SpecificationText.ReadFile(path), Path.GetFileName(path));
        return files[reference.Text] = ZigZagCore.Read(core.AsMap());
    }

    private int? Id(SpecificationMap? graph, string key, List<(int Id, ZigZagCore Core)> cores)
    {
        if (!(graph is not null && graph.TryGet(key, out var node)) && !map.TryGet(key, out node))
            return null;
        var id = node.Integer(0, int.MaxValue);
        return cores.Exists(core => core.Id == id) ? id : throw node.Error($"{id} is the number of no core.");
    }

    // A core without multipliers is a memory; one of another type is named so.
    private static bool IsMemory(ZigZagCore core) => core.Sides.Count == 0 || !core.Computes
        || (core.Map.TryGet("type", out var type) && !type.AsScalar().Text.EndsWith("compute", StringComparison.Ordinal));

    private static bool Alike(ZigZagCore left, ZigZagCore right) => left.Sides.Equals(right.Sides)
        && left.Shared.Select(level => (level.Bits, level.ReadBits)).SequenceEqual(right.Shared
            .Select(level => (level.Bits, level.ReadBits)))
        && left.Distributed.Select(level => (level.Bits, level.ReadBits)).SequenceEqual(right.Distributed
            .Select(level => (level.Bits, level.ReadBits)));

    private (int Rows, int Columns, Topology Topology) Graph(SpecificationMap graph, int nodes)
    {
        bandwidth = ZigZagMemory.Number(graph["bandwidth"], 1 << 24);
        energy = graph.TryGet("unit_energy_cost", out var cost) ? ZigZagMemory.Number(cost, 1e4) : 0;
        var type = graph["type"].AsScalar();
        if (type.Text == "bus")
            return nodes == 1 ? (1, 1, Topology.Mesh) : throw Bus(type, nodes);
        if (type.Text != "2d_mesh")
            throw type.Error(SpecificationMap.Unknown("graph", type.Text, ["2d_mesh", "bus"]));
        var (rows, columns) = (graph["nb_rows"].Integer(1, MostCores), graph["nb_cols"].Integer(1, MostCores));
        return (long)rows * columns == nodes
            ? (rows, columns, Topology.Mesh)
            : throw graph.Error($"a mesh of {rows}×{columns} does not hold the {nodes} cores that compute.");
    }

    private (int Rows, int Columns, Topology Topology) Links(List<int> nodes, int? offChip)
    {
        var links = new HashSet<(int, int)>();
        var widths = new List<double>();
        var shared = 0.0;
        foreach (var item in map["core_connectivity"].Each(0, 4 * MostCores, item => item.AsMap()))
        {
            var ends = item["cores"].Each(2, MostCores, id => id.Integer(0, int.MaxValue));
            var isBus = item.TryGet("type", out var type) && type.AsScalar().Text == "bus";
            if (ends.Contains(offChip ?? -1))
            {
                shared += ZigZagMemory.Number(item["bandwidth"], 1 << 24);
                continue;
            }

            var places = ends.Select(id => nodes.IndexOf(id)).Where(place => place >= 0).Order().ToList();
            if (places.Count < 2)
                continue;
            if (isBus || places.Count > 2)
                throw Bus(item, nodes.Count);
            links.Add((places[0], places[1]));
            widths.Add(ZigZagMemory.Number(item["bandwidth"], 1 << 24));
            energy = Math.Max(energy, item.TryGet("unit_energy_cost", out var own) ? ZigZagMemory.Number(own, 1e4) : 0);
        }

        if (map.TryGet("unit_energy_cost", out var usual))
            energy = Math.Max(energy, ZigZagMemory.Number(usual, 1e4));
        bandwidth = widths.Count > 0 ? widths.Min() : shared;
        toMemory = shared > 0 ? shared : toMemory;
        if (widths.Count > 0 && widths.Max() > bandwidth)
            draft.Note(string.Create(CultureInfo.InvariantCulture,
                $"Links of {bandwidth} to {widths.Max()} bits a cycle are all taken as {bandwidth}."));
        if (nodes.Count == 1)
            return (1, 1, Topology.Mesh);
        for (var rows = 1; rows <= nodes.Count; rows++)
        {
            if (nodes.Count % rows != 0)
                continue;
            var columns = nodes.Count / rows;
            if (links.SetEquals(Grid(rows, columns, wraps: false)))
                return (rows, columns, Topology.Mesh);
            if (links.SetEquals(Grid(rows, columns, wraps: true)))
                return (rows, columns, Topology.Torus);
        }

        throw map["core_connectivity"].Error($"the {links.Count} links of {nodes.Count} cores are no mesh and no torus, rows by rows of their numbers. Arrays here are either.");
    }

    private static IEnumerable<(int, int)> Grid(int rows, int columns, bool wraps)
    {
        for (var node = 0; node < rows * columns; node++)
        {
            var (row, column) = (node / columns, node % columns);
            if (column + 1 < columns)
                yield return (node, node + 1);
            if (row + 1 < rows)
                yield return (node, node + columns);
            if (wraps && columns > 2 && column == 0)
                yield return (node, node + columns - 1);
            if (wraps && rows > 2 && row == 0)
                yield return (node, node + ((rows - 1) * columns));
        }
    }

    private static SpecificationException Bus(SpecificationNode place, int nodes) =>
        place.Error($"{nodes} cores share a bus. Arrays here are meshes or tori; give the cores links of their own, or make the array with New-PimArray -Rows -Columns.");

    private void Interconnect(Topology topology)
    {
        var width = (int)Math.Clamp(bandwidth / 8, 1, 1 << 16);
        draft.Array = draft.Array with
        {
            InterconnectSpec = draft.Array.InterconnectSpec with { Topology = topology, FlitBytes = width },
        };
        draft.Energy = draft.Energy with { HopJoulesPerBit = energy * 1e-12 };
        draft.FromFile("how the cores are linked", "interconnect.topology");
        draft.FromFile(string.Create(CultureInfo.InvariantCulture, $"bandwidth of {bandwidth} bits a cycle"),
            "interconnect.flit");
        draft.FromFile("unit_energy_cost, in pJ a bit", "energy.hop");
    }

    // One memory for all cores is a share of it for each.
    private void OffChip(ZigZagCore? core, int nodes)
    {
        if (core?.OffChip is not { } memory)
        {
            draft.Note("There is no off-chip core: each node has the memory of one of stack-16x16.");
            return;
        }

        var total = Math.Min(memory.ReadBits, toMemory) / 8 * draft.Node.ClockHertz;
        draft.Node = draft.Node with
        {
            MemoryBytes = memory.Bits / 8 / nodes is >= 1L << 10 and <= 1L << 40 and var share ? share
                : throw memory.Map["size"].Error(
                $"{memory.Bits} bits are out of bounds for {nodes} nodes. Allowed: 1 KiB to 1 TiB each."),
            MemoryBandwidthBytesPerSecond = MachineDraft.Bandwidth(memory.Map, total / nodes),
        };
        draft.Array = draft.Array with { Io = draft.Array.Io with { OffStackBandwidthBytesPerSecond = MachineDraft.Bandwidth(memory.Map, total) } };
        if (memory.ReadJoulesPerBit is { } perBit)
        {
            draft.Energy = draft.Energy with { DramJoulesPerBit = perBit, OffStackJoulesPerBit = perBit };
            draft.FromFile($"{core.Name}: {memory.Name}.r_cost over the bits of an access", "energy.dram", "energy.offStack");
        }

        draft.FromFile($"{core.Name}: {memory.Name}, divided by {nodes} cores", "node.memory", "node.bandwidth");
        draft.FromFile($"{core.Name}: the narrower of {memory.Name} and the links to it, at node.clock", "io.bandwidth");
        draft.Note($"Nodes here have memory of their own: {memory.Name}, which all cores share, is divided among them.");
    }

    private static string ModelText(string text) => new([.. text.Take(60).Where(letter => !char.IsControl(letter))]);
}
