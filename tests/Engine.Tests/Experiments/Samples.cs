using Allspark.Engine.Experiments;

namespace Engine.Tests.Experiments;

/// <summary>Records to log.</summary>
internal static class Samples
{
    public static readonly Provenance Here = Provenance.Capture();

    public static RunSubject Subject(string model = "swin_t", string scheme = "Allspark", long seed = 0) => new(
        model, new string('a', 64), "stack-16x16", new string('b', 64), scheme, "Analytic", "Exact", """{"objective":"Latency"}""", "0.1.0", seed);

    public static RunRecord Record(
        string model = "swin_t", string scheme = "Allspark", string experiment = "default", double latency = 1.25e-3, int phases = 3, long seed = 0) => new()
    {
        Experiment = experiment,
        Subject = Subject(model, scheme, seed),
        Provenance = Here,
        Started = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.FromHours(2)),
        WallSeconds = 0.5,
        SolveSeconds = 0.25,
        Metrics = [new("LatencySeconds", latency, "s"), new("EnergyJoules", 0.1 + 0.2, "J"), new("Utilization", 1.0 / 3, "")],
        Phases =
        [
            .. Enumerable.Range(0, phases).Select(i => new RunPhase(i, $"stage1.block{i / 2}", i % 2 == 0 ? "Attention" : "FeedForward", latency / phases, 1e-5 * i)
            {
                GroupRows = 2,
                GroupColumns = 4,
                TemporalLayers = i,
                FiguresJson = """{"macs":123456789012}""",
            }),
        ],
        Artifacts = [new("schedule.json", """{"phases":["µ","×","🦾"]}"""), new("measurement.json", "{}")],
    };
}
