using System.Globalization;
using Allspark.Engine.Import.Peers;
using Allspark.Engine.Models;
using Allspark.Engine.Specifications;

namespace Allspark.Engine.Hardware.Peers;

/// <summary>
/// Reads the configurations of SCALE-Sim (scalesim/scale_config.py): one systolic array with three buffers on a memory of a
/// bandwidth. It becomes an array of one node.
/// </summary>
internal static class ScaleSimConfiguration
{
    private const string Architecture = "architecture_presets";
    private const long MemoryBytes = 64L << 30;

    /// <summary>Whether a text has the section that only these files have.</summary>
    public static bool Recognizes(string text)
    {
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.Trim() is "[" + Architecture + "]")
                return true;
        }

        return false;
    }

    /// <summary>Reads the machine.</summary>
    /// <exception cref="SpecificationException">A value is missing or out of bounds.</exception>
    public static PimArray Read(string text, string file)
    {
        var sections = IniSections.Read(text, file);
        var presets = sections[Architecture].AsMap();
        var draft = new MachineDraft(file, "SCALE-Sim");
        var (rows, columns) = (presets["arrayheight"].Integer(1, 1024), presets["arraywidth"].Integer(1, 1024));
        var buffer = Size(presets, "ifmap") + Size(presets, "filter") + Size(presets, "ofmap");
        var dataflow = presets["dataflow"];
        draft.Array = draft.Array with { Rows = 1, Columns = 1 };
        draft.Node = draft.Node with
        {
            ArrayRows = rows,
            ArrayColumns = columns,
            Dataflows = [Flow(dataflow)],
            BufferBytes = buffer is >= 1 and <= 1L << 30 ? buffer
                : throw presets.Error($"three buffers of {buffer} bytes together. Allowed: 1 B to 1 GiB."),
            MemoryBytes = MemoryBytes,
        };
        draft.FromFile("ArrayHeight", "node.arrayRows");
        draft.FromFile("ArrayWidth", "node.arrayColumns");
        draft.FromFile("Dataflow", "node.dataflows");
        draft.FromFile("IfmapSramSzkB + FilterSramSzkB + OfmapSramSzkB", "node.buffer");
        draft.Ours("SCALE-Sim simulates one array", "rows", "columns");
        draft.Ours("SCALE-Sim's memory has no size: one that holds any network", "node.memory");
        draft.Energy = draft.Energy with { StaticWattsPerNode = 0 };
        draft.Ours("a memory without a size has no standby power that could be told", "energy.staticPower");
        draft.PlainMemory();
        Bandwidth(draft, sections, presets);
        draft.Note("The three buffers of SCALE-Sim are one here, shared as the tiling needs; its words are one byte.");
        draft.Note("SCALE-Sim has no clock and no energies: those of stack-16x16 are taken, see Sources.");
        Remarks(draft, sections);
        return draft.Finish(Name(sections, file));
    }

    // In user mode each of the three interfaces has the bandwidth; otherwise SCALE-Sim finds the one that never stalls.
    private static void Bandwidth(MachineDraft draft, SpecificationMap sections, SpecificationMap presets)
    {
        var mode = sections.TryGet("run_presets", out var run) && run.AsMap().TryGet("interfacebandwidth", out var word)
            ? word.AsScalar() : null;
        var clock = draft.Node.ClockHertz;
        if (mode is not null && !mode.Text.Equals("USER", StringComparison.OrdinalIgnoreCase)
            && !mode.Text.Equals("CALC", StringComparison.OrdinalIgnoreCase))
            throw mode.Error(SpecificationMap.Unknown("mode", mode.Text, ["USER", "CALC"]));
        if (mode is not null && mode.Text.Equals("USER", StringComparison.OrdinalIgnoreCase))
        {
            var place = presets["bandwidth"];
            var words = place.AsScalar().Text.Split(',')
                .Select(part => new SpecificationScalar(place.File, place.Path, place.Position, part.Trim()).Integer(1, 1 << 20))
                    .ToList();
            var total = words.Count == 3 ? words.Sum() : 3 * words[0];
            draft.Node = draft.Node with { MemoryBandwidthBytesPerSecond = MachineDraft.Bandwidth(place, total * clock) };
            draft.FromFile($"Bandwidth, {string.Join(", ", words)} words of one byte a cycle on each interface, {total} in all, at node.clock", "node.bandwidth");
            return;
        }

        // What the array can read and write in a cycle.
        var most = draft.Node.ArrayRows + (2 * draft.Node.ArrayColumns);
        draft.Node = draft.Node with { MemoryBandwidthBytesPerSecond = MachineDraft.Bandwidth(presets, 4.0 * most * clock) };
        draft.Ours($"InterfaceBandwidth is not USER, so that nothing stalls: the {most} words that the array reads and writes in a cycle, of up to 4 bytes", "node.bandwidth");
        if (presets.TryGet("bandwidth", out _))
            draft.Note("Bandwidth has no effect, in SCALE-Sim as here, unless InterfaceBandwidth is USER.");
    }

    private static long Size(SpecificationMap presets, string operand)
    {
        var key = presets.TryGet($"{operand}sramszkb", out _) || !presets.TryGet($"{operand}sramsz", out _) ? $"{operand}sramszkb"
            : $"{operand}sramsz";
        return presets[key].Integer(0, 1 << 20) * 1024L;
    }

    private static Dataflow Flow(SpecificationNode node) => node.AsScalar().Text.ToUpperInvariant() switch
    {
        "WS" => Dataflow.WeightStationary,
        "OS" => Dataflow.OutputStationary,
        "IS" => Dataflow.InputStationary,
        var other => throw node.Error(SpecificationMap.Unknown("dataflow", other, ["ws", "os", "is"])),
    };

    private static string Name(SpecificationMap sections, string file) =>
        sections.TryGet("general", out var general) && general.AsMap().TryGet("run_name", out var name)
            && FileNames.Clean(name.AsScalar().Text) is { Length: > 0 } clean
            ? clean
            : FileNames.Model(file);

    private static void Remarks(MachineDraft draft, SpecificationMap sections)
    {
        foreach (var section in sections.Keys)
        {
            var values = sections[section].AsMap();
            var unread = values.Keys.Where(key => !Known(section, key)).ToList();
            if (section == "sparsity")
            {
                if (values.TryGet("sparsitysupport", out var support)
                    && support.AsScalar().Text.Equals("true", StringComparison.OrdinalIgnoreCase))
                    draft.Note("Sparsity is not modelled: products are dense.");
            }
            else if (unread.Count > 0)
            {
                draft.Note($"[{FileNames.Clean(section)}] not modelled: {string.Join(", ", unread.Select(Shown))}.");
            }
        }
    }

    private static bool Known(string section, string key) => (section, key) switch
    {
        ("general", "run_name") or ("run_presets", "interfacebandwidth") => true,
        (Architecture, "arrayheight" or "arraywidth" or "dataflow" or "bandwidth") => true,
        // Addresses of the traces, which change no count.
        (Architecture, "ifmapoffset" or "filteroffset" or "ofmapoffset") => true,
        (Architecture, _) => key.EndsWith("sramszkb", StringComparison.Ordinal)
            || key.EndsWith("sramsz", StringComparison.Ordinal),
        _ => false,
    };

    private static string Shown(string key) => FileNames.Clean(key);
}

