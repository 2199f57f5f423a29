using System.ComponentModel;
using System.Security.Cryptography;
using System.Text;
using Allspark.Engine.Models;

namespace Allspark.Engine.Hardware;

/// <summary>Which kind of machine an array is.</summary>
public enum MachineFamily
{
    /// <summary>Compute nodes under the banks of a stacked DRAM.</summary>
    StackedDram,
}

/// <summary>A machine: a grid of equal nodes, the network between them, energies, and the way in and out.</summary>
[TypeConverter(typeof(NameConverter<PimArray>))]
public sealed record PimArray : INamed<PimArray>
{
    private IInterconnect? interconnect;

    /// <summary>The name, such as <c>stack-16x16</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The kind of machine.</summary>
    public MachineFamily Family { get; init; }

    /// <summary>Rows of nodes.</summary>
    public required int Rows
    {
        get;
        init
        {
            field = value;
            interconnect = null;
        }
    }

    /// <summary>Columns of nodes.</summary>
    public required int Columns
    {
        get;
        init
        {
            field = value;
            interconnect = null;
        }
    }

    /// <summary>One node.</summary>
    public required NodeSpec Node { get; init; }

    /// <summary>Parameters of the network between nodes.</summary>
    public required InterconnectSpec InterconnectSpec
    {
        get;
        init
        {
            field = value;
            interconnect = null;
        }
    }

    /// <summary>Costs in joules.</summary>
    public required EnergySpec Energy { get; init; }

    /// <summary>The way in and out of the stack.</summary>
    public required IoSpec Io { get; init; }

    /// <summary>Where each constant is from, by its key in the YAML, such as <c>node.clock</c>.</summary>
    public ValueList<SourceNote> Sources { get; init; } = [];

    /// <summary>The constants that follow from others by a rule, by their keys in the YAML (<see cref="DerivedConstants"/>).</summary>
    public ValueList<string> Derived { get; init; } = [];

    /// <summary>Remarks for the reader: what of another tool's file has no place here.</summary>
    public ValueList<string> Notes { get; init; } = [];

    /// <summary>The network between nodes.</summary>
    public IInterconnect Interconnect => interconnect ??= new MeshInterconnect(InterconnectSpec, Rows, Columns);

    /// <summary>Rows · Columns.</summary>
    public int NodeCount => checked(Rows * Columns);

    /// <summary>DRAM of all nodes in bytes.</summary>
    public long MemoryBytes => checked(NodeCount * Node.MemoryBytes);

    /// <summary>Multiply-accumulate operations per second of all nodes.</summary>
    public double PeakMacsPerSecond => NodeCount * Node.PeakMacsPerSecond;

    /// <summary>The numbers of the nodes with a port to the outside.</summary>
    public ValueList<int> IoNodes => Io.Nodes(Rows, Columns);

    /// <summary>For every node, the port to the outside that its traffic passes: the nearest, of equally near ones the first.</summary>
    public int[] NearestIo()
    {
        var io = IoNodes;
        return [.. Enumerable.Range(0, NodeCount).Select(node => io.MinBy(port => Interconnect.Hops(port, node)))];
    }

    /// <summary>SHA-256, in lower-case hexadecimal, of all constants: what the machine is, not what it is called.</summary>
    public string ContentHash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\n', ArrayParameter.Of(this).Select(parameter => $"{parameter.Key}: {parameter.Text}")))));

    /// <summary>
    /// This array with some constants replaced. Those that follow from them are derived anew, and sources of what was replaced are
    /// dropped. Where every value is as it was, the array keeps its name too.
    /// </summary>
    /// <param name="replaced">This array with the new values.</param>
    /// <param name="given">The keys, in the YAML, of the values that were given; none of these is derived any more.</param>
    /// <param name="name">The new name; if omitted, <c>custom-RxC</c>.</param>
    public PimArray Revised(PimArray replaced, IReadOnlyCollection<string> given, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(replaced);
        var revised = DerivedConstants.Apply(replaced with { Derived = Derived.Where(key => !given.Contains(key)).ToValueList() });
        var changed = ArrayParameter.Of(this).Zip(ArrayParameter.Of(revised))
            .Where(pair => pair.First.Text != pair.Second.Text).Select(pair => pair.First.Key).ToHashSet();
        if (changed.Count == 0)
            return this with { Name = name ?? Name };
        return revised with
        {
            Name = name ?? $"custom-{Rows}x{Columns}",
            Sources = Sources.Where(note => !(changed.Contains(note.Key) && given.Contains(note.Key))).ToValueList(),
        };
    }

    /// <summary>An array of another size made of the same nodes and links; the array itself where it has that size and no other name is wanted.</summary>
    /// <param name="rows">Rows of nodes, 1 to 256.</param>
    /// <param name="columns">Columns of nodes, 1 to 256.</param>
    /// <param name="basedOn">The array to take everything else from; its I/O ports must lie inside the new one.</param>
    /// <param name="name">The new name; if omitted, <c>custom-RxC</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is out of bounds.</exception>
    /// <exception cref="ArgumentException">A port lies outside.</exception>
    public static PimArray Create(int rows, int columns, PimArray basedOn, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(basedOn);
        CheckSide(rows, nameof(rows));
        CheckSide(columns, nameof(columns));
        foreach (var port in basedOn.Io.Ports)
        {
            if (port.Row >= rows || port.Column >= columns)
                throw new ArgumentException(
                    $"The I/O port at [{port.Row}, {port.Column}] of {basedOn.Name} lies outside {rows}×{columns} nodes.", nameof(basedOn));
        }

        if (rows == basedOn.Rows && columns == basedOn.Columns)
            return basedOn with { Name = name ?? basedOn.Name };
        return basedOn with
        {
            Name = name ?? $"custom-{rows}x{columns}",
            Rows = rows,
            Columns = columns,
            Sources = basedOn.Sources.Where(note => note.Key is not ("rows" or "columns")).ToValueList(),
        };
    }

    private static void CheckSide(int nodes, string parameter)
    {
        if (nodes is < 1 or > PimArrayYaml.LongestSide)
            throw new ArgumentOutOfRangeException(parameter, nodes, $"An array has 1 to {PimArrayYaml.LongestSide} {parameter}.");
    }

    // A name alone (INamed<T>): an array has nodes.
    private bool IsName => NodeCount == 0;

    /// <inheritdoc/>
    public static PimArray Named(string name) => ArrayCatalog.Get("stack-16x16") with { Name = name, Rows = 0, Columns = 0 };

    /// <summary>Whether both hold the same; a name alone equals every array that is called so.</summary>
    public bool Equals(PimArray? other) => other is not null && (IsName || other.IsName
        ? NearNames.Normalize(Name) == NearNames.Normalize(other.Name)
        : HoldsTheSameAs(other));

    private bool HoldsTheSameAs(PimArray other) => Name == other.Name && Family == other.Family && Rows == other.Rows
        && Columns == other.Columns && Node == other.Node && InterconnectSpec == other.InterconnectSpec && Energy == other.Energy
        && Io == other.Io && Sources.Equals(other.Sources) && Derived.Equals(other.Derived)
        && Notes.Equals(other.Notes);

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <inheritdoc/>
    public override int GetHashCode() => NearNames.Normalize(Name).GetHashCode(StringComparison.Ordinal);
}

/// <summary>Where a constant is from.</summary>
/// <param name="Key">Its key in the YAML, such as <c>node.clock</c>.</param>
/// <param name="Source">The publication or tool, or that the value is this project's own.</param>
public sealed record SourceNote(string Key, string Source)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Key}: {Source}";
}
