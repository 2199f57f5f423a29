using System.Management.Automation;
using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.PowerShell.Completion;
using Allspark.PowerShell.Parameters;

namespace Allspark.PowerShell.Commands;

/// <summary>Measures matrix products on one node, one by itself or all of a network: cycles, utilisation and memory traffic.</summary>
/// <remarks>
/// The product is inputs M x K times weights K x N into outputs M x N. Cycles are those of a systolic array of -Rows by -Columns
/// multipliers under a stationary dataflow, as SCALE-Sim counts them (it reports one less: its cycles count from zero). Traffic is
/// what the best tiling into the buffer leaves. What is not given of the node is as in stack-16x16, or in -Array.
///
/// A network from the pipeline gives a row for each matrix product, in execution order, as SCALE-Sim does for each layer: groups of a
/// convolution and the heads and windows of an attention are counted in Count and are computed one after another. The columns of
/// SCALE-Sim's reports are there under their own names; ComputeReport, BandwidthReport and AccessReport select them.
/// </remarks>
/// <example>
/// <summary>The feed-forward product of a block on an 8 x 8 array, under its best dataflow.</summary>
/// <code>Measure-PimGemm -M 3136 -K 96 -N 384 -Rows 8 -Columns 8</code>
/// </example>
/// <example>
/// <summary>The three dataflows.</summary>
/// <code>
/// 'WeightStationary', 'OutputStationary', 'InputStationary' |
///     ForEach-Object { Measure-PimGemm -M 49 -K 96 -N 288 -Rows 16 -Columns 16 -Dataflow $_ }
/// </code>
/// </example>
/// <example>
/// <summary>How traffic falls as the buffer grows.</summary>
/// <code>16KB, 64KB, 256KB | ForEach-Object { Measure-PimGemm 197 768 3072 -Array stack-16x16 -BufferBytes $_ } | Select-Object BufferBytes, DramBytes</code>
/// </example>
/// <example>
/// <summary>The layers of a SCALE-Sim topology on the array of a SCALE-Sim configuration, as its own report has them.</summary>
/// <code>
/// if (Test-Path resnet.csv) {
///     Import-DnnModel resnet.csv | Measure-PimGemm -Array (New-PimArray -Path scale.cfg) | Select-Object ComputeReport | Export-Csv report.csv
/// }
/// </code>
/// </example>
/// <example>
/// <summary>Where the cycles of a network go.</summary>
/// <code>Get-DnnModel swin_t | Measure-PimGemm -Rows 16 -Columns 16 | Sort-Object Cycles -Descending | Select-Object -First 5</code>
/// </example>
[Cmdlet(VerbsDiagnostic.Measure, "PimGemm")]
[OutputType(typeof(GemmMeasurement))]
public sealed class MeasurePimGemmCommand : AllsparkCommand
{
    private const string SizeSet = "Size";
    private const string ArraySet = "Array";
    private const string LayerView = "Allspark.PowerShell.Commands.GemmMeasurement#Layer";
    private const string ModelSizeSet = "ModelSize";
    private const string ModelArraySet = "ModelArray";

    private readonly Setting<Dataflow> dataflow = new(Dataflow.Best);
    private readonly Setting<Precision> precision = new(Precision.Fp16);

    /// <summary>Networks: presets' names, or networks.</summary>
    [Parameter(ParameterSetName = ModelSizeSet, Mandatory = true, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = ModelArraySet, Mandatory = true, ValueFromPipeline = true)]
    [ModelTransformation]
    [ArgumentCompleter(typeof(ModelNameCompleter))]
    public DnnModel Model { get; set; } = null!;

    /// <summary>Rows of the inputs: the tokens.</summary>
    [Parameter(ParameterSetName = SizeSet, Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ArraySet, Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, int.MaxValue)]
    public int M { get; set; }

    /// <summary>The length that is summed over: the input channels.</summary>
    [Parameter(ParameterSetName = SizeSet, Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ArraySet, Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, int.MaxValue)]
    public int K { get; set; }

    /// <summary>Columns of the weights: the output channels.</summary>
    [Parameter(ParameterSetName = SizeSet, Mandatory = true, Position = 2, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ArraySet, Mandatory = true, Position = 2, ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, int.MaxValue)]
    public int N { get; set; }

