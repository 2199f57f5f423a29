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

    private readonly string family;
    private readonly string source;
    private readonly SpecificationMap shared;
    private readonly SpecificationMap network;
    private readonly string name;

    private NetworkFamilyReader(SpecificationMap file, string name)
    {
        family = file["family"].Identifier();
        source = file["source"].Sentence(500);
        shared = file["shared"].AsMap().Allow(NetworkKeys);
        network = file["networks"].AsMap()[name].AsMap().Allow(NetworkKeys);
        this.name = name;
    }

    /// <summary>Reads all networks of a family, in the order of the file.</summary>
    public static ValueList<NetworkSpecification> Read(string text, string fileName)
    {
        var file = SpecificationParser.Read(text, fileName).Allow("family", "source", "shared", "networks");
        return file["networks"].AsMap().Keys.Select(name => new NetworkFamilyReader(file, name).Network()).ToValueList();
    }

    private NetworkSpecification Network() => new()
    {
        Name = name,
        Family = family,
        Source = source,
        Resolution = Value("resolution").Integer(1, ModelCatalog.HighestResolution),
        ExtraTokens = Find("extraTokens")?.Integer(0, 16) ?? 0,
        PositionEmbedding = Find("positionEmbedding")?.Truth() ?? false,
        Embedding = Value("embedding").Each(1, 4, Convolution),
        Merging = Find("merging") is { } merging ? Convolution(merging) : null,
        Bottleneck = Find("bottleneck") is { } bottleneck ? Bottleneck(bottleneck.AsMap()) : null,
        Stages = Stages(),
        RelativePosition = Find("relativePosition")?.Truth() ?? false,
        ValueConvolution = Find("valueConvolution")?.Integer(1, 31) ?? 0,
        TokenConvolution = Find("tokenConvolution")?.Integer(1, 31) ?? 0,
        Head = Head(Value("head").AsMap()),
        Published = Published(Value("published").AsMap()),
    };

    private ValueList<StageSpecification> Stages()
    {
        var channels = Value("channels").Each(1, 8, node => node.Integer(1, 1 << 16));
        var count = channels.Count;
        if (count > 1 && Find("merging") is null && Find("bottleneck") is null)
            throw Value("channels").Error("several stages need 'merging' or 'bottleneck' between them.");
        var depths = PerStage("depths", count, node => node.Integer(1, 1000));
        var heads = PerStage("heads", count, node => node.Integer(1, 1024));
        var ratios = PerStage("feedForwardRatio", count, node => node.Integer(1, 64));
        var patterns = PerStage("attention", count, node => node.Word<AttentionPattern>());
        var windows = PerStage("window", count, node => node.Integer(1, 1024), 0);
        var stripes = PerStage("stripe", count, node => node.Integer(0, 1024), 0);
        var reductions = PerStage("reduction", count, node => node.Integer(1, 1024), 1);
        for (var stage = 0; stage < count; stage++)
        {
            if (channels[stage] % heads[stage] != 0)
                throw Value("heads").Error($"{heads[stage]} heads do not divide the {channels[stage]} channels of stage {stage}.");
            Need("window", windows[stage], patterns[stage]
                is AttentionPattern.ShiftedWindow or AttentionPattern.LocalGlobal or AttentionPattern.WindowGrid);
            Need("stripe", stripes[stage], patterns[stage] is AttentionPattern.Stripe);
            if (patterns[stage] is AttentionPattern.Stripe && heads[stage] % 2 != 0)
                throw Value("heads").Error($"{heads[stage]} heads of stage {stage} are not two halves, as stripes of two orientations need.");
        }

        if ((Find("bottleneck") is not null) != patterns.Contains(AttentionPattern.WindowGrid))
            throw Value("attention").Error("WindowGrid and 'bottleneck' come together.");
        return Enumerable.Range(0, count)
            .Select(stage => new StageSpecification(
                channels[stage], depths[stage], heads[stage], ratios[stage],
                patterns[stage], windows[stage], stripes[stage], reductions[stage]))
            .ToValueList();
    }

    private void Need(string key, int value, bool needed)
    {
        if (needed && value == 0)
            throw Value("attention").Error($"needs '{key}'.");
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

    private static PublishedSize Published(SpecificationMap map)
    {
        map.Allow("parameters", "macs", "rounded");
        return new PublishedSize(
            map["parameters"].Quantity(Unit.Count, 1, 1e13),
            map["macs"].Quantity(Unit.Count, 1, 1e16),
            map.TryGet("rounded", out var rounded) && rounded.Truth());
    }

    private ValueList<T> PerStage<T>(string key, int stages, Func<SpecificationNode, T> read, T? missing = null)
        where T : struct =>
        Find(key) is not { } node ? Enumerable.Repeat(missing ?? throw Missing(key), stages).ToValueList()
        : node is SpecificationList ? node.Each(stages, stages, read)
        : Enumerable.Repeat(read(node), stages).ToValueList();

    private SpecificationNode Value(string key) => Find(key) ?? throw Missing(key);

    private SpecificationException Missing(string key) => network.Error($"the key '{key}' is missing, here and under 'shared'.");

    private SpecificationNode? Find(string key) =>
        network.TryGet(key, out var own) ? own : shared.TryGet(key, out var common) ? common : null;
}
