using System.Globalization;
using Allspark.Engine.Import.Peers;
using Allspark.Engine.Models;
using Allspark.Engine.Specifications;

namespace Allspark.Engine.Hardware.Peers;

/// <summary>
/// Reads the accelerators of ZigZag, in the form before its memory ports were written out and in that since
/// (zigzag/parser/accelerator_validator.py). One core becomes an array of one node.
/// </summary>
internal static class ZigZagAccelerator
{
    /// <summary>Reads the machine.</summary>
    /// <exception cref="SpecificationException">It cannot be read, or is of a kind that has no place here.</exception>
    public static PimArray Read(SpecificationMap map)
    {
        var core = ZigZagCore.Read(map);
        var memory = core.OffChip
            ?? throw map["memories"].Error("has no memory that serves inputs, weights and outputs (operands I1, I2, O): there is nothing for a network to be in.");
        var draft = new MachineDraft(map.File, "ZigZag");
        draft.Array = draft.Array with { Rows = 1, Columns = 1 };
        draft.Ours("one core of ZigZag", "rows", "columns");
        core.Compute(draft, "");
        draft.Node = draft.Node with
        {
            MemoryBytes = memory.WholeBytes(1L << 10, 1L << 40),
            MemoryBandwidthBytesPerSecond = MachineDraft.Bandwidth(memory.Map, memory.ReadBits / 8.0 * draft.Node.ClockHertz),
        };
        draft.FromFile($"memories.{memory.Name}.size, in bits", "node.memory");
        draft.FromFile($"memories.{memory.Name}, {memory.ReadBits} bits read a cycle at node.clock", "node.bandwidth");
        if (memory.ReadJoulesPerBit is { } energy)
        {
            draft.Energy = draft.Energy with { DramJoulesPerBit = energy };
            draft.FromFile($"memories.{memory.Name}.r_cost over the {memory.ReadBits} bits of an access", "energy.dram");
        }

        draft.PlainMemory();
        draft.Note("ZigZag counts cycles and has no clock: that of stack-16x16 is taken, as all else that its files do not say; see Sources.");
        return draft.Finish(core.Name);
    }
}

/// <summary>One core: its multipliers, and its memories from the multipliers outwards.</summary>
internal sealed record ZigZagCore
{
    private const int LongestSide = 1024;

