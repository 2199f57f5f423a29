using System.Management.Automation;
using Allspark.Engine.Hardware;
using Allspark.Engine.Hardware.Peers;
using Allspark.Engine.Models;
using Allspark.PowerShell.Completion;
using Allspark.PowerShell.Parameters;

namespace Allspark.PowerShell.Commands;

/// <summary>Makes a processing-in-memory array: from a preset, from a YAML file, or of a given size.</summary>
/// <remarks>
/// An array is a grid of equal nodes, each with compute, a buffer and its own memory, the network between them, energies, and the
/// way in and out. An array that differs from its preset or file in any parameter is named anew, unless -Name says how; a value that
/// replaces one of a preset drops the source noted for it. Constants that follow from others by the rule noted as their source (the
/// energies of the buffer from its size, static power from the memory, the clock of the network from that of the nodes) follow the
/// new values; in YAML they are derived, and a number in place of that word overrides the rule.
///
/// Files of other tools are known by their content: configurations of SCALE-Sim, accelerators of ZigZag, and those of Stream whose equal
/// cores form a mesh or a torus. Sources say which values are the file's; Notes, and -Verbose, say what of it has no place here.
/// </remarks>
/// <example>
/// <summary>The reference array.</summary>
/// <code>New-PimArray -Preset stack-16x16</code>
/// </example>
/// <example>
/// <summary>The nodes and links of the reference array, in a smaller grid.</summary>
/// <code>New-PimArray -Rows 8 -Columns 16</code>
/// </example>
/// <example>
/// <summary>The reference array with other amounts of memory in each node.</summary>
/// <code>2MB, 4MB, 8MB | ForEach-Object { New-PimArray stack-16x16 -NodeMemoryBytes $_ -Name "stack-$($_ / 1MB)MiB" }</code>
/// </example>
/// <example>
/// <summary>An array of one's own, from a file that began as a preset.</summary>
/// <code>
/// New-PimArray stack-8x8 | Export-PimArray -Path my-stack.yaml
/// New-PimArray -Path my-stack.yaml
/// </code>
/// </example>
/// <example>
/// <summary>The array of a SCALE-Sim configuration, and sixteen of them in a mesh.</summary>
/// <code>
/// if (Test-Path scale.cfg) {
///     $one = New-PimArray -Path scale.cfg -Verbose
///     New-PimArray -Rows 4 -Columns 4 -BasedOn $one
/// }
/// </code>
/// </example>
[Cmdlet(VerbsCommon.New, "PimArray", DefaultParameterSetName = PresetSet)]
[OutputType(typeof(PimArray))]
public sealed class NewPimArrayCommand : AllsparkCommand
{
    private const string PresetSet = "Preset";
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";
    private const string SizeSet = "Size";

    private readonly Setting<Topology> topology = new(Topology.Mesh);

    /// <summary>Names of presets; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = PresetSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ArrayNameCompleter))]
    public string[] Preset { get; set; } = [];

    /// <summary>Files: our own YAML, SCALE-Sim's .cfg, accelerators of ZigZag and Stream; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = PathSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>YAML files, by their exact names: wildcards and brackets are letters of them.</summary>
    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Rows of nodes.</summary>
    [Parameter(ParameterSetName = SizeSet, Mandatory = true)]
    [ValidateRange(1, PimArrayYaml.LongestSide)]
    public int Rows { get; set; }

    /// <summary>Columns of nodes.</summary>
    [Parameter(ParameterSetName = SizeSet, Mandatory = true)]
    [ValidateRange(1, PimArrayYaml.LongestSide)]
    public int Columns { get; set; }

    /// <summary>The array that gives nodes, links and energies: a preset's name, or an array.</summary>
    /// <value>stack-16x16</value>
    [Parameter(ParameterSetName = SizeSet)]
    [ArrayTransformation]
    [ArgumentCompleter(typeof(ArrayNameCompleter))]
    public PimArray? BasedOn { get; set; }

    /// <summary>The array's name.</summary>
    /// <value>that of the preset or file, or custom-RxC</value>
    [Parameter]
    [ValidatePattern("^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$")]
    public string? Name { get; set; }

    /// <summary>Memory of a node, in bytes.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    [ValidateRange(1L << 10, 1L << 40)]
    public long NodeMemoryBytes { get; set; }

    /// <summary>Buffer of a node, in bytes.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    [ValidateRange(1L, 1L << 30)]
    public long BufferBytes { get; set; }

    /// <summary>Bandwidth of a node to its memory, in bytes per second.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    [ValidateRange(1e6, 1e14)]
    public double MemoryBandwidthBytesPerSecond { get; set; }

    /// <summary>Clock of the nodes, in hertz.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    [ValidateRange(1e6, 2e10)]
    public double ClockHertz { get; set; }

    /// <summary>Width of a link between nodes, in bytes per cycle.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    [ValidateRange(1, 1 << 16)]
    public int LinkBytesPerCycle { get; set; }

    /// <summary>How the nodes are wired.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    public Topology Topology
    {
        get => topology.Value;
        set => topology.Value = value;
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        switch (ParameterSetName)
        {
            case PathSet:
            case LiteralPathSet:
                ForEachFile([.. Path, .. LiteralPath], ParameterSetName == LiteralPathSet, Read);
                break;
            case SizeSet:
                ForItem(BasedOn, () => WriteObject(Adjust(PimArray.Create(Rows, Columns, BasedOn ?? ArrayCatalog.Get("stack-16x16")))));
                break;
            default:
                foreach (var preset in Preset)
                {
                    ForItem(preset, () =>
                    {
                        foreach (var name in NamePattern.Expand(preset, "array preset", ArrayCatalog.Names))
                            WriteObject(Adjust(ArrayCatalog.Get(name)));
                    });
                }


                break;
        }
    }

    private void Read(string file)
    {
        var array = Adjust(ArrayImport.ReadFile(file));
        foreach (var note in array.Notes)
            WriteVerbose(note);
        WriteObject(array);
    }

    private PimArray Adjust(PimArray array)
    {
        var given = new HashSet<string>(StringComparer.Ordinal);
        var (node, links) = (array.Node, array.InterconnectSpec);
        if (Replaced(nameof(NodeMemoryBytes), "node.memory"))
            node = node with { MemoryBytes = NodeMemoryBytes };
        if (Replaced(nameof(BufferBytes), "node.buffer"))
            node = node with { BufferBytes = BufferBytes };
        if (Replaced(nameof(MemoryBandwidthBytesPerSecond), "node.bandwidth"))
            node = node with { MemoryBandwidthBytesPerSecond = MemoryBandwidthBytesPerSecond };
        if (Replaced(nameof(ClockHertz), "node.clock"))
            node = node with { ClockHertz = ClockHertz };
        if (Replaced(nameof(LinkBytesPerCycle), "interconnect.link"))
            links = links with { LinkBytesPerCycle = LinkBytesPerCycle };
        if (Replaced(nameof(Topology), "interconnect.topology"))
            links = links with { Topology = Topology };
        return array.Revised(array with { Node = node, InterconnectSpec = links }, given, Name);

        bool Replaced(string parameter, string key) => Given(parameter) && given.Add(key);
    }
}