    /// <summary>Rows of multipliers.</summary>
    [Parameter(ParameterSetName = SizeSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ModelSizeSet, Mandatory = true)]
    [ValidateRange(1, 1024)]
    public int Rows { get; set; }

    /// <summary>Columns of multipliers.</summary>
    [Parameter(ParameterSetName = SizeSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ModelSizeSet, Mandatory = true)]
    [ValidateRange(1, 1024)]
    public int Columns { get; set; }

    /// <summary>The array whose node is measured: a preset's name, or an array.</summary>
    [Parameter(ParameterSetName = ArraySet, Mandatory = true)]
    [Parameter(ParameterSetName = ModelArraySet, Mandatory = true)]
    [ArrayTransformation]
    [ArgumentCompleter(typeof(ArrayNameCompleter))]
    public PimArray Array { get; set; } = null!;

    /// <summary>The operand that stays in the array; the fastest choice if omitted.</summary>
    /// <value>Best</value>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public Dataflow Dataflow
    {
        get => dataflow.Value;
        set => dataflow.Value = value;
    }

    /// <summary>The number format; that of a network, and 16-bit floating point for a product by itself, if omitted.</summary>
    /// <value>Fp16, or that of the network</value>
    [Parameter]
    public Precision Precision
    {
        get => precision.Value;
        set => precision.Value = value;
    }

    /// <summary>Buffer of the node, in bytes.</summary>
    /// <value>as in stack-16x16, or in -Array</value>
    [Parameter]
    [ValidateRange(1L, 1L << 30)]
    public long BufferBytes { get; set; }

    /// <summary>Bandwidth of the node to its memory, in bytes per second.</summary>
    /// <value>as in stack-16x16, or in -Array</value>
    [Parameter]
    [ValidateRange(1e6, 1e14)]
    public double MemoryBandwidthBytesPerSecond { get; set; }

    /// <summary>Clock of the node, in hertz.</summary>
    /// <value>as in stack-16x16, or in -Array</value>
    [Parameter]
    [ValidateRange(1e6, 2e10)]
    public double ClockHertz { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var node = Node();
        if (ParameterSetName is ModelSizeSet or ModelArraySet)
        {
            ForItem(Model, () => MeasureModel(node));
            return;
        }

        var gemm = new Gemm(M, K, N);
        ForItem(gemm, () => WriteObject(Run($"{M} × {K} × {N}", _ => Measurement(
            new LayerProduct("", "", 1, gemm), 0, null, node, precision.Value, new GemmModel(node, precision.Value.Bytes())))));
    }

    private void MeasureModel(NodeSpec node)
    {
        var format = MyInvocation.BoundParameters.ContainsKey(nameof(Precision)) ? precision.Value : Model.Precision;
        var gemms = new GemmModel(node, format.Bytes());
        foreach (var (index, product) in LayerProducts.Of(Model).Index())
        {
            var row = PSObject.AsPSObject(Run($"{Model.Name}: {product.Layer} {product.Operation}", _ => Measurement(product, index, Model.Name, node, format, gemms)));
            row.TypeNames.Insert(0, LayerView);
            WriteObject(row);
        }
    }

    private GemmMeasurement Measurement(LayerProduct product, int index, string? model, NodeSpec node, Precision format, GemmModel gemms) =>
        new(product, index, model, format, node, gemms.Evaluate(product.Gemm, Dataflow));

    private NodeSpec Node()
    {
        var node = ParameterSetName is ArraySet or ModelArraySet
            ? Array.Node
            : ArrayCatalog.Get("stack-16x16").Node with { ArrayRows = Rows, ArrayColumns = Columns };
        if (Given(nameof(BufferBytes)))
            node = node with { BufferBytes = BufferBytes };
        if (Given(nameof(MemoryBandwidthBytesPerSecond)))
            node = node with { MemoryBandwidthBytesPerSecond = MemoryBandwidthBytesPerSecond };
        return Given(nameof(ClockHertz)) ? node with { ClockHertz = ClockHertz } : node;
    }
}