    /// <summary>Where it stands.</summary>
    public required SpecificationMap Map { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its multipliers.</summary>
    public required SpecificationMap Multipliers { get; init; }

    /// <summary>Multipliers along each dimension.</summary>
    public required ValueList<int> Sides { get; init; }

    /// <summary>Memories that serve all multipliers together.</summary>
    public required ValueList<ZigZagMemory> Shared { get; init; }

    /// <summary>Memories that there is one of for each multiplier, row or column.</summary>
    public required ValueList<ZigZagMemory> Distributed { get; init; }

    /// <summary>Whether it computes at all.</summary>
    public bool Computes => Sides.All(side => side > 0);

    /// <summary>The outermost memory, if it holds all operands: what the network is in.</summary>
    public ZigZagMemory? OffChip => Shared.LastOrDefault(memory => memory.IsOffChip && memory.Operands >= 3)
        ?? Shared.LastOrDefault(memory => memory.Operands >= 3);

    /// <summary>Reads a core.</summary>
    /// <exception cref="SpecificationException">It cannot be read, or computes in its memory.</exception>
    public static ZigZagCore Read(SpecificationMap map)
    {
        var multipliers = (map.TryGet("operational_array", out var node) || map.TryGet("multipliers", out node) ? node
            : throw map.Error("the key 'operational_array' (or 'multipliers') is missing.")).AsMap();
        if ((multipliers.TryGet("is_imc", out var imc) && imc.AsScalar().Text.Equals("true", StringComparison.OrdinalIgnoreCase))
            || (multipliers.TryGet("imc_type", out imc) && imc.AsScalar().Text is not ("null" or "")))
        {
            throw imc.Error("computes in the memory itself (IMC), analog or digital; nodes here are systolic arrays beside their memory.");
        }

        var dimensions = multipliers["dimensions"].Each(0, 8, item => item.Identifier());
        var sides = multipliers["sizes"].Each(0, 8, item => item.Integer(0, 1 << 20));
        if (sides.Count != dimensions.Count)
            throw multipliers["sizes"].Error($"has {sides.Count} sizes for {dimensions.Count} dimensions.");
        var levels = map["memories"].AsMap();
        var memories = levels.Keys.Take(65).Select(name => ZigZagMemory.Read(name, levels[name].AsMap(), dimensions)).ToList();
        if (memories.Count is 0 or > 64)
            throw levels.Error($"has {memories.Count} memories. Allowed: 1 to 64.");
        return new ZigZagCore
        {
            Map = map,
            Name = FileNames.Clean(map["name"].AsScalar().Text) is { Length: > 0 } clean ? clean : FileNames.Model(map.File),
            Multipliers = multipliers,
            Sides = sides,
            Shared = memories.Where(memory => memory.Served == dimensions.Count).ToValueList(),
            Distributed = memories.Where(memory => memory.Served < dimensions.Count).ToValueList(),
        };
    }

    /// <summary>Takes multipliers, buffer and their energies over into a machine.</summary>
    /// <param name="draft">The machine.</param>
    /// <param name="of">What the core is called in front of its keys; empty if the file is this core.</param>
    /// <param name="memory">Whether its outermost memory is the machine's, and no buffer.</param>
    public void Compute(MachineDraft draft, string of, bool memory = true)
    {
        if (Sides.Count == 0 || !Computes)
            throw Multipliers["sizes"].Error("has no multipliers.");
        var (rows, columns) = (Sides[0], Sides.Skip(1).Aggregate(1L, (product, side) => Math.Min(product * side, int.MaxValue)));
        if (rows > LongestSide || columns > LongestSide)
            throw Multipliers["sizes"].Error($"comes to {rows}×{columns} multipliers. Allowed: up to {LongestSide}×{LongestSide}.");
        var outermost = memory ? OffChip : null;
        var buffers = Shared.Where(level => level != outermost).ToList();
        var held = buffers.Count > 0 ? buffers.Sum(level => level.Bits)
            : Distributed.Sum(level => level.Bits * level.Copies(Sides));
        if (held == 0)
            throw Map["memories"].Error("has no memory between the multipliers and the outermost: a node needs a buffer.");
        var place = (buffers.Count > 0 ? buffers : [.. Distributed])[0].Map;
        draft.Node = draft.Node with
        {
            ArrayRows = rows,
            ArrayColumns = (int)columns,
            BufferBytes = held / 8 is >= 1 and <= 1 << 30 and var bytes ? bytes
                : throw place.Error($"buffers of {held} bits together. Allowed: 8 bits to 1 GiB."),
        };
        draft.FromFile($"{of}sizes of {string.Join("×", Sides)} multipliers, the first along the rows", "node.arrayRows",
            "node.arrayColumns");
        draft.FromFile($"{of}memories {string.Join(" + ", (buffers.Count > 0 ? buffers : [.. Distributed]).Select(level => level.Name))}, in bits", "node.buffer");
        if (buffers.MaxBy(level => level.Bits) is { ReadJoulesPerBit: { } read, WriteJoulesPerBit: { } write } largest)
        {
            draft.Energy = draft.Energy with { SramReadJoulesPerBit = read, SramWriteJoulesPerBit = write };
            draft.FromFile($"{of}memories.{largest.Name}.r_cost and w_cost over the bits of an access", "energy.sramRead",
                "energy.sramWrite");
        }

        if ((Multipliers.TryGet("unit_energy", out var unit) || Multipliers.TryGet("multiplier_energy", out unit))
            && ZigZagMemory.Number(unit, 1e6) is var picojoules)
        {
            draft.Energy = draft.Energy with { MacInt8Joules = picojoules * 1e-12 };
            draft.FromFile($"{of}{(unit.Path.EndsWith("unit_energy", StringComparison.Ordinal) ? "unit_energy" : "multiplier_energy")}, in pJ", "energy.macInt8");
        }
        if (buffers.Count > 0 && Distributed.Count > 0)
            draft.Note($"{of}{string.Join(", ", Distributed.Select(level => level.Name))}: registers of the multipliers; what a systolic array holds is not counted apart.");
        if (buffers.Count > 1)
            draft.Note($"{of}{string.Join(", ", buffers.Select(level => level.Name))} are one buffer here, shared as the tiling needs.");
        if (Sides.Count > 2)
            draft.Note($"{of}{Sides.Count} dimensions of multipliers are {rows}×{columns} here: the sum runs along the rows, output channels along the columns.");
        if (Map.TryGet("dataflows", out _))
            draft.Note($"{of}dataflows are not taken over: the fastest of the three stationary ones is.");
        draft.Note($"{of}ports, latencies and areas of memories are not modelled.");
    }
}

/// <summary>A memory of a core.</summary>
internal sealed record ZigZagMemory
{
    /// <summary>Where it stands.</summary>
    public required SpecificationMap Map { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its size in bits.</summary>
    public required long Bits { get; init; }

    /// <summary>Bits that one cycle reads.</summary>
    public required long ReadBits { get; init; }

    /// <summary>Energy of a bit read; none where the file leaves it open.</summary>
    public required double? ReadJoulesPerBit { get; init; }

    /// <summary>Energy of a bit written; none where the file leaves it open.</summary>
    public required double? WriteJoulesPerBit { get; init; }

    /// <summary>How many operands it holds.</summary>
    public required int Operands { get; init; }

    /// <summary>How many dimensions of multipliers share it.</summary>
    public required int Served { get; init; }

    /// <summary>Which they are.</summary>
    public required ValueList<bool> Serves { get; init; }

    /// <summary>Whether the file calls it DRAM.</summary>
    public required bool IsOffChip { get; init; }

    /// <summary>How many of it there are: one for each place along the dimensions that it does not serve.</summary>
    public long Copies(ValueList<int> sides) => sides
        .Zip(Serves).Aggregate(1L, (product, side) => side.Second ? product : checked(product * side.First));

    /// <summary>Its size in whole bytes, between two bounds.</summary>
    public long WholeBytes(long least, long most) => Bits / 8 >= least && Bits / 8 <= most
        ? Bits / 8
        : throw Map["size"].Error($"{Bits} bits are out of bounds. Allowed: {least * 8} to {most * 8}.");

    /// <summary>Reads a memory.</summary>
    public static ZigZagMemory Read(string name, SpecificationMap map, ValueList<string> dimensions)
    {
        var served = map["served_dimensions"].Each(0, 8, item => item.Identifier());
        if (served.FirstOrDefault(dimension => !dimensions.Contains(dimension)) is { } unknown)
            throw map["served_dimensions"].Error(SpecificationMap.Unknown("dimension", unknown, [.. dimensions]));
        var (read, write) = (Width(map, "r_bw", "read"), Width(map, "w_bw", "write"));
        var automatic = map.TryGet("auto_cost_extraction", out var flag)
            && flag.AsScalar().Text.Equals("true", StringComparison.OrdinalIgnoreCase);
        double? PerBit(string key, long width) => automatic || !map.TryGet(key, out var cost) || cost.AsScalar().Text is "null"
            or "~" or ""
            ? null
            : Number(cost, 1e9) / width * 1e-12 is <= 1e-8 and var joules ? joules
                : throw cost.Error($"comes to more than 10000 pJ a bit over {width} bits.");
        return new ZigZagMemory
        {
            Map = map,
            Name = FileNames.Clean(name) is { Length: > 0 } clean ? clean : "memory",
            Bits = (long)Number(map["size"], 1L << 46),
            ReadBits = read,
            ReadJoulesPerBit = PerBit("r_cost", read),
            WriteJoulesPerBit = PerBit("w_cost", write),
            Operands = map["operands"].Each(0, 3, item => item.Identifier()).Distinct().Count(),
            Served = served.Distinct().Count(),
            Serves = dimensions.Select(served.Contains).ToValueList(),
            IsOffChip = (map.TryGet("mem_type", out var type)
                && type.AsScalar().Text.Contains("dram", StringComparison.OrdinalIgnoreCase))
                || name.Contains("dram", StringComparison.OrdinalIgnoreCase)
                    || name.Contains("hbm", StringComparison.OrdinalIgnoreCase)
                || name.Contains("off", StringComparison.OrdinalIgnoreCase),
        };
    }

    /// <summary>A number from 0 to a bound.</summary>
    public static double Number(SpecificationNode node, double most) =>
        double.TryParse(node.AsScalar().Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= 0
            && value <= most
            ? value
            : throw node.Error(string.Create(CultureInfo.InvariantCulture, $"must be a number from 0 to {most:G}."));

    // Since ports are written out, the widest of them that goes the way.
    private static long Width(SpecificationMap map, string key, string way)
    {
        if (map.TryGet(key, out var bits))
            return bits.Integer(1, 1 << 24);
        var ports = map["ports"].Each(1, 16, item => item.AsMap()).Where(port => port.TryGet("type", out var type)
            && (type.AsScalar().Text == way || type.AsScalar().Text == "read_write")).ToList();
        return ports.Count > 0
            ? ports.Max(port => (long)port["bandwidth_max"].Integer(1, 1 << 24))
            : throw map["ports"].Error($"has no port to {way} by, and no key '{key}'.");
    }
}
