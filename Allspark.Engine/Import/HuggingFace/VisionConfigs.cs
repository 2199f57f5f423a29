using Allspark.Engine.Models;

namespace Allspark.Engine.Import.HuggingFace;

/// <summary>Vision transformers with classifiers as the library's configuration classes describe them; each default is the class's own.</summary>
internal static class VisionConfigs
{
    private const int Deepest = 1000;
    private const int MostHeads = 1024;

    public static NetworkSpecification Vit(Config config) => Columnar(config, "ViT", extraTokens: 1);

    // With a distillation token beside the class token.
    public static NetworkSpecification Deit(Config config) => Columnar(config, "DeiT", extraTokens: 2);

    public static NetworkSpecification Swin(Config config) => Windowed(config, "Swin", Normalization.Before) with { RelativePosition = true };

    // Positions by a network of 512 hidden channels in place of a table, keys without bias, merged tokens normalised afterwards.
    public static NetworkSpecification SwinV2(Config config) => Windowed(config, "SwinV2", Normalization.After) with
    {
        PositionNetworkWidth = 512,
        KeyBias = false,
    };

    public static NetworkSpecification Cvt(Config config)
    {
        var channels = config.Integers("embed_dim", [64, 192, 384]);
        var stages = channels.Count;
        var depths = Depths(config, "depth", [1, 2, 10], stages);
        var heads = Heads(config, "num_heads", [1, 3, 6], "embed_dim", channels);
        var ratios = config.Ratios("mlp_ratio", [4, 4, 4], stages);
        var classTokens = config.Truths("cls_token", [false, false, true], stages);
        var biases = config.Truths("qkv_bias", [true, true, true], stages);
        var kernels = config.Integers("kernel_qkv", [3, 3, 3], stages);
        var strides = config.Integers("stride_kv", [2, 2, 2], stages);
        Same(config, "kernel_qkv", kernels);
        Same(config, "qkv_bias", biases);
        if (config.Integers("stride_q", [1, 1, 1], stages).Any(stride => stride != 1))
            throw config.Error("stride_q", "queries with a stride are not read. Allowed: 1 for each stage.");
        if (classTokens.SkipLast(1).Contains(true))
            throw config.Error("cls_token", "a class token before the last stage is not read.");
        var patches = Patches(config, "patch_sizes", [7, 3, 3], "patch_stride", [4, 2, 2], stages);
        var network = Network(config, "CvT", 224, patches) with
        {
            ExtraTokens = stages == 1 && classTokens[0] ? 1 : 0,
            QueryValueBias = biases[0],
            KeyBias = biases[0],
            ProjectionKernel = kernels[0],
            Head = Head(config, classTokens[^1] ? Pooling.ClassToken : Pooling.Average),
            Stages = Stages(stages, stage => new StageSpecification(
                channels[stage], depths[stage], heads[stage], (int)(channels[stage] * ratios[stage]), AttentionPattern.SpatialReduction, 0, 0, strides[stage])
            {
                ExtraTokens = stage > 0 && classTokens[stage] ? 1 : 0,
            }),
        };
        return network;
    }

    public static NetworkSpecification Pvt(Config config)
    {
        var stages = config.Integer("num_encoder_blocks", 4, most: 8);
        var channels = config.Integers("hidden_sizes", [64, 128, 320, 512], stages);
        var depths = Depths(config, "depths", [2, 2, 2, 2], stages);
        var heads = Heads(config, "num_attention_heads", [1, 2, 5, 8], "hidden_sizes", channels);
        var ratios = config.Ratios("mlp_ratios", [8, 8, 4, 4], stages);
        var reductions = config.Integers("sequence_reduction_ratios", [8, 4, 2, 1], stages);
        var bias = config.Truth("qkv_bias", true);
        return Network(config, "PVT", 224, Patches(config, "patch_sizes", [4, 2, 2, 2], "strides", [4, 2, 2, 2], stages)) with
        {
            ExtraTokens = stages == 1 ? 1 : 0,
            PositionEmbedding = true,
            QueryValueBias = bias,
            KeyBias = bias,
            Head = Head(config, Pooling.ClassToken),
            Stages = Stages(stages, stage => new StageSpecification(
                channels[stage], depths[stage], heads[stage], (int)(channels[stage] * ratios[stage]), AttentionPattern.SpatialReduction, 0, 0, reductions[stage])
            {
                ExtraTokens = stage > 0 && stage == stages - 1 ? 1 : 0,
                PositionEmbedding = true,
            }),
        };
    }

