using System.Globalization;
using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.PowerShell.Parameters;

namespace Allspark.PowerShell.Commands;

/// <summary>A matrix product measured on one node; several equal ones of a layer, one after another, are one measurement.</summary>
public sealed class GemmMeasurement
{
    private readonly LayerProduct product;
    private readonly Setting<Precision> precision;
    private readonly Setting<GemmCost> cost;
    private readonly NodeSpec node;
    private readonly SystolicReport report;

    internal GemmMeasurement(LayerProduct product, int layerID, string? model, Precision precision, NodeSpec node, GemmCost cost)
    {
        (this.product, this.precision, this.node, this.cost) = (product, new(precision), node, new(cost));
        (LayerID, Model) = (layerID, model);
        report = new SystolicReport(product.Gemm, cost.Dataflow, node.ArrayRows, node.ArrayColumns);
    }

    /// <summary>The network's name; nothing for a product by itself.</summary>
    public string? Model { get; }

    /// <summary>The row's number among those of its network, from 0.</summary>
    public int LayerID { get; }

    /// <summary>The layer's name; empty for a product by itself.</summary>
    public string Layer => product.Layer;

    /// <summary>What of the layer it is; empty where the layer is this product alone.</summary>
    public string Operation => product.Operation;

    /// <summary>How many equal products there are: groups of a convolution, heads and windows of an attention.</summary>
    public int Count => product.Count;

    /// <summary>Rows of the inputs.</summary>
    public int M => product.Gemm.M;

    /// <summary>The length that is summed over.</summary>
    public int K => product.Gemm.K;

    /// <summary>Columns of the weights.</summary>
    public int N => product.Gemm.N;

    /// <summary>Count·M·K·N.</summary>
    public long Macs => product.Macs;

    /// <summary>Rows of multipliers.</summary>
    public int Rows => node.ArrayRows;

    /// <summary>Columns of multipliers.</summary>
    public int Columns => node.ArrayColumns;

    /// <summary>Buffer of the node.</summary>
    public long BufferBytes => node.BufferBytes;

    /// <summary>The number format.</summary>
    public Precision Precision => precision.Value;

    /// <summary>The dataflow that was asked for, or that was fastest.</summary>
    public Dataflow Dataflow => cost.Value.Dataflow;

    /// <summary>Cycles of the compute array, over all products.</summary>
    public long Cycles => checked(Count * cost.Value.ComputeCycles);

    /// <summary>MACs over those that the array could have done in <see cref="Cycles"/>.</summary>
    public double Utilization => cost.Value.Utilization;

    /// <summary>The part of the array that holds something, the mean over the fillings.</summary>
    public double MappingEfficiency => report.MappingEfficiency;

    /// <summary>Memory traffic of the inputs.</summary>
    public long InputBytes => checked(Count * cost.Value.InputBytes);

    /// <summary>Memory traffic of the weights.</summary>
    public long WeightBytes => checked(Count * cost.Value.WeightBytes);

    /// <summary>Memory traffic of the outputs, partial sums included.</summary>
    public long OutputBytes => checked(Count * cost.Value.OutputBytes);

    /// <summary>All memory traffic.</summary>
    public long DramBytes => checked(Count * cost.Value.DramBytes);

    /// <summary>All traffic of the buffer.</summary>
    public long SramBytes => checked(Count * cost.Value.SramBytes);

    /// <summary>Time of the compute array alone.</summary>
    public double ComputeSeconds => Count * cost.Value.ComputeSeconds;

    /// <summary>Time of the memory traffic alone.</summary>
    public double MemorySeconds => Count * cost.Value.MemorySeconds;

    /// <summary>Time of the first tile, which nothing overlaps.</summary>
    public double FillSeconds => Count * cost.Value.FillSeconds;

    /// <summary>Time in all: the larger of compute and memory time, and the fill.</summary>
    public double LatencySeconds => Count * cost.Value.Seconds;

    // What SCALE-Sim's columns are called after: Formats/Gemm.types.ps1xml names them as it does.

    /// <summary>Cycles as SCALE-Sim counts them, from zero for each product.</summary>
    public long ScaleSimCycles => checked(Count * report.Cycles);

    /// <summary>Cycles that the array waits for memory.</summary>
    public long StallCycles => (long)Math.Ceiling((LatencySeconds - ComputeSeconds) * node.ClockHertz);

    /// <summary>MACs over those of <see cref="ScaleSimCycles"/>.</summary>
    public double OverallUtilization => report.OverallUtilization;

    /// <summary>The part of the array that multiplies, the mean over the cycles of a filling.</summary>
    public double ComputeUtilization => report.ComputeUtilization;

    /// <summary>Words of inputs that the array reads from the buffer.</summary>
    public long SramInputReads => checked(Count * report.InputReads);

    /// <summary>Words of weights that the array reads from the buffer.</summary>
    public long SramFilterReads => checked(Count * report.FilterReads);

    /// <summary>Words of outputs and partial sums that the array writes to the buffer.</summary>
    public long SramOutputWrites => checked(Count * report.OutputWrites);

    /// <summary>Words of inputs read from memory.</summary>
    public long DramInputReads => InputBytes / Precision.Bytes();

    /// <summary>Words of weights read from memory.</summary>
    public long DramFilterReads => WeightBytes / Precision.Bytes();

    /// <summary>Words of outputs moved to and from memory.</summary>
    public long DramOutputWrites => OutputBytes / Precision.Bytes();

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{M} × {K} × {N}: {Cycles} cycles");
}
