using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Scheduling;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Engines;

namespace Benchmarks;

/// <summary>The same program proven by Exact and by CP-SAT, in one run: from the program, which is there, to the proof.</summary>
[SimpleJob(RunStrategy.Monitoring, launchCount: 1, warmupCount: 1, iterationCount: 3)]
public class SolverBenchmarks
{
    private ScheduleProgram program = null!;

    /// <summary>The network.</summary>
    [Params("swin_t", "vit_b_16")]
    public string Model { get; set; } = "";

    /// <summary>The array.</summary>
    [Params("stack-4x4", "stack-8x8", "stack-16x16")]
    public string Array { get; set; } = "";

    /// <summary>The part of the nodes' memory that there is: all or a quarter.</summary>
    [Params(1, 4)]
    public int MemoryDivisor { get; set; }

    /// <summary>Writes the program.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        var array = ArrayCatalog.Get(Array);
        array = array with { Node = array.Node with { MemoryBytes = array.Node.MemoryBytes / MemoryDivisor } };
        var workload = Partitioner.Split(ModelCatalog.Get(Model), array);
        program = ProgramBuilder.Build(workload, new Scheduler().Machine(workload));
    }

    /// <summary>By label setting.</summary>
    [Benchmark(Baseline = true)]
    public SolverResult Exact() => Proven(new ExactSolver());

    /// <summary>By CP-SAT.</summary>
    [Benchmark]
    public SolverResult OrTools() => Proven(new OrToolsSolver());

    private SolverResult Proven(IScheduleSolver solver)
    {
        var result = solver.Solve(program, new SolverSettings(), CancellationToken.None);
        return result.Report.Status == SolverStatus.Optimal
            ? result
            : throw new InvalidOperationException($"{solver.Name} proved nothing.");
    }
}
