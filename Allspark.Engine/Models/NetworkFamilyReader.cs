using Allspark.Engine.Specifications;

namespace Allspark.Engine.Models;

/// <summary>
/// Reads a family's file: what its networks share, then the networks, each of which may override any of the shared keys.
/// A value given for each stage is a list of as many elements as there are stages, or one value for all.
/// </summary>
internal sealed class NetworkFamilyReader
{
    private static readonly string[] NetworkKeys =
    [
        "resolution", "extraTokens", "positionEmbedding", "embedding", "merging", "bottleneck", "channels", "depths", "heads",
        "feedForwardRatio", "attention", "window", "stripe", "reduction", "relativePosition", "valueConvolution",
        "tokenConvolution", "head", "published",
    ];

    private readonly FamilyEntry entry;

    private NetworkFamilyReader(FamilyEntry entry) => this.entry = entry;

    /// <summary>Reads all networks of a family, in the order of the file.</summary>
    public static ValueList<NetworkSpecification> Read(string text, string fileName) => Read(SpecificationParser.Read(text, fileName));

    /// <summary>Reads all networks of a family, in the order of the file.</summary>
    public static ValueList<NetworkSpecification> Read(SpecificationMap file) =>
        FamilyEntry.All(file, NetworkKeys).Select(entry => new NetworkFamilyReader(entry).Network()).ToValueList();

    private NetworkSpecification Network() => new()
    {
        Name = entry.Name,
        Family = entry.Family,
        Source = entry.Source,
        Resolution = entry.Value("resolution").Integer(1, ModelCatalog.HighestResolution),
        ExtraTokens = First("extraTokens")?.Integer(0, 16) ?? 0,
        PositionEmbedding = First("positionEmbedding")?.Truth() ?? false,
        Embedding = entry.Value("embedding").Each(1, 4, Convolution),
        Merging = entry.Find("merging") is { } merging ? Convolution(merging) : null,
        Bottleneck = entry.Find("bottleneck") is { } bottleneck ? Bottleneck(bottleneck.AsMap()) : null,
        Stages = Stages(),
        RelativePosition = entry.Find("relativePosition")?.Truth() ?? false,
        ValueConvolution = entry.Find("valueConvolution")?.Integer(1, 31) ?? 0,
        TokenConvolution = entry.Find("tokenConvolution")?.Integer(1, 31) ?? 0,
        Head = Head(entry.Value("head").AsMap()),
        Published = entry.Published(),
    };

    private ValueList<StageSpecification> Stages()
    {
        var channels = entry.Value("channels").Each(1, 8, node => node.Integer(1, 1 << 16));
        var count = channels.Count;
        if (count > 1 && entry.Find("merging") is null && entry.Find("bottleneck") is null)
            throw entry.Value("channels").Error("several stages need 'merging' or 'bottleneck' between them.");
        var depths = PerStage("depths", count, node => node.Integer(1, 1000));
        var heads = PerStage("heads", count, node => node.Integer(1, 1024));
        var ratios = PerStage("feedForwardRatio", count, node => node.Integer(1, 64));
        var patterns = PerStage("attention", count, node => node.Word<AttentionPattern>());
        var windows = PerStage("window", count, node => node.Integer(1, 1024), 0);
        var stripes = PerStage("stripe", count, node => node.Integer(0, 1024), 0);
        var reductions = PerStage("reduction", count, node => node.Integer(1, 1024), 1);
        var extraTokens = LaterStages("extraTokens", count, node => node.Integer(0, 16));
        var positions = LaterStages("positionEmbedding", count, node => node.Truth());
        for (var stage = 0; stage < count; stage++)
        {
            if (channels[stage] % heads[stage] != 0)
                throw entry.Value("heads").Error($"{heads[stage]} heads do not divide the {channels[stage]} channels of stage {stage}.");
            Need("window", windows[stage], patterns[stage]
                is AttentionPattern.ShiftedWindow or AttentionPattern.LocalGlobal or AttentionPattern.WindowGrid);
            Need("stripe", stripes[stage], patterns[stage] is AttentionPattern.Stripe);
            if (patterns[stage] is AttentionPattern.Stripe && heads[stage] % 2 != 0)
                throw entry.Value("heads").Error($"{heads[stage]} heads of stage {stage} are not two halves, as stripes of two orientations need.");
        }

        if ((entry.Find("bottleneck") is not null) != patterns.Contains(AttentionPattern.WindowGrid))
            throw entry.Value("attention").Error("WindowGrid and 'bottleneck' come together.");
        return Enumerable.Range(0, count)
            .Select(stage => new StageSpecification(
                channels[stage], depths[stage], heads[stage], checked(channels[stage] * ratios[stage]),
                patterns[stage], windows[stage], stripes[stage], reductions[stage])
            {
                ExtraTokens = extraTokens[stage],
                PositionEmbedding = positions[stage],
            })
            .ToValueList();
    }

    private void Need(string key, int value, bool needed)
    {
        if (needed && value == 0)
            throw entry.Value("attention").Error($"needs '{key}'.");
    }

    private static ConvolutionSpecification Convolution(SpecificationNode node)
    {
        var map = node.AsMap().Allow("kernel", "stride", "padding", "bias", "norm");
        var convolution = new ConvolutionSpecification(
            map["kernel"].Integer(1, 64),
            map["stride"].Integer(1, 64),
            map.TryGet("padding", out var padding) ? padding.Integer(0, 63) : 0,
            map["bias"].Truth(),
            map["norm"].Word<Normalization>());

        // Then an image of a multiple of the stride gives exactly that many tokens fewer.
        return convolution.Kernel - (2 * convolution.Padding) is var reach && reach >= 1 && reach <= convolution.Stride
            ? convolution
            : throw node.Error("kernel − 2·padding must be 1 to stride.");
    }

    private static BottleneckSpecification Bottleneck(SpecificationMap map)
    {
        map.Allow("expansion", "kernel", "squeeze");
        return new BottleneckSpecification(
            map["expansion"].Integer(1, 64),
            map["kernel"].Integer(1, 63),
            map["squeeze"].Integer(1, 64));
    }

    private static HeadSpecification Head(SpecificationMap map)
    {
        map.Allow("pool", "norm", "hidden", "bias", "classes");
        return new HeadSpecification(
            map["pool"].Word<Pooling>(),
            map["norm"].Truth(),
            map.TryGet("hidden", out var hidden) && hidden.Truth(),
            !map.TryGet("bias", out var bias) || bias.Truth(),
            map["classes"].Integer(1, 1 << 20));
    }

    // A list has a value for each stage, of which the first is the network's own; a single value is that alone.
    private SpecificationNode? First(string key) => entry.Find(key) is SpecificationList { Items: [var first, ..] } ? first : entry.Find(key);

    private ValueList<T> LaterStages<T>(string key, int stages, Func<SpecificationNode, T> read)
        where T : struct =>
        entry.Find(key) is SpecificationList list
            ? list.Each(stages, stages, read).Select((value, stage) => stage == 0 ? default : value).ToValueList()
            : Enumerable.Repeat(default(T), stages).ToValueList();

    private ValueList<T> PerStage<T>(string key, int stages, Func<SpecificationNode, T> read, T? missing = null)
        where T : struct =>
        entry.Find(key) is not { } node ? Enumerable.Repeat(missing ?? throw entry.Missing(key), stages).ToValueList()
        : node is SpecificationList ? node.Each(stages, stages, read)
        : Enumerable.Repeat(read(node), stages).ToValueList();
}
