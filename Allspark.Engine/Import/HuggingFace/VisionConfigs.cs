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

    public static NetworkSpecification Swin(Config config) => Windowed(config, "Swin", "Swin", Normalization.Before) with { RelativePosition = true };

    // Positions by a network of 512 hidden channels in place of a table, keys without bias, merged tokens normalised afterwards.
    public static NetworkSpecification SwinV2(Config config) => Windowed(config, "SwinV2", "Swinv2", Normalization.After) with
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
        if (config.Texts("qkv_projection_method", "dw_bn", stages).Any(method => method != "dw_bn"))
            throw config.Error("qkv_projection_method", "is not read. Allowed: dw_bn for each stage.");
        foreach (var key in (ReadOnlySpan<string>)["padding_q", "padding_kv"])
        {
            if (config.Integers(key, [.. Enumerable.Repeat(1, stages)], stages, least: 0).Any(padding => 2 * padding != kernels[0] - 1))
                throw config.Error(key, $"must be {(kernels[0] - 1) / 2} for each stage, half of 'kernel_qkv', so that as many tokens leave as come.");
        }

        var padding = config.Integers("patch_padding", [2, 1, 1], stages, least: 0);
        var patches = Patches(config, "patch_sizes", [7, 3, 3], "patch_stride", [4, 2, 2], padding, stages);
        var network = Network(config, "CvT", 224, patches) with
        {
            ExtraTokens = stages == 1 && classTokens[0] ? 1 : 0,
            QueryValueBias = biases[0],
            KeyBias = biases[0],
            ProjectionKernel = kernels[0],
            Head = Head(config, "Cvt", classTokens[^1] ? Pooling.ClassToken : Pooling.Average, pooler: 0, normalizedModel: false),
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

        // The library's convolution has the side of 'strides' and the stride of 'patch_sizes'.
        var patches = Patches(config, "strides", [4, 2, 2, 2], "patch_sizes", [4, 2, 2, 2], [.. Enumerable.Repeat(0, stages)], stages);
        return Network(config, "PVT", 224, patches) with
        {
            ExtraTokens = stages == 1 ? 1 : 0,
            PositionEmbedding = true,
            QueryValueBias = bias,
            KeyBias = bias,
            Head = Head(config, "Pvt", Pooling.ClassToken, pooler: 0),
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
        var patch = config.Side("patch_size", 16, 1024);
        return Network(config, family, 224, [new ConvolutionSpecification(patch, patch, 0, true, Normalization.None)]) with
        {
            ExtraTokens = extraTokens,
            PositionEmbedding = true,
            QueryValueBias = bias,
            KeyBias = bias,
            Head = Head(config, family, Pooling.ClassToken, config.Integer("pooler_output_size", channels)),
            Stages = [new StageSpecification(channels, depth, heads, width, AttentionPattern.Global, 0, 0, 1)],
        };
    }

    private static NetworkSpecification Windowed(Config config, string family, string prefix, Normalization merged)
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
        var patch = config.Side("patch_size", 4, 1024);
        return Network(config, family, 224, [new ConvolutionSpecification(patch, patch, 0, true, Normalization.After)]) with
        {
            PositionEmbedding = config.Truth("use_absolute_embeddings", false),
            Merging = new ConvolutionSpecification(2, 2, 0, Bias: false, merged),
            QueryValueBias = bias,
            KeyBias = bias,
            Head = Head(config, prefix, Pooling.Average, pooler: 0),
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
        Resolution = config.Side("image_size", side, ModelCatalog.HighestResolution),
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
        Head = new HeadSpecification(Pooling.Average, Normalized: true, Hidden: false, Bias: true, 0),
    };

    /// <summary>The head that the class has which the file was saved from; the classifier where it names none.</summary>
    /// <param name="config">The file.</param>
    /// <param name="prefix">What names of the type's classes begin with.</param>
    /// <param name="pool">What the classifier looks at.</param>
    /// <param name="pooler">Channels that the model without a head maps its class token to; 0 for none.</param>
    /// <param name="normalizedModel">Whether the model without a head ends in a normalisation.</param>
    private static HeadSpecification Head(Config config, string prefix, Pooling pool, int pooler, bool normalizedModel = true)
    {
        var name = config.Architecture;
        var classifier = new HeadSpecification(pool, Normalized: true, Hidden: false, Bias: true, config.Labels());
        switch (name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name)
        {
            case "" or "ForImageClassification":
                return classifier;
            case "Model" or "Backbone":
                config.Note($"Without a classifier, as {name}, which 'architectures' names{(pooler > 0 ? ": its pooler stands in the head's place" : "")}.");
                return classifier with { Classes = pooler, Normalized = normalizedModel };
            case "ForMaskedImageModeling" when prefix is not ("Cvt" or "Pvt"):
                config.Note($"With the decoder of {name}, which 'architectures' names, in place of a head.");
                var stride = config.Integer("encoder_stride", prefix.StartsWith("Swin", StringComparison.Ordinal) ? 32 : 16, most: 256);
                return classifier with
                {
                    Classes = checked(stride * stride * config.Integer("num_channels", 3, most: 1024)),
                    EveryPatch = true,
                    MaskTokens = 1,
                };
            case "ForImageClassificationWithTeacher" when prefix == "DeiT":
                config.Note($"With both heads of {name}, which 'architectures' names.");
                return classifier with { Distilled = true };
            default:
                config.Note($"'architectures' names {ModelImportException.Quote(name).Trim('\'')}, whose head is not known; read with the classifier's.");
                return classifier;
        }
    }

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
        Config config, string kernelKey, ReadOnlySpan<int> kernels, string strideKey, ReadOnlySpan<int> strides, ValueList<int> padding, int stages)
    {
        var (sizes, steps) = (config.Integers(kernelKey, kernels, stages), config.Integers(strideKey, strides, stages));
        var patches = new ConvolutionSpecification[stages];
        for (var stage = 0; stage < stages; stage++)
        {
            var reach = sizes[stage] - (2 * padding[stage]);
            if (reach < 1 || reach > steps[stage])
                throw config.Error(kernelKey, $"patches of {sizes[stage]}, padded by {padding[stage]}, "
                    + $"{(sizes[stage] < steps[stage] ? "leave gaps" : "are no whole number")} at a stride of {steps[stage]}.");
            patches[stage] = new ConvolutionSpecification(sizes[stage], steps[stage], padding[stage], Bias: true, Normalization.After);
        }

        Same(config, kernelKey, [.. patches.Skip(1)]);
        return [.. patches.Take(2)];
    }

    private static void Same<T>(Config config, string key, ValueList<T> values)
    {
        if (values.Distinct().Count() > 1)
            throw config.Error(key, "stages that differ in it are not read.");
    }
}
