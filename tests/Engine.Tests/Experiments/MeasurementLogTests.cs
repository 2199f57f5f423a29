using System.Text.Json;
using Allspark.Engine.Charts;
using Allspark.Engine.Experiments;
using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Scheduling;
using Allspark.Engine.Simulation;
using Xunit;

namespace Engine.Tests.Experiments;

[Trait("Speed", "Slow")]
public sealed class MeasurementLogTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static Measurement Measure(string model, PartitionScheme scheme)
    {
        var scheduler = new Scheduler();
        var workload = Partitioner.Split(ModelCatalog.Get(model), ArrayCatalog.Get("stack-16x16"), scheme);
        var schedule = scheduler.Schedule(workload, new GreedySolver());
        return AnalyticSimulator.Measure(schedule, scheduler.Machine(workload));
    }

    [Fact]
    public void ARunHoldsWhatWasMeasuredAndRepeatsToTheBit()
    {
        var measurement = Measure("swin_t", PartitionScheme.Allspark);
        using var store = RunStore.Open(folder.File("runs.db"), RunStoreMode.ReadWrite);
        var (logged, outcome) = store.Log(measurement, Samples.Here, DateTimeOffset.UtcNow, 0.1, "test");
        var (_, again) = store.Log(Measure("swin_t", PartitionScheme.Allspark), Samples.Here, DateTimeOffset.UtcNow, 0.2, "test");
        Assert.Equal((LogOutcome.Logged, LogOutcome.AlreadyLogged), (outcome, again));

        var run = Assert.Single(store.Runs());
        Assert.Equal(run.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), logged.RunId);
        Assert.Equal(("swin_t", "stack-16x16", "Allspark", "Analytic", "Greedy"), (run.Model, run.Array, run.Scheme, run.Fidelity, run.Solver));
        Assert.Equal((measurement.Model.ContentHash, measurement.Array.ContentHash), (run.ModelHash, run.ArrayHash));
        Assert.Equal(measurement.LatencySeconds, run.LatencySeconds);
        Assert.Equal(measurement.EnergyJoules, run.EnergyJoules);
        Assert.Equal(measurement.Schedule.Solver.SolveSeconds, run.SolveSeconds);
        Assert.Equal(measurement.Schedule.Solver.Objective, (long)run.Metrics[MetricName.SolverObjective]);

        var phases = store.Phases(run.Id);
        Assert.Equal(measurement.Phases.Count, phases.Count);
        Assert.Equal(measurement.Phases.Select(phase => phase.LatencySeconds), phases.Select(phase => phase.LatencySeconds));
        Assert.Equal(measurement.Schedule.Phases.Select(phase => phase.SharingDegree), phases.Select(phase => phase.SharingDegree!.Value));
        using var schedule = JsonDocument.Parse(store.Artifact(run.Id, "schedule.json")!);
        Assert.Equal(measurement.Phases.Count, schedule.RootElement.GetProperty("phases").GetArrayLength());
        using var document = JsonDocument.Parse(store.Artifact(run.Id, "measurement.json")!);
        Assert.NotEmpty(document.RootElement.GetProperty("heaviestLinks").EnumerateArray());
    }

    [Fact]
    public void EveryParameterThatDiffersIsInTheRun()
    {
        var array = ArrayCatalog.Get("stack-4x4");
        var slow = array.Revised(array with { Node = array.Node with { MemoryBandwidthBytesPerSecond = 5e9 } }, ["node.bandwidth"], array.Name);
        var text = ModelCatalog.Get("gpt3_xl", sequenceLength: 32);
        (DnnModel Model, PimArray Array, ScheduleObjective Objective)[] asked =
        [
            (text, array, ScheduleObjective.Latency),
            (ModelCatalog.Get("gpt3_xl", sequenceLength: 64), array, ScheduleObjective.Latency),
            (text with { Batch = 2 }, array, ScheduleObjective.Latency),
            (text with { Precision = Precision.Int8 }, array, ScheduleObjective.Latency),
            (text, slow, ScheduleObjective.Latency),
            (text, array, ScheduleObjective.Energy),
        ];
        using var store = RunStore.Open(folder.File("runs.db"), RunStoreMode.ReadWrite);
        foreach (var (model, machine, objective) in asked)
        {
            var scheduler = new Scheduler();
            var schedule = scheduler.Schedule(Partitioner.Split(model, machine), new GreedySolver(), null, objective);
            store.Log(AnalyticSimulator.Measure(schedule, scheduler.Machine(schedule.Workload)), Samples.Here, DateTimeOffset.UtcNow, 0);
        }

        var runs = store.Runs();
        Assert.Single(runs.Select(run => (run.Model, run.Array, run.Scheme, run.Fidelity, run.Solver)).Distinct());
        Assert.Equal([32L, 64L, 32L, 32L, 32L, 32L], runs.Select(run => run.Parameters["model.tokens"]));
        Assert.Equal([1L, 1L, 2L, 1L, 1L, 1L], runs.Select(run => run.Parameters["model.batch"]));
        Assert.Equal("Int8", runs[3].Parameters["model.precision"]);
        Assert.Equal([10e9, 10e9, 10e9, 10e9, 5e9, 10e9], runs.Select(run => run.Parameters["node.bandwidth"]));
        Assert.Equal("Energy", runs[5].Parameters["schedule.objective"]);
        Assert.Equal(6, runs.Select(run => string.Join(';', run.Parameters.OrderBy(parameter => parameter.Key))).Distinct().Count());
        Assert.All(ArrayParameter.Of(array), parameter => Assert.Equal(parameter.Value, runs[0].Parameters[parameter.Key]));

        var table = File.ReadAllLines(RunExport.Write(runs, folder.File("runs.csv")));
        Assert.Contains("\"model.tokens\"", table[0], StringComparison.Ordinal);
        Assert.Contains("\"node.bandwidth\"", table[0], StringComparison.Ordinal);
        using var json = JsonDocument.Parse(File.ReadAllText(RunExport.Write(runs, folder.File("runs.json"))));
        var bandwidth = json.RootElement[4].GetProperty("Parameters").GetProperty("node.bandwidth");
        Assert.Equal((5e9, "B/s"), (bandwidth.GetProperty("Value").GetDouble(), bandwidth.GetProperty("Unit").GetString()));
    }

    [Fact]
    public void ChartsOfMeasurementsAndOfTheirRunsAreTheSame()
    {
        Measurement[] measurements =
        [
            .. from model in (string[])["swin_t", "deit_s"]
               from scheme in (PartitionScheme[])[PartitionScheme.Allspark, PartitionScheme.TensorParallel]
               select Measure(model, scheme),
        ];
        using var store = RunStore.Open(folder.File("runs.db"), RunStoreMode.ReadWrite);
        foreach (var measurement in measurements)
            store.Log(measurement, Samples.Here, DateTimeOffset.UtcNow, 0);
        ResultPoint[] direct = [.. measurements.Select(ResultPoint.Of)];
        ResultPoint[] stored = [.. store.Runs().Select(ResultPoint.Of)];
        foreach (var point in direct)
        {
            var rows = BreakdownChart.Of([point]).Table.Rows;
            double Sum(int column) => rows.Select(row => row[column].Number).Where(double.IsFinite).Sum();
            Assert.Equal(point.LatencySeconds, Sum(5), point.LatencySeconds * 1e-9);
            Assert.Equal(point.EnergyJoules, Sum(6), point.EnergyJoules * 1e-9);
        }

        Assert.Equal(DataWriter.Json(BreakdownChart.Of(direct)), DataWriter.Json(BreakdownChart.Of(stored)));
        Assert.Equal(DataWriter.Json(Speedups(direct)), DataWriter.Json(Speedups(stored)));
        Assert.Equal("Latency", ResultPoint.Of(store.Runs()[0]).Figure("objective")!.Text);
        Assert.Equal("s", ResultPoint.Of(store.Runs()[0]).Figure("latencyseconds")!.Unit);
    }

    [Fact]
    public void AComparisonIsOfOneModelOnOneArray()
    {
        var swin = ResultPoint.Of(Measure("swin_t", PartitionScheme.Allspark));
        var deit = ResultPoint.Of(Measure("deit_s", PartitionScheme.TensorParallel));
        Assert.Throws<ArgumentException>(() => Comparison.Of(swin, deit));
        Assert.Throws<ArgumentException>(() => Comparison.Of(swin, GpuReference.Find("V100", "deit_s")!));
        Assert.Throws<ArgumentException>(() => Comparison.Of(swin with { Metrics = new Dictionary<string, double>() }, swin));
        Assert.Equal(1, Comparison.Of(swin, swin).Speedup);
        Assert.Equal(1, Comparison.Of(swin, swin).EnergyRatio);
    }

    private static ChartDescription Speedups(ResultPoint[] points) => SpeedupChart.Of(
        from result in points
        where result.Scheme == "Allspark"
        from comparison in points.Where(other => other.Model == result.Model && other.Scheme != result.Scheme).Select(other => Comparison.Of(result, other))
            .Concat(Comparison.Of(result, GpuReference.Find("V100", result.Model)!))
        select comparison);
}
