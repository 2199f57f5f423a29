using Allspark.Engine.Charts;
using Allspark.Engine.Experiments;
using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Scheduling;
using Allspark.Engine.Simulation;

namespace Engine.Tests.Charts;

/// <summary>Charts of every kind, of few and of many things, and of hostile names.</summary>
internal static class ChartSamples
{
    /// <summary>A name of 200 characters in four scripts, of which the typeface has two.</summary>
    public static readonly string LongName = string.Concat(Enumerable.Repeat("模型 модель نموذج very_long-name ", 8))[..200];

    private static readonly Lazy<Measurement> LazyEvents = new(() => Measure("swin_t", "stack-4x4", PartitionScheme.Allspark, "stages.0.blocks.1"));

    private static readonly Lazy<IReadOnlyDictionary<string, ChartDescription>> LazyAll = new(() => Build().ToDictionary());

    /// <summary>Every sample by its name.</summary>
    public static IReadOnlyDictionary<string, ChartDescription> All => LazyAll.Value;

    /// <summary>The names, for theories: no chart is made to list them.</summary>
    public static readonly string[] Names =
    [
        "speedup, one reference", "speedup, four references", "speedup, two arrays", "speedup, long names",
        "breakdown, one model", "breakdown, five models on two arrays", "timeline", "heatmap", "heatmap, large", "roofline",
        "scaling, one line", "scaling, most lines", "scaling, names", "pareto", "pareto, many points",
    ];

    /// <summary>A measurement by events with the timeline of a block.</summary>
    public static Measurement Events => LazyEvents.Value;

    public static Measurement Measure(string model, string array, PartitionScheme scheme, string? block = null) =>
        Measure(model, ArrayCatalog.Get(array), scheme, block);

    public static Measurement Measure(string model, PimArray array, PartitionScheme scheme, string? block = null)
    {
        var scheduler = new Scheduler();
        var workload = Partitioner.Split(ModelCatalog.Get(model), array, scheme);
        var schedule = scheduler.Schedule(workload, new GreedySolver());
        return block is null
            ? AnalyticSimulator.Measure(schedule, scheduler.Machine(workload))
            : EventSimulator.Measure(schedule, scheduler.Machine(workload), block);
    }

    public static Comparison Compare(string model, string reference, double speedup, string array = "stack-8x8") => new()
    {
        Model = model, Array = array, Scheme = "Allspark", Reference = reference, LatencySeconds = 1e-3, ReferenceLatencySeconds = speedup * 1e-3,
        EnergyJoules = 1, ReferenceEnergyJoules = 1,
    };

    /// <summary>A result with the figures given, and zero for the parts of latency and energy.</summary>
    public static ResultPoint Result(string model, string array, string scheme, double seconds, double joules, params (string Name, double Value)[] figures)
    {
        var metrics = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var name in (string[])
            [
                MetricName.ExposedCommunicationSeconds, MetricName.TransitionSeconds, MetricName.VectorJoules, MetricName.SramJoules, MetricName.DramJoules,
                MetricName.NocJoules, MetricName.OffStackJoules, MetricName.StaticJoules,
            ])
        {
            metrics[name] = 0;
        }