    private static NetworkSpecification Columnar(Config config, string family, int extraTokens)
    {
        var channels = config.Integer("hidden_size", 768);
        var heads = config.Integer("num_attention_heads", 12, most: MostHeads);
        config.CheckHeads("num_attention_heads", heads, "hidden_size", channels);
        var depth = config.Integer("num_hidden_layers", 12, most: Deepest);
        var width = config.Integer("intermediate_size", 3072, most: 1 << 20);
        var bias = config.Truth("qkv_bias", true);
        var patch = config.Integer("patch_size", 16, most: 1024);
        return Network(config, family, 224, [new ConvolutionSpecification(patch, patch, 0, true, Normalization.None)]) with
        {
            ExtraTokens = extraTokens,
            PositionEmbedding = true,
            QueryValueBias = bias,
            KeyBias = bias,
            Head = Head(config, Pooling.ClassToken),
            Stages = [new StageSpecification(channels, depth, heads, width, AttentionPattern.Global, 0, 0, 1)],
        };
    }

    private static NetworkSpecification Windowed(Config config, string family, Normalization merged)
    {
        var depths = config.Integers("depths", [2, 2, 6, 2]);
        var stages = depths.Count;
        if (depths.Any(depth => depth > Deepest))
            throw config.Error("depths", $"a stage has at most {Deepest} blocks.");
        var first = config.Integer("embed_dim", 96, most: (1 << 16) >> (stages - 1));
        ValueList<int> channels = [.. Enumerable.Range(0, stages).Select(stage => first << stage)];
        var heads = Heads(config, "num_heads", [3, 6, 12, 24], "embed_dim", channels);
        var (window, ratio) = (config.Integer("window_size", 7, most: 1024), config.Ratio("mlp_ratio", 4));
        var bias = config.Truth("qkv_bias", true);
        var patch = config.Integer("patch_size", 4, most: 1024);
        return Network(config, family, 224, [new ConvolutionSpecification(patch, patch, 0, true, Normalization.After)]) with
        {
            PositionEmbedding = config.Truth("use_absolute_embeddings", false),
            Merging = new ConvolutionSpecification(2, 2, 0, Bias: false, merged),
            QueryValueBias = bias,
            KeyBias = bias,
            Head = Head(config, Pooling.Average),
            Stages = Stages(stages, stage => new StageSpecification(
                channels[stage], depths[stage], heads[stage], (int)(channels[stage] * ratio), AttentionPattern.ShiftedWindow, window, 0, 1)),
        };
    }

    private static NetworkSpecification Network(Config config, string family, int side, ValueList<ConvolutionSpecification> patches) => new()
    {
        Name = family,
        Family = family,
        Source = $"Hugging Face configuration of type {config.Text("model_type", "")}",
        Published = new PublishedSize(0, 0, Rounded: true),
        Resolution = config.ImageSide(side),
        InputChannels = config.Integer("num_channels", 3, most: 1024),
        ExtraTokens = 0,
        PositionEmbedding = false,
        Embedding = [patches[0]],
        Merging = patches.Count > 1 ? patches[1] : null,
        Bottleneck = null,
        Stages = [],
        RelativePosition = false,
        ValueConvolution = 0,
        TokenConvolution = 0,
        Head = Head(config, Pooling.Average),
    };

    private static HeadSpecification Head(Config config, Pooling pool) => new(pool, Normalized: true, Hidden: false, Bias: true, config.Labels());

    private static ValueList<StageSpecification> Stages(int count, Func<int, StageSpecification> stage) =>
        [.. Enumerable.Range(0, count).Select(stage)];

    private static ValueList<int> Depths(Config config, string key, ReadOnlySpan<int> missing, int stages)
    {
        var depths = config.Integers(key, missing, stages);
        return depths.All(depth => depth <= Deepest) ? depths : throw config.Error(key, $"a stage has at most {Deepest} blocks.");
    }

    private static ValueList<int> Heads(Config config, string key, ReadOnlySpan<int> missing, string widthKey, ValueList<int> channels)
    {
        var heads = config.Integers(key, missing, channels.Count);
        for (var stage = 0; stage < heads.Count; stage++)
        {
            if (heads[stage] > MostHeads)
                throw config.Error(key, $"a stage has at most {MostHeads} heads.");
            config.CheckHeads(key, heads[stage], widthKey, channels[stage]);
        }

        return heads;
    }

    // The embedding's convolution, then the one between stages, which all stages must share.
    private static ValueList<ConvolutionSpecification> Patches(
        Config config, string kernelKey, ReadOnlySpan<int> kernels, string strideKey, ReadOnlySpan<int> strides, int stages)
    {
        var (sizes, steps) = (config.Integers(kernelKey, kernels, stages), config.Integers(strideKey, strides, stages));
        var patches = sizes.Zip(steps, (kernel, stride) => kernel >= stride
            ? new ConvolutionSpecification(kernel, stride, (kernel - stride + 1) / 2, Bias: true, Normalization.After)
            : throw config.Error(kernelKey, $"patches of {kernel} leave gaps at a stride of {stride}.")).ToArray();
        Same(config, kernelKey, [.. patches.Skip(1)]);
        return [.. patches.Take(2)];
    }

    private static void Same<T>(Config config, string key, ValueList<T> values)
    {
        if (values.Distinct().Count() > 1)
            throw config.Error(key, "stages that differ in it are not read.");
    }
}
