using Allspark.Engine.Models;
using Allspark.Engine.Specifications;

namespace Allspark.Engine.Import.HuggingFace;

/// <summary>Reads networks from the config.json files of the transformers library: shapes alone, with the library's defaults for missing keys.</summary>
public sealed class ConfigReader : IModelReader
{
    private static readonly SortedDictionary<string, Func<Config, NetworkDescription>> Types = new(StringComparer.Ordinal)
    {
        ["cvt"] = VisionConfigs.Cvt,
        ["deit"] = VisionConfigs.Deit,
        ["gpt2"] = TextConfigs.Gpt2,
        ["gptj"] = TextConfigs.GptJ,
        ["llama"] = TextConfigs.Llama,
        ["opt"] = TextConfigs.Opt,
        ["pvt"] = VisionConfigs.Pvt,
        ["swin"] = VisionConfigs.Swin,
        ["swinv2"] = VisionConfigs.SwinV2,
        ["vit"] = VisionConfigs.Vit,
    };

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
        var type = map["model_type"];
        if (!Types.TryGetValue(type.Sentence(100), out var describe))
            throw type.Error(SpecificationMap.Unknown("model type", type.AsScalar().Text, [.. Types.Keys]));
        var config = new Config(map);
        try
        {
            var network = describe(config) with { Name = settings.Name ?? NameOf(map, type.AsScalar().Text) };
            return network.Build(new ModelSettings(settings.Resolution, settings.SequenceLength, settings.Precision ?? Precision.Fp16));
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

    // The last part of where the model is kept: "microsoft/swin-tiny" is swin-tiny.
    private static string NameOf(SpecificationMap map, string type)
    {
        var place = map.TryGet("_name_or_path", out var node) && node is SpecificationScalar { Text: var text } ? text : "";
        string kept = new([.. place.TrimEnd('/')[(place.TrimEnd('/').LastIndexOf('/') + 1)..].Where(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.').Take(64)]);
        return kept.Length > 0 && char.IsAsciiLetterOrDigit(kept[0]) ? kept : type;
    }
}