/// <summary>Sections of keys and values, as Python's configparser reads them: keys without regard to case, ':' or '=' behind
/// them.</summary>
internal static class IniSections
{
    private const int MostValues = 2000;

    /// <summary>Reads a text into a map of maps.</summary>
    /// <exception cref="SpecificationException">A line is neither a section, a value nor a comment; or a key is given
    /// twice.</exception>
    public static SpecificationMap Read(string text, string file)
    {
        var sections = new Dictionary<string, (Position, SpecificationNode)>(StringComparer.Ordinal);
        Dictionary<string, (Position, SpecificationNode)>? values = null;
        var (section, number, count) = ("", 0, 0);
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            var trimmed = line.Trim();
            if (trimmed.IsEmpty || trimmed[0] is '#' or ';')
                continue;
            var place = new Position(number, line.Length - line.TrimStart().Length + 1);
            SpecificationException Error(string problem) => new(file, place.Line, place.Column, section, problem);
            if (++count > MostValues)
                throw Error($"is one value too many: at most {MostValues} are read.");
            if (trimmed[0] == '[' && trimmed[^1] == ']')
            {
                section = trimmed[1..^1].Trim().ToString().ToLowerInvariant();
                values = new(StringComparer.Ordinal);
                if (!sections.TryAdd(section, (place, new SpecificationMap(file, section, place, values))))
                    throw Error("this section is given twice.");
                continue;
            }

            var end = trimmed.IndexOfAny(':', '=');
            if (end < 1 || values is null)
                throw Error("is no line of a configuration: a [section], or a key and a value with ':' or '=' between them.");
            var key = trimmed[..end].TrimEnd().ToString().ToLowerInvariant();
            var value = trimmed[(end + 1)..].TrimStart();
            var at = new Position(number, line.TrimEnd().Length - value.Length + 1);
            if (!values.TryAdd(key, (place, new SpecificationScalar(file, $"{section}.{key}", at, value.Trim('"').ToString()))))
                throw Error($"the key {key} is given twice.");
        }

        return new SpecificationMap(file, "", new Position(1, 1), sections);
    }
}
