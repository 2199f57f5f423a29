using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Placement;
using Allspark.Engine.Scheduling;
using Xunit;

namespace Engine.Tests.Verification.Numeric;

/// <summary>Networks of every geometry, small enough to be executed under many schedules; windows overhang the grids.</summary>
internal static class TinyNetworks
{
    private const string Families = """
        family: Tiny
        source: "made for tests"
        shared:
          resolution: 40
          embedding: [{ kernel: 4, stride: 4, bias: true, norm: after }]
          merging: { kernel: 2, stride: 2, bias: false, norm: before }
          channels: [12, 24]
          depths: 2
          heads: [3, 6]
          feedForwardRatio: 2
          head: { pool: average, norm: true, classes: 10 }
          published: { parameters: 1, macs: 1 }
        networks:
          shifted: { attention: shiftedWindow, window: 4, relativePosition: true }
          pooled: { attention: spatialReduction, reduction: [2, 1], tokenConvolution: 3 }
          alternating:
            attention: localGlobal
            window: 3
            reduction: [5, 1]
            tokenConvolution: 3
            merging: { kernel: 2, stride: 2, bias: true, norm: after }
          overlapping:
            attention: shiftedWindow
            window: 4
            embedding: [{ kernel: 7, stride: 4, padding: 2, bias: true, norm: after }]
            merging: { kernel: 3, stride: 2, padding: 1, bias: true, norm: after }
          striped:
            attention: stripe
            heads: [4, 6]
            stripe: [2, 5]
            valueConvolution: 3
          bottlenecks:
            resolution: 32
            embedding: [{ kernel: 3, stride: 2, padding: 1, bias: false, norm: after }]
            merging: { kernel: 2, stride: 2, bias: false, norm: before }
            bottleneck: { expansion: 2, kernel: 3, squeeze: 4 }
            channels: [12, 24]
            depths: [2, 1]
            attention: windowGrid
            window: 4
            relativePosition: true
            head: { pool: average, norm: true, hidden: true, bias: false, classes: 10 }
          whole:
            channels: [24]
            heads: 4
            attention: global
            extraTokens: 1
            positionEmbedding: true
            embedding: [{ kernel: 8, stride: 8, bias: true, norm: none }]
            head: { pool: classToken, norm: true, classes: 10 }
        """;

    private const string Convolutions = """
        family: Tiny
        source: "made for tests"
        shared: { resolution: 32, classes: 10, published: { parameters: 1 } }
        networks:
        """;

    public static string[] Names =>
    [
        "shifted", "pooled", "alternating", "overlapping", "striped", "spread", "whole", "bottlenecks", "residual", "narrow", "plain", "dense",
    ];

    public static DnnModel Get(string name) => name switch
    {
        "spread" => Spread(Built("shifted")),
        "bottlenecks" => VisionTransformerBuilder.Build(
            NetworkFamilyReader.Read(Families, "tiny.yaml").Single(network => network.Name == name), 32, Precision.Fp16),
        "residual" => Convolution("residual", "{ channels: [8, 12], depths: [1, 2] }"),
        "narrow" => Convolution("residual", "{ channels: [4, 6], depths: [2, 1], expansion: 3 }"),
        "plain" => Convolution("plain", "{ channels: [6, 8], depths: [1, 2], hidden: [12] }"),
        "dense" => Convolution("dense", "{ channels: [8], depths: [2, 3], growth: 6, expansion: 2 }"),
        _ => Built(name),
    };

    private static DnnModel Convolution(string kind, string keys) =>
        Assert.Single(FamilyFile.Read($"kind: {kind}\n{Convolutions}\n  {kind}: {keys}\n", "tiny.yaml")).Build(new ModelSettings(null, null, Precision.Fp16));

    private static DnnModel Built(string name) => VisionTransformerBuilder.Build(
        NetworkFamilyReader.Read(Families, "tiny.yaml").Single(network => network.Name == name), 40, Precision.Fp16);

    private static DnnModel Spread(DnnModel windowed) => windowed with
    {
        Layers = windowed.Layers.Select(layer =>
            layer is TransformerBlock { IndexInStage: 1 } block ? block with { Attention = new GridAttention(4) } : layer).ToValueList(),
    };

    public static Schedule Schedule(DnnModel model, PartitionScheme scheme, string array = "stack-4x4") =>
        new Scheduler().Schedule(Partitioner.Split(model, ArrayCatalog.Get(array), scheme), new ExactSolver());

    /// <summary>The schedule with every phase's option drawn from all that the scheme opens to it.</summary>
    public static Schedule WithRandomOptions(Schedule schedule, int seed)
    {
        var random = new Random(seed);
        return schedule with
        {
            Phases = [.. schedule.Phases.Select(phase =>
            {
                var options = schedule.Workload.Options[phase.Index];
                var option = options[random.Next(options.Count)];
                return phase with { Option = option, Placement = StructuredLayout.Place(phase.Phase, option.Tiling) };
            })],
        };
    }

    public static Schedule With(this Schedule schedule, int phase, Func<ScheduledPhase, ScheduledPhase> change) => schedule with
    {
        Phases = [.. schedule.Phases.Select(old => old.Index == phase ? change(old) : old)],
    };

    public static Schedule WithOption(this Schedule schedule, int phase, PhaseOption option) => schedule.With(phase, old => old with
    {
        Option = option,
        Placement = StructuredLayout.Place(old.Phase, option.Tiling),
    });
}
