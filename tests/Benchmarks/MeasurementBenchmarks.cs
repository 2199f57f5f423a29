using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Scheduling;
using Allspark.Engine.Simulation;
using Allspark.Engine.Verification;
using BenchmarkDotNet.Attributes;

namespace Benchmarks;

/// <summary>Measuring and checking a schedule of swin_b on the reference array.</summary>
[ShortRunJob]
public class MeasurementBenchmarks
{
    private Schedule schedule = null!;
    private MachineModel machine = null!;

    /// <summary>Schedules the network.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        var scheduler = new Scheduler();
        var workload = Partitioner.Split(ModelCatalog.Get("swin_b"), ArrayCatalog.Get("stack-16x16"));
        schedule = scheduler.Schedule(workload, new GreedySolver());
        machine = scheduler.Machine(workload);
    }

    /// <summary>By closed forms.</summary>
    [Benchmark]
    public Measurement Analytic() => AnalyticSimulator.Measure(schedule, machine);

    /// <summary>By discrete events.</summary>
    [Benchmark]
    public Measurement Event() => EventSimulator.Measure(schedule, machine, CancellationToken.None);

    /// <summary>The legality checks that come before every measurement.</summary>
    [Benchmark]
    public LegalityReport Legality() => LegalityChecker.Check(schedule);
}
