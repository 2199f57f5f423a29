using Allspark.Engine.Models;
using Allspark.Engine.Specifications;

namespace Allspark.Engine.Import.HuggingFace;

/// <summary>Reads networks from the config.json files of the transformers library: shapes alone, with the library's defaults for missing keys.</summary>
public sealed class ConfigReader : IModelReader
{
    private static readonly Dictionary<string, string> NoAliases = [];

    private static readonly Dictionary<string, string> GptAliases = new(StringComparer.Ordinal)
    {
        ["n_embd"] = "hidden_size",
        ["n_head"] = "num_attention_heads",
        ["n_layer"] = "num_hidden_layers",
        ["n_positions"] = "max_position_embeddings",
    };

    private static readonly Dictionary<string, string> SwinAliases = new(StringComparer.Ordinal) { ["num_heads"] = "num_attention_heads" };

    private static readonly SortedDictionary<string, (Func<Config, NetworkDescription> Describe, Dictionary<string, string> Aliases)> Types =
        new(StringComparer.Ordinal)
    {
        ["cvt"] = (VisionConfigs.Cvt, NoAliases),
        ["deit"] = (VisionConfigs.Deit, NoAliases),
        ["gpt2"] = (TextConfigs.Gpt2, GptAliases),
        ["gptj"] = (TextConfigs.GptJ, GptAliases),
        ["llama"] = (TextConfigs.Llama, NoAliases),
        ["opt"] = (TextConfigs.Opt, NoAliases),
        ["pvt"] = (VisionConfigs.Pvt, NoAliases),
        ["swin"] = (VisionConfigs.Swin, SwinAliases),
        ["swinv2"] = (VisionConfigs.SwinV2, SwinAliases),
        ["vit"] = (VisionConfigs.Vit, NoAliases),
    };

    // Files of the library and of others that stand beside a configuration, by a key that they have.
    private static readonly (string Key, string What)[] Others =
    [
        ("weight_map", "the index of a network's weights; read the config.json beside it"),
        ("image_processor_type", "the settings of an image processor; read the config.json beside it"),
        ("feature_extractor_type", "the settings of a feature extractor; read the config.json beside it"),
        ("tokenizer_class", "the settings of a tokenizer; read the config.json beside it"),
        ("added_tokens", "a tokenizer; read the config.json beside it"),
        ("_from_model_config", "the settings of text generation; read the config.json beside it"),
        ("_diffusers_version", "a configuration of the diffusers library, whose networks are not read"),
        ("pretrained_cfg", "a configuration of timm, which gives no shapes; export the network to ONNX"),
        ("phases", "a schedule; read it with Import-AllsparkSchedule"),
        ("nbformat", "a notebook"),
    ];

    /// <inheritdoc/>
    public string Format => "Hugging Face configuration";

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".json"];

    /// <inheritdoc/>
    public DnnModel Read(string path, ImportSettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(settings);
        return Read(JsonSpecification.ReadFile(path), settings);
    }

    /// <summary>Reads a configuration.</summary>
    internal static DnnModel Read(SpecificationMap map, ImportSettings settings)
    {
        if (!map.TryGet("model_type", out var type))
        {
            var other = Array.Find(Others, other => map.TryGet(other.Key, out _)).What;
            throw map.Error($"the key 'model_type' is missing: this is {other ?? "no configuration of the transformers library, whose files have it"}.");
        }

        if (!Types.TryGetValue(type.Sentence(100), out var known))
            throw type.Error(SpecificationMap.Unknown("model type", type.AsScalar().Text, [.. Types.Keys]));
        var config = new Config(map, known.Aliases);
        try
        {
            var network = known.Describe(config) with { Name = settings.Name ?? NameOf(map, type.AsScalar().Text) };
            Remark(config, map, settings);
            var model = network.Build(new ModelSettings(settings.Resolution, settings.SequenceLength, settings.Precision ?? Precision.Fp16));
            return model with { Notes = [.. model.Notes, .. config.Notes] };
        }
        catch (OverflowException error)
        {
            throw new SpecificationException(map.File, 1, 1, "", "describes a network whose sizes are more than can be counted.", error);
        }
        catch (ArgumentOutOfRangeException error) when (settings.Resolution is null && settings.SequenceLength is null)
        {
            throw config.Error("image_size", error.Message.Split(" (Parameter", 2)[0]);
        }
    }

    // Keys of all types that change what is computed, and are not read.
    private static void Remark(Config config, SpecificationMap map, ImportSettings settings)
    {
        if (map.TryGet("pruned_heads", out var pruned) && pruned is not (SpecificationMap { Count: 0 } or SpecificationList { Items: [] }))
            throw pruned.Error("heads that are cut out of single layers are not read: the layers would differ in shape.");
        if (map.TryGet("quantization_config", out _))
            config.Note("'quantization_config' is not read: -Precision says in which format weights and activations are.");
        if (map.TryGet("auto_map", out _))
            config.Note("'auto_map' names code that comes with the file and is not read: the network is the library's own of that type.");
        if (settings.Precision is null && (map.TryGet("torch_dtype", out var format) || map.TryGet("dtype", out format))
            && format is SpecificationScalar { Text: var text and not ("float16" or "bfloat16" or "auto") })
            config.Note($"The weights are kept in {ModelImportException.Quote(text).Trim('\'')} ('torch_dtype'); "
                + "the network is read in 16 bits unless -Precision says otherwise.");
    }

    // The last part of where the model is kept: "microsoft/swin-tiny" is swin-tiny.
    private static string NameOf(SpecificationMap map, string type)
    {
        var place = map.TryGet("_name_or_path", out var node) && node is SpecificationScalar { Text: var text } ? text : "";
        string kept = new([.. place.TrimEnd('/')[(place.TrimEnd('/').LastIndexOf('/') + 1)..].Where(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.').Take(64)]);
        return kept.Length > 0 && char.IsAsciiLetterOrDigit(kept[0]) ? kept : type;
    }
}
