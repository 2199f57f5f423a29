using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Scheduling;
using BenchmarkDotNet.Attributes;

namespace Benchmarks;

/// <summary>Scheduling to the proof where it is hardest: large arrays, tight memory, long networks; nothing known of the machine.</summary>
[ShortRunJob]
public class StressBenchmarks
{
    private Workload workload = null!;

    /// <summary>Network, rows and columns of nodes like those of stack-16x16, and the part of their memory that there is.</summary>
    [Params("vit_h_14 32x32/1", "vit_h_14 32x32/4", "swin_l 32x32/1", "vit_h_14 64x64/1", "swin_b 64x64/1", "cswin_b 16x16/4", "pcpvt_l 16x16/1", "densenet121 8x8/2")]
    public string Case { get; set; } = "";

    /// <summary>Splits the network.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        var parts = Case.Split(' ', 'x', '/');
        var array = PimArray.Create(Number(1), Number(2), ArrayCatalog.Get("stack-16x16"));
        array = array with { Node = array.Node with { MemoryBytes = array.Node.MemoryBytes / Number(3) } };
        workload = Partitioner.Split(ModelCatalog.Get(parts[0]), array);

        int Number(int part) => int.Parse(parts[part], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Costs, program and proof.</summary>
    [Benchmark]
    public Schedule Exact() => new Scheduler().Schedule(workload, new ExactSolver());
}
