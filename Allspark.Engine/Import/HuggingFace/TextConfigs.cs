using Allspark.Engine.Models;

namespace Allspark.Engine.Import.HuggingFace;

/// <summary>Decoders of text as the library's configuration classes describe them; each default is the class's own.</summary>
internal static class TextConfigs
{
    private const int LongestVocabulary = 1 << 22;
    private const int Deepest = 1000;

    // A length that shows a network's shape; the longest text where that is shorter.
    private const int UsualLength = 1024;

    public static DecoderSpecification Gpt2(Config config)
    {
        var (channels, heads) = (config.Integer("n_embd", 768), config.Integer("n_head", 12));
        config.CheckHeads("n_head", heads, "n_embd", channels);
        if (config.Truth("add_cross_attention", false))
            throw config.Error("add_cross_attention", "blocks that attend to another text are not read.");
        return Decoder(config, "GPT2", channels, heads, channels / heads, config.Integer("n_positions", 1024, most: ModelCatalog.LongestSequence)) with
        {
            Depth = config.Integer("n_layer", 12, most: Deepest),
            FeedForwardWidth = config.Integer("n_inner", 4 * channels, most: 1 << 20),
            Vocabulary = config.Integer("vocab_size", 50257, most: LongestVocabulary),
            Positions = config.Integer("n_positions", 1024, most: ModelCatalog.LongestSequence),
            Tied = config.Truth("tie_word_embeddings", true),
            AttentionBias = true,
            OutputBias = true,
            FeedForwardBias = true,
        };
    }

    public static DecoderSpecification GptJ(Config config)
    {
        var (channels, heads) = (config.Integer("n_embd", 4096), config.Integer("n_head", 16));
        config.CheckHeads("n_head", heads, "n_embd", channels);
        return Decoder(config, "GPTJ", channels, heads, channels / heads, config.Integer("n_positions", 2048, most: ModelCatalog.LongestSequence)) with
        {
            Depth = config.Integer("n_layer", 28, most: Deepest),
            FeedForwardWidth = config.Integer("n_inner", 4 * channels, most: 1 << 20),
            Vocabulary = config.Integer("vocab_size", 50400, most: LongestVocabulary),
            Tied = config.Truth("tie_word_embeddings", false),
            FeedForwardBias = true,
            HeadBias = HasBias(config, words: true),
            Parallel = true,
        };
    }

    public static DecoderSpecification Opt(Config config)
    {
        var (channels, heads) = (config.Integer("hidden_size", 768), config.Integer("num_attention_heads", 12));
        config.CheckHeads("num_attention_heads", heads, "hidden_size", channels);
        var (longest, bias) = (config.Integer("max_position_embeddings", 2048, most: ModelCatalog.LongestSequence), config.Truth("enable_bias", true));
        var words = config.Integer("word_embed_proj_dim", channels);
        return Decoder(config, "OPT", channels, heads, channels / heads, longest) with
        {
            Depth = config.Integer("num_hidden_layers", 12, most: Deepest),
            FeedForwardWidth = config.Integer("ffn_dim", 3072, most: 1 << 20),
            Vocabulary = config.Integer("vocab_size", 50272, most: LongestVocabulary),

            // The library's table of positions begins with two that are never used.
            Positions = longest + 2,
            Tied = config.Truth("tie_word_embeddings", true),
            WordChannels = words == channels ? 0 : words,
            AttentionBias = bias,
            OutputBias = bias,
            FeedForwardBias = bias,
            NormParameters = config.Truth("layer_norm_elementwise_affine", true) ? 2 : 0,
            FinalNorm = config.Truth("do_layer_norm_before", true) && !config.Truth("_remove_final_layer_norm", false),
        };
    }

    public static DecoderSpecification Llama(Config config)
    {
        var (channels, heads) = (config.Integer("hidden_size", 4096), config.Integer("num_attention_heads", 32));
        if (!config.Has("head_dim"))
            config.CheckHeads("num_attention_heads", heads, "hidden_size", channels);
        var shared = config.Integer("num_key_value_heads", heads);
        if (heads % shared != 0)
            throw config.Error("num_key_value_heads", $"{shared} heads of keys and values do not divide the {heads} heads of queries.");
        var bias = config.Truth("attention_bias", false);
        var longest = config.Integer("max_position_embeddings", 2048, most: 1 << 24);
        return Decoder(config, "Llama", channels, heads, config.Integer("head_dim", channels / heads, most: 1 << 12), Math.Min(longest, ModelCatalog.LongestSequence)) with
        {
            KeyValueHeads = shared,
            Depth = config.Integer("num_hidden_layers", 32, most: Deepest),
            FeedForwardWidth = config.Integer("intermediate_size", 11008, most: 1 << 20),
            Gated = true,
            Vocabulary = config.Integer("vocab_size", 32000, most: LongestVocabulary),
            Tied = config.Truth("tie_word_embeddings", false),
            AttentionBias = bias,
            OutputBias = bias,
            FeedForwardBias = config.Truth("mlp_bias", false),
            NormParameters = 1,
        };
    }

    // A library's class is the family's name and what its head is for. What a text is told apart by is computed for every token.
    private static int? Labels(Config config, string family)
    {
        var name = config.Architecture;
        var head = name.StartsWith(family, StringComparison.Ordinal) ? name[family.Length..] : name;
        switch (head)
        {
            case "" or "ForCausalLM" or "LMHeadModel":
                return null;
            case "Model":
                config.Note($"Without a head, as {name}, which 'architectures' names.");
                return 0;
            case "ForSequenceClassification" or "ForTokenClassification":
                config.Note($"With the head of {name}, which 'architectures' names: {config.Labels()} labels for each token.");
                return config.Labels();
            case "ForQuestionAnswering":
                config.Note($"With the head of {name}, which 'architectures' names: two numbers for each token.");
                return 2;
            default:
                config.Note($"'architectures' names {ModelImportException.Quote(name).Trim('\'')}, whose head is not known; "
                    + "read with the language model's.");
                return null;
        }
    }

    // The score of a whole text has none, those of tokens and of answers have.
    private static bool HasBias(Config config, bool words) => config.Architecture switch
    {
        var name when name.EndsWith("ForSequenceClassification", StringComparison.Ordinal) => false,
        var name when name.EndsWith("ForTokenClassification", StringComparison.Ordinal) || name.EndsWith("ForQuestionAnswering", StringComparison.Ordinal) => true,
        _ => words,
    };

    private static DecoderSpecification Decoder(Config config, string family, int channels, int heads, int headDimension, int longest) => new()
    {
        Name = family,
        Family = family,
        Source = $"Hugging Face configuration of type {config.Text("model_type", "")}",
        Published = new PublishedSize(0, 0, Rounded: true),
        SequenceLength = Math.Min(UsualLength, longest),
        LongestText = longest,
        Channels = channels,
        Depth = 1,
        Heads = heads,
        HeadDimension = headDimension,
        KeyValueHeads = heads,
        FeedForwardWidth = channels,
        Labels = Labels(config, family),
        HeadBias = HasBias(config, words: false),
    };
}
