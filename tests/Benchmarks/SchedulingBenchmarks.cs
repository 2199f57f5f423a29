using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Scheduling;
using BenchmarkDotNet.Attributes;

namespace Benchmarks;

/// <summary>From a network to a proven schedule on the reference array.</summary>
[ShortRunJob]
public class SchedulingBenchmarks
{
    private Workload workload = null!;
    private Scheduler warm = null!;

    /// <summary>The network.</summary>
    [Params("swin_t", "swin_b", "vit_b_16")]
    public string Model { get; set; } = "";

    /// <summary>Prepares a scheduler that has costed the machine before.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        workload = Partitioner.Split(ModelCatalog.Get(Model), ArrayCatalog.Get("stack-16x16"));
        warm = new Scheduler();
        warm.Schedule(workload, new ExactSolver());
    }

    /// <summary>Splitting the network.</summary>
    [Benchmark]
    public Workload Split() => Partitioner.Split(workload.Model, workload.Array);

    /// <summary>Scheduling exactly, costs and placement included, nothing known of the machine.</summary>
    [Benchmark]
    public Schedule ExactFirst() => new Scheduler().Schedule(workload, new ExactSolver());

    /// <summary>Scheduling exactly on a machine that was costed before.</summary>
    [Benchmark]
    public Schedule ExactAgain() => warm.Schedule(workload, new ExactSolver());

    /// <summary>Scheduling greedily on a machine that was costed before.</summary>
    [Benchmark]
    public Schedule GreedyAgain() => warm.Schedule(workload, new GreedySolver());
}
