using System.Globalization;
using System.Management.Automation;
using System.Reflection;
using Allspark.Engine.Hardware;
using Allspark.Engine.Hardware.Peers;
using Allspark.Engine.Models;
using Allspark.PowerShell.Completion;
using Allspark.PowerShell.Errors;
using Allspark.PowerShell.Parameters;

namespace Allspark.PowerShell.Commands;

/// <summary>Makes a processing-in-memory array: from a preset, from a YAML file, or of a given size.</summary>
/// <remarks>
/// An array is a grid of equal nodes, each with compute, a buffer and its own memory, the network between them, energies, and the
/// way in and out. An array that differs from its preset or file in any parameter is named anew, unless -Name says how; a value that
/// replaces one of a preset drops the source noted for it. Constants that follow from others by the rule noted as their source (the
/// energies of the buffer from its size, static power from the memory, the clock of the network from that of the nodes) follow the
/// new values; in YAML they are derived, and a number in place of that word overrides the rule, as the parameter for such a constant does.
/// The parameters are named as the keys of the YAML, with the unit; docs/cmdlets.md has the table.
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
/// <summary>What a wider compute array, a slower network and ports in the middle of two sides do to the latency of a network.</summary>
/// <code>
/// $arrays = @(
///     New-PimArray stack-4x4
///     New-PimArray stack-4x4 -ArrayRows 32 -ArrayColumns 32 -Name wide
///     New-PimArray stack-4x4 -InterconnectClockHertz 0.25e9 -Name slow-network
///     New-PimArray stack-4x4 -IoPort '1,0', '2,3' -Name side-ports
/// )
/// Split-VitWorkload deit_ti $arrays | Invoke-AllsparkSchedule | Measure-PimInference
/// </code>
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
public sealed partial class NewPimArrayCommand : AllsparkCommand
{
    private const string PresetSet = "Preset";
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";
    private const string SizeSet = "Size";

    private readonly Setting<Topology> topology = new(Topology.Mesh);
    private Dictionary<string, object> constants = [];

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

    /// <inheritdoc/>
    protected override void BeginProcessing() => constants = Require(IoPort, Constants);

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

    private PimArray Adjust(PimArray array) => ArrayRevision.With(array, constants, Name);

    // Those that were given, by their keys.
    private Dictionary<string, object> Constants() => GetType().GetProperties()
        .Select(property => (property.GetCustomAttribute<ArrayKeyAttribute>()?.Key, property))
        .Where(pair => pair.Key is not null && Given(pair.property.Name))
        .ToDictionary(pair => pair.Key!, pair => pair.property.Name == nameof(IoPort) ? Ports(IoPort) : pair.property.GetValue(this)!);

    private static GridPosition[] Ports(string[] ports) => ports is [var word] && word.Equals("corners", StringComparison.OrdinalIgnoreCase)
        ? []
        : System.Array.ConvertAll(ports, static port =>
        {
            var sides = port.Split(',');
            return sides.Length == 2 && Side(sides[0]) is { } row && Side(sides[1]) is { } column
                ? new GridPosition(row, column)
                : throw new CommandException(
                    "InvalidArgument", ErrorCategory.InvalidArgument, $"'{port}' is no node. Write its row and column from 0 in quotes, as in -IoPort '0,0', '0,15'.");
        });

    private static int? Side(string text) => int.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var side)
        ? side
        : null;
}
