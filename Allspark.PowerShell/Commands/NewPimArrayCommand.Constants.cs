using System.Management.Automation;
using Allspark.Engine.Hardware;
using Allspark.PowerShell.Parameters;

namespace Allspark.PowerShell.Commands;

/// <content>The constants of an array, each by its key in the YAML; none is replaced that is not given.</content>
public sealed partial class NewPimArrayCommand
{
    private const int MostCycles = 1_000_000;

    /// <summary>Rows of multipliers in the compute array of a node.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    [ArrayKey("node.arrayRows")]
    [ValidateRange(1, 1024)]
    public int ArrayRows { get; set; }

    /// <summary>Columns of multipliers in the compute array of a node.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    [ArrayKey("node.arrayColumns")]
    [ValidateRange(1, 1024)]
    public int ArrayColumns { get; set; }

    /// <summary>Dataflows that the compute array can run; each product takes the fastest of them.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    [ArrayKey("node.dataflows")]
    [ValidateNotNullOrEmpty]
    [ValidateSet("WeightStationary", "OutputStationary", "InputStationary")]
    public Dataflow[] Dataflow { get; set; } = [];

    /// <summary>Vector operations of a node per cycle.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    [ArrayKey("node.vectorLanes")]
    [ValidateRange(1, 4096)]
    public int VectorLanes { get; set; }

    /// <summary>Buffer of a node, in bytes.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    [ArrayKey("node.buffer")]
    [ValidateRange(1L, 1L << 30)]
    public long BufferBytes { get; set; }

    /// <summary>Memory of a node, in bytes.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    [ArrayKey("node.memory")]
    [ValidateRange(1L << 10, 1L << 40)]
    public long NodeMemoryBytes { get; set; }

    /// <summary>Bandwidth of a node to its memory, in bytes per second.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    [ArrayKey("node.bandwidth")]
    [ValidateRange(1e6, 1e14)]
    public double MemoryBandwidthBytesPerSecond { get; set; }

    /// <summary>Clock of the nodes, in hertz.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    [ArrayKey("node.clock")]
    [ValidateRange(1e6, 2e10)]
    public double ClockHertz { get; set; }

    /// <summary>Clock period of the memory (tCK), in seconds.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    [ArrayKey("node.dram.clockPeriod")]
    [ValidateRange(1e-11, 1e-6)]
    public double DramClockPeriodSeconds { get; set; }

    /// <summary>From activating a row of the memory to reading it (tRCD), in its cycles.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    [ArrayKey("node.dram.rowToColumn")]
    [ValidateRange(0, MostCycles)]
    public int DramRowToColumnCycles { get; set; }

    /// <summary>Closing a row of the memory (tRP), in its cycles.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    [ArrayKey("node.dram.precharge")]
    [ValidateRange(0, MostCycles)]
    public int DramPrechargeCycles { get; set; }

    /// <summary>From a read of the memory to its first data (CL), in its cycles.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    [ArrayKey("node.dram.casLatency")]
    [ValidateRange(0, MostCycles)]
    public int DramCasLatencyCycles { get; set; }

    /// <summary>Shortest time that a row of the memory stays open (tRAS), in its cycles.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    [ArrayKey("node.dram.rowActive")]
    [ValidateRange(0, MostCycles)]
    public int DramRowActiveCycles { get; set; }

    /// <summary>From one refresh of the memory to the next (tREFI), in its cycles.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    [ArrayKey("node.dram.refreshInterval")]
    [ValidateRange(0, MostCycles)]
    public int DramRefreshIntervalCycles { get; set; }

    /// <summary>What a refresh of the memory takes (tRFC), in its cycles; less than the interval.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    [ArrayKey("node.dram.refresh")]
    [ValidateRange(0, MostCycles)]
    public int DramRefreshCycles { get; set; }

    /// <summary>An open row of the memory, in bytes.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    [ArrayKey("node.dram.row")]
    [ValidateRange(16, 1 << 20)]
    public int DramRowBytes { get; set; }

    /// <summary>Banks in which a node can have rows open.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    [ArrayKey("node.dram.banks")]
    [ValidateRange(1, 4096)]
    public int DramBanks { get; set; }

    /// <summary>How the nodes are wired.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    [ArrayKey("interconnect.topology")]
    public Topology Topology
    {
        get => topology.Value;
        set => topology.Value = value;
    }

    /// <summary>Width of a link between nodes, in bytes per cycle.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    [ArrayKey("interconnect.link")]
    [ValidateRange(1, 1 << 16)]
    public int LinkBytesPerCycle { get; set; }

