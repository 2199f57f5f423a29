using System.Globalization;
using Allspark.Engine.Models;
using Allspark.Engine.Specifications;

namespace Allspark.Engine.Hardware.Peers;

/// <summary>
/// A machine while another tool's file is read: begins as the reference array, each of whose values is then replaced or said to
/// be from there. Constants that follow from others still do, unless the file gives them.
/// </summary>
internal sealed class MachineDraft
{
    private const string Reference = "stack-16x16";

    private readonly string file;
    private readonly string tool;
    private readonly Dictionary<string, string> sources;
    private readonly HashSet<string> derived;
    private readonly List<string> notes = [];

    /// <summary>Begins a machine.</summary>
    /// <param name="file">The file's name.</param>
    /// <param name="tool">What the tool is called.</param>
    public MachineDraft(string file, string tool)
    {
        (this.file, this.tool) = (file, tool);
        Array = ArrayCatalog.Get(Reference);
        derived = [.. Array.Derived];
        sources = Array.Sources.ToDictionary(
            note => note.Key,
            note => derived.Contains(note.Key) ? note.Source : Cut($"not in {file}, as {Reference}: {note.Source}"),
                StringComparer.Ordinal);
        notes.Add($"Imported from {file}, a machine of {tool}.");
    }

    /// <summary>The machine so far.</summary>
    public PimArray Array { get; set; }

    /// <summary>One node so far.</summary>
    public NodeSpec Node
    {
        get => Array.Node;
        set => Array = Array with { Node = value };
    }

    /// <summary>The energies so far.</summary>
    public EnergySpec Energy
    {
        get => Array.Energy;
        set => Array = Array with { Energy = value };
    }

    /// <summary>Says that values are the file's.</summary>
    /// <param name="origin">The file's own keys.</param>
    /// <param name="keys">The keys of the array that are taken from there.</param>
    public void FromFile(string origin, params ReadOnlySpan<string> keys) => Source($"{file}: {origin}", keys);

    /// <summary>Says that values are neither the file's nor the preset's.</summary>
    public void Ours(string reason, params ReadOnlySpan<string> keys) => Source($"ours: {reason}", keys);

    /// <summary>Says what has no place here.</summary>
    public void Note(string note) => notes.Add(note);

    /// <summary>A memory without rows and refresh: these tools have bandwidths alone.</summary>
    public void PlainMemory()
    {
        Node = Node with
        {
            Dram = Node.Dram with { RowToColumnCycles = 0, PrechargeCycles = 0, CasLatencyCycles = 0, RowActiveCycles = 0,
                RefreshCycles = 0 },
        };
        Ours($"{tool} has no timing of rows and refresh, a bandwidth alone", "node.dram.rowToColumn", "node.dram.precharge",
            "node.dram.casLatency",
            "node.dram.rowActive", "node.dram.refresh");
    }

    /// <summary>The finished machine.</summary>
    public PimArray Finish(string name) => DerivedConstants.Apply(Array with
    {
        Name = name,
        Sources = Array.Sources.Select(note => note with { Source = sources[note.Key] }).ToValueList(),
        Derived = Array.Derived.Where(derived.Contains).ToValueList(),
        Notes = notes.ToValueList(),
    });

    /// <summary>A bandwidth, if an array may have it.</summary>
    public static double Bandwidth(SpecificationNode place, double bytesPerSecond) => bytesPerSecond is >= 1e6 and <= 1e14
        ? bytesPerSecond
        : throw place.Error(string.Create(CultureInfo.InvariantCulture,
            $"comes to {bytesPerSecond / 1e9:G6} GB/s at the clock taken. Allowed: 0.001 GB/s to 100000 GB/s."));

    private void Source(string source, ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            sources[key] = Cut(source);
            derived.Remove(key);
        }
    }

    private static string Cut(string text) => text.Length <= 500 ? text : string.Concat(text.AsSpan(0, 499), "…");
}