        metrics[MetricName.LatencySeconds] = metrics[MetricName.ComputeSeconds] = seconds;
        metrics[MetricName.EnergyJoules] = metrics[MetricName.MacJoules] = joules;
        foreach (var (name, value) in figures)
            metrics[name] = value;
        return new ResultPoint(model, array, scheme, metrics);
    }

    private static IEnumerable<KeyValuePair<string, ChartDescription>> Build()
    {
        string[] models = ["swin_t", "swin_s", "deit_ti", "deit_s", "vit_b_16"];
        string[] references = ["TensorParallel", "WholeBranch", "V100 (batched throughput)", "V100 (single image)"];
        string[] arrays = ["stack-8x8", "stack-16x16"];
        IEnumerable<Comparison> Compared(int referenceCount, int arrayCount) =>
            from array in arrays.Take(arrayCount)
            from model in models.Index()
            from reference in references.Take(referenceCount).Index()
            select Compare(model.Item, reference.Item, 0.4 * Math.Pow(1.4, model.Index + (2 * reference.Index)), array) with
            {
                Caveat = "A reference's figures are another's, and flatter it where a batch shares out its time.",
            };
        IEnumerable<ResultPoint> Results(int modelCount, int arrayCount) =>
            from array in arrays.Take(arrayCount)
            from model in models.Take(modelCount).Index()
            from scheme in (string[])["Allspark", "TensorParallel", "WholeBranch"]
            select Result(
                model.Item, array, scheme, 1e-3 * (model.Index + scheme.Length), 1e-3 * Math.Pow(4, model.Index), (MetricName.NocJoules, 5e-4),
                (MetricName.DramJoules, 3e-4), (MetricName.ExposedCommunicationSeconds, 4e-4), (MetricName.TransitionSeconds, 1e-4));
        IEnumerable<ResultPoint> Sweep(int lines) =>
            from line in Enumerable.Range(0, lines)
            from batch in (int[])[1, 2, 3, 4, 8, 16]
            select Result($"model_{line}", "stack-8x8", "Allspark", 1e-3 * (line + 1) * Math.Sqrt(batch), 1e-3, (MetricName.Batch, batch));

        yield return new("speedup, one reference", SpeedupChart.Of(Compared(1, 1)));
        yield return new("speedup, four references", SpeedupChart.Of(Compared(4, 1)));
        yield return new("speedup, two arrays", SpeedupChart.Of(Compared(4, 2)));
        yield return new("speedup, long names", SpeedupChart.Of(
            from i in Enumerable.Range(0, 12)
            select Compare(LongName[i..], LongName[(i % 3)..], i + 0.5, LongName) with { Caveat = LongName }));
        yield return new("breakdown, one model", BreakdownChart.Of(Results(1, 1)));
        yield return new("breakdown, five models on two arrays", BreakdownChart.Of(Results(5, 2)));
        yield return new("timeline", TimelineChart.Of(Events));
        yield return new("heatmap", HeatmapChart.Of(Events));
        yield return new("heatmap, large", HeatmapChart.Of(Enlarged(Events, 100)));
        yield return new("roofline", RooflineChart.Of(Events));
        yield return new("scaling, one line", ScalingChart.Of(Sweep(1), MetricName.Batch));
        yield return new("scaling, most lines", ScalingChart.Of(Sweep(ChartPalette.MostSeries), MetricName.Batch));
        yield return new("scaling, names", ScalingChart.Of(Results(5, 1), "Scheme", MetricName.EnergyJoules, ["Model"]));
        yield return new("pareto", ParetoChart.Of(Scattered(60)));
        yield return new("pareto, many points", ParetoChart.Of(Scattered(100_000)));
    }

    // A measurement as it would be on a larger array, for what a heat map takes of it.
    private static Measurement Enlarged(Measurement measurement, int side)
    {
        var array = PimArray.Create(side, side, measurement.Array);
        return measurement with
        {
            Schedule = measurement.Schedule with { Workload = measurement.Schedule.Workload with { Array = array } },
            LinkBytes = [.. Enumerable.Range(0, array.Interconnect.LinkCount).Select(link => (double)link)],
        };
    }

    private static IEnumerable<ResultPoint> Scattered(int count)
    {
        var random = new Random(1);
        for (var i = 0; i < count; i++)
        {
            yield return Result(
                $"model_{i % 2}", i % 3 == 0 ? "stack-4x4" : "stack-8x8", "Allspark",
                1e-3 * Math.Exp(3 * random.NextDouble()), 1e-3 * Math.Exp(3 * random.NextDouble()));
        }
    }
}