    /// <summary>Clock of the network between the nodes, in hertz.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    [Alias("NocClockHertz")]
    [ArrayKey("interconnect.clock")]
    [ValidateRange(1e6, 2e10)]
    public double InterconnectClockHertz { get; set; }

    /// <summary>Route computation in a router, in cycles of the network.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    [ArrayKey("interconnect.route")]
    [ValidateRange(0, MostCycles)]
    public int RouteCycles { get; set; }

    /// <summary>Allocation of a virtual channel in a router, in cycles of the network.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    [ArrayKey("interconnect.virtualChannelAllocation")]
    [ValidateRange(0, MostCycles)]
    public int VirtualChannelAllocationCycles { get; set; }

    /// <summary>Allocation of the switch in a router, in cycles of the network.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    [ArrayKey("interconnect.switchAllocation")]
    [ValidateRange(0, MostCycles)]
    public int SwitchAllocationCycles { get; set; }

    /// <summary>Traversal of the switch in a router, in cycles of the network.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    [ArrayKey("interconnect.traversal")]
    [ValidateRange(0, MostCycles)]
    public int TraversalCycles { get; set; }

    /// <summary>Traversal of a link, in cycles of the network.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    [ArrayKey("interconnect.linkTraversal")]
    [ValidateRange(0, MostCycles)]
    public int LinkTraversalCycles { get; set; }

    /// <summary>Virtual channels of a router's input port.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    [ArrayKey("interconnect.virtualChannels")]
    [ValidateRange(1, 64)]
    public int VirtualChannels { get; set; }

    /// <summary>Flits that a virtual channel buffers.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    [ArrayKey("interconnect.bufferFlits")]
    [ValidateRange(1, 4096)]
    public int BufferFlits { get; set; }

    /// <summary>A flit, in bytes.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    [ArrayKey("interconnect.flit")]
    [ValidateRange(1, 1 << 16)]
    public int FlitBytes { get; set; }

    /// <summary>Energy of an int8 multiply-accumulate, in joules.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    [ArrayKey("energy.macInt8")]
    [ValidateRange(0.0, 1e-6)]
    public double MacInt8Joules { get; set; }

    /// <summary>Energy of an fp16 multiply-accumulate, in joules.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    [ArrayKey("energy.macFp16")]
    [ValidateRange(0.0, 1e-6)]
    public double MacFp16Joules { get; set; }

    /// <summary>Energy of an fp32 multiply-accumulate, in joules.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    [ArrayKey("energy.macFp32")]
    [ValidateRange(0.0, 1e-6)]
    public double MacFp32Joules { get; set; }

    /// <summary>Energy of an operation of a vector lane, in joules.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    [ArrayKey("energy.vectorOperation")]
    [ValidateRange(0.0, 1e-6)]
    public double VectorOperationJoules { get; set; }

    /// <summary>Energy of reading from a buffer, in joules per bit.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    [ArrayKey("energy.sramRead")]
    [ValidateRange(0.0, 1e-8)]
    public double SramReadJoulesPerBit { get; set; }

    /// <summary>Energy of writing to a buffer, in joules per bit.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    [ArrayKey("energy.sramWrite")]
    [ValidateRange(0.0, 1e-8)]
    public double SramWriteJoulesPerBit { get; set; }

    /// <summary>Energy of reading or writing the memory of a node, in joules per bit.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    [ArrayKey("energy.dram")]
    [ValidateRange(0.0, 1e-8)]
    public double DramJoulesPerBit { get; set; }

    /// <summary>Energy of a transfer from or to outside the stack, in joules per bit.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    [ArrayKey("energy.offStack")]
    [ValidateRange(0.0, 1e-8)]
    public double OffStackJoulesPerBit { get; set; }

    /// <summary>Energy of a hop, router and link, in joules per bit.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    [ArrayKey("energy.hop")]
    [ValidateRange(0.0, 1e-8)]
    public double HopJoulesPerBit { get; set; }

    /// <summary>What a node draws even when idle, in watts.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    [ArrayKey("energy.staticPower")]
    [ValidateRange(0.0, 1000.0)]
    public double StaticPowerWatts { get; set; }

    /// <summary>Nodes with a port to the outside, each as 'row,column' from 0; or the word corners.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    [ArrayKey("io.ports")]
    [ValidateNotNullOrEmpty]
    public string[] IoPort { get; set; } = [];

    /// <summary>Bandwidth of all ports to the outside together, in bytes per second.</summary>
    /// <value>as in the preset or file</value>
    [Parameter]
    [Alias("OffStackBandwidthBytesPerSecond")]
    [ArrayKey("io.bandwidth")]
    [ValidateRange(1e6, 1e14)]
    public double IoBandwidthBytesPerSecond { get; set; }
}
