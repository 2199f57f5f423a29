using System.Text;
using Allspark.Engine.Hardware;
using Allspark.Engine.Import;
using Allspark.Engine.Import.HuggingFace;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Specifications;
using Xunit;

namespace Engine.Tests.Import;

public sealed class ConfigReaderTests
{
    private const string Thousand = "\"num_labels\": 1000";

    /// <summary>Counts of the library's own models: torchvision's and timm's where layers are equal, the model cards' elsewhere.</summary>
    [Theory]
    [InlineData("\"model_type\": \"vit\", " + Thousand, 86_567_656)]
    [InlineData("\"model_type\": \"swin\", " + Thousand, 28_288_354)]
    [InlineData("\"model_type\": \"swinv2\", \"image_size\": 256, \"window_size\": 8, " + Thousand, 28_347_154)]
    [InlineData("\"model_type\": \"gpt2\"", 124_439_808)]
    [InlineData("\"model_type\": \"gptj\"", 6_050_882_784)]
    [InlineData("\"model_type\": \"opt\"", 125_239_296)]
    [InlineData("\"model_type\": \"opt\", \"hidden_size\": 1024, \"num_hidden_layers\": 24, \"num_attention_heads\": 16, \"ffn_dim\": 4096, \"word_embed_proj_dim\": 512, \"do_layer_norm_before\": false", 331_196_416)]
    [InlineData("\"model_type\": \"llama\"", 6_738_415_616)]
    [InlineData("\"model_type\": \"llama\", \"vocab_size\": 128256, \"intermediate_size\": 14336, \"num_key_value_heads\": 8", 8_030_261_248)]
    public void ParametersAreThoseOfTheLibraryToTheLast(string keys, long parameters) => Assert.Equal(parameters, Read($"{{{keys}}}").Parameters);

    /// <summary>Published sizes, rounded as the papers round them: CvT-13 (arXiv:2103.15808), PVT-Tiny (arXiv:2102.12122), DeiT-B with distillation token.</summary>
    [Theory]
    [InlineData("cvt", 20.0, 4.53)]
    [InlineData("pvt", 13.23, 1.94)]
    [InlineData("deit", 86.6, 17.67)]
    public void SizesAreThePublishedOnes(string type, double parameters, double macs)
    {
        var model = Read($"{{\"model_type\": \"{type}\", {Thousand}}}");
        Assert.InRange(model.Parameters / 1e6 / parameters, 0.995, 1.005);
        Assert.InRange(model.Macs / 1e9 / macs, 0.985, 1.015);
    }

    /// <summary>The names that the library has for the same key in all types mean what the type's own do.</summary>
    [Theory]
    [InlineData("gpt2", "n_embd", "hidden_size", "128")]
    [InlineData("gpt2", "n_layer", "num_hidden_layers", "3")]
    [InlineData("gpt2", "n_head", "num_attention_heads", "6")]
    [InlineData("gpt2", "n_positions", "max_position_embeddings", "64")]
    [InlineData("gptj", "n_embd", "hidden_size", "256")]
    [InlineData("gptj", "n_layer", "num_hidden_layers", "3")]
    [InlineData("gptj", "n_head", "num_attention_heads", "8")]
    [InlineData("gptj", "n_positions", "max_position_embeddings", "64")]
    [InlineData("swin", "num_heads", "num_attention_heads", "[2, 4, 8, 16]")]
    [InlineData("swinv2", "num_heads", "num_attention_heads", "[2, 4, 8, 16]")]
    public void AnAliasIsTheKey(string type, string key, string alias, string value)
    {
        var head = type.StartsWith("gpt", StringComparison.Ordinal) ? "\"n_head\": 4" : "\"embed_dim\": 96";
        string Text(string name) => key == "n_head" ? $$"""{ "model_type": "{{type}}", "{{name}}": {{value}} }""" : $$"""{ "model_type": "{{type}}", {{head}}, "{{name}}": {{value}} }""";
        var model = Read(Text(key));
        Assert.Equal(model.ContentHash, Read(Text(alias)).ContentHash);
        Assert.NotEqual(Read($$"""{ "model_type": "{{type}}", {{head}} }""").ContentHash, model.ContentHash);
    }

    [Fact]
    public void AKeyAndItsAliasMustAgree()
    {
        Assert.Equal(128, Read("""{ "model_type": "gpt2", "n_embd": 128, "hidden_size": 128, "n_head": 4 }""").Blocks[0].Channels);
        var error = Assert.Throws<SpecificationException>(() => Read("""{ "model_type": "gpt2", "n_embd": 128, "hidden_size": 256, "n_head": 4 }"""));
        Assert.Equal("hidden_size", error.Key);
        Assert.Contains("'n_embd', which means the same, is 128", error.Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// The head of each of the library's classes, over a model without one: a pooler C² + C, a classifier C·L + L (or without the bias), twice that
    /// with a teacher, a decoder to the pixels of a patch and the token of a masked one.
    /// </summary>
    [Theory]
    [InlineData("vit", "ViTForImageClassification", (768 * 10) + 10)]
    [InlineData("vit", "ViTModel", (768 * 768) + 768)]
    [InlineData("vit", "ViTForMaskedImageModeling", (768 * 768) + 768 + 768)]
    [InlineData("deit", "DeiTForImageClassification", (768 * 10) + 10)]
    [InlineData("deit", "DeiTForImageClassificationWithTeacher", 2 * ((768 * 10) + 10))]
    [InlineData("deit", "DeiTModel", (768 * 768) + 768)]
    [InlineData("swin", "SwinForImageClassification", (768 * 10) + 10)]
    [InlineData("swin", "SwinModel", 0)]
    [InlineData("swin", "SwinForMaskedImageModeling", (768 * 3072) + 3072 + 96)]
    [InlineData("swinv2", "Swinv2Model", 0)]
    [InlineData("pvt", "PvtModel", 0)]
    [InlineData("pvt", "PvtForImageClassification", (512 * 10) + 10)]
    [InlineData("cvt", "CvtForImageClassification", (384 * 10) + 10 + (2 * 384))]
    [InlineData("gpt2", "GPT2LMHeadModel", 0)]
    [InlineData("gpt2", "GPT2ForSequenceClassification", 768 * 10)]
    [InlineData("gpt2", "GPT2ForTokenClassification", (768 * 10) + 10)]
    [InlineData("gpt2", "GPT2ForQuestionAnswering", (768 * 2) + 2)]
    [InlineData("gptj", "GPTJForCausalLM", (4096 * 50400) + 50400)]
    [InlineData("gptj", "GPTJForSequenceClassification", 4096 * 10)]
    [InlineData("gptj", "GPTJForQuestionAnswering", (4096 * 2) + 2)]
    [InlineData("opt", "OPTForCausalLM", 0)]
    [InlineData("opt", "OPTForSequenceClassification", 768 * 10)]
    [InlineData("llama", "LlamaForCausalLM", 4096L * 32000)]
    [InlineData("llama", "LlamaForSequenceClassification", 4096 * 10)]
    [InlineData("llama", "LlamaForTokenClassification", (4096 * 10) + 10)]
    public void TheHeadIsThatOfTheClassThatIsNamed(string type, string architecture, long head)
    {
        var bare = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["vit"] = "ViT", ["deit"] = "DeiT", ["swin"] = "Swin", ["swinv2"] = "Swinv2", ["pvt"] = "Pvt", ["cvt"] = "Cvt", ["gpt2"] = "GPT2", ["gptj"] = "GPTJ",
            ["opt"] = "OPT", ["llama"] = "Llama",
        };
        DnnModel Of(string name) => Read($$"""{ "model_type": "{{type}}", "num_labels": 10, "architectures": ["{{name}}"] }""");
        var pooler = type is "vit" or "deit" ? (768 * 768) + 768 : 0;
        Assert.Equal(head, Of(architecture).Parameters - (Of(bare[type] + "Model").Parameters - pooler));
    }

    [Fact]
    public void AMaskedPatchIsDecodedForEveryPatch()
    {
        var model = Read("""{ "model_type": "vit", "architectures": ["ViTForMaskedImageModeling"] }""");
        Assert.Equal((14 * 14, 768, 768), (((ProjectionLayer)model.Layers[^1]).ComputedTokens, model.Layers[^1].InputChannels, model.Layers[^1].OutputChannels));
        var workload = Partitioner.Split(model, ArrayCatalog.Get("stack-8x8"));
        Assert.Equal(model.Macs, workload.Phases.Sum(phase => phase.Macs));
    }

    [Theory]
    [InlineData("\"model_type\": \"vit\", \"architectures\": [\"ViTForTracking\"]", "ViTForTracking, whose head is not known")]
    [InlineData("\"model_type\": \"gpt2\", \"architectures\": [\"GPT2DoubleHeadsModel\"]", "GPT2DoubleHeadsModel, whose head is not known")]
    [InlineData("\"model_type\": \"vit\", \"architectures\": [\"ViTModel\"]", "Without a classifier, as ViTModel")]
    [InlineData("\"model_type\": \"llama\", \"quantization_config\": {\"bits\": 4}", "'quantization_config' is not read")]
    [InlineData("\"model_type\": \"llama\", \"auto_map\": {\"AutoModel\": \"code.Model\"}", "'auto_map'")]
    [InlineData("\"model_type\": \"vit\", \"torch_dtype\": \"float32\"", "float32 ('torch_dtype')")]
    public void WhatIsReadOtherwiseIsNoted(string keys, string note) =>
        Assert.Contains(Read($"{{{keys}}}").Notes, text => text.Contains(note, StringComparison.Ordinal));

    [Fact]
    public void AClassifierOfNoLabelsIsNone() => Assert.Equal(
        Read("""{ "model_type": "swin", "architectures": ["SwinModel"] }""").Parameters, Read("""{ "model_type": "swin", "num_labels": 0 }""").Parameters);

    // The library's convolution has the side of 'strides' and moves by 'patch_sizes'.
    [Fact]
    public void PatchesOfPvtAreThoseOfItsConvolution()
    {
        var model = Read("""{ "model_type": "pvt", "patch_sizes": [4, 2, 2, 2], "strides": [3, 2, 2, 2] }""");
        Assert.Equal((56, 3 * 9), (model.Layers[0].OutputGrid.Height, ((ProjectionLayer)model.Layers[0]).ReductionLength));
    }

    // 32 query heads on 8 heads of keys and values of 128 channels; three matrices of 14336 hidden channels.
    [Fact]
    public void GroupedQueriesAndGatesAreCounted()
    {
        var model = Read("""{ "model_type": "llama", "intermediate_size": 14336, "num_key_value_heads": 8 }""", new ImportSettings { SequenceLength = 16 });
        var block = model.Blocks[0];
        Assert.Equal((32, 8, 128, true), (block.Heads, block.KeyValueHeads, block.HeadDimension, block.GatedFeedForward));
        Assert.Equal(4096L * ((2 * 4096) + (2 * 1024)), block.AttentionWeightElements);
        Assert.Equal((16L * 4096 * ((2 * 4096) + (2 * 1024))) + (2L * 16 * 16 * 4096), block.AttentionMacs);
        Assert.Equal(16L * 3 * 4096 * 14336, block.FeedForwardMacs);

        var workload = Partitioner.Split(model, ArrayCatalog.Get("stack-8x8"));
        Assert.All(workload.Options[0], option => Assert.InRange(option.HeadParts, 1, 8));
        Assert.Equal(model.Macs, workload.Phases.Sum(phase => phase.Macs));
    }

    [Fact]
    public void ThePresetAndTheConfigurationAreTheSameNetwork()
    {
        var preset = ModelCatalog.Get("swin_t");
        var read = Read("""{ "model_type": "swin", "id2label": { ID } }""".Replace("ID", string.Join(",", Enumerable.Range(0, 1000).Select(i => $"\"{i}\": \"x\"")), StringComparison.Ordinal),
            new ImportSettings { Name = "swin_t" });
        Assert.Equal(preset.ContentHash, read.ContentHash);
        Assert.Equal(ModelCatalog.Get("vit_b_16", 384).ContentHash,
            Read($$"""{ "model_type": "vit", {{Thousand}} }""", new ImportSettings { Name = "vit_b_16", Resolution = 384 }).ContentHash);
    }

    [Fact]
    public void ANullIsTheLibrarysDefaultAndNamesAreKeptShort()
    {
        var model = Read("""{ "model_type": "gpt2", "n_inner": null, "_name_or_path": "someone/../../etc\u0007/my gpt\n2" }""");
        Assert.Equal("mygpt2", model.Name);
        Assert.Equal(4 * 768, model.Blocks[0].FeedForwardWidth);
        Assert.Equal((1, 1024), (model.InputHeight, model.InputWidth));
    }

    [Theory]
    [InlineData("{}", "", "'model_type' is missing")]
    [InlineData("[]", "", "must be keys and values")]
    [InlineData("null", "", "is null")]
    [InlineData("{\"model_type\": \"vit\"} 7", "", "is not JSON")]
    [InlineData("{\"model_type\": \"vit\",", "", "is not JSON")]
    [InlineData("{\"model_type\": \"vitt\"}", "model_type", "Did you mean 'vit'?")]
    [InlineData("{\"model_type\": 7}", "model_type", "Allowed: cvt, deit")]
    [InlineData("{\"model_type\": \"vit\", \"hidden_size\": -768}", "hidden_size", "-768 is out of bounds")]
    [InlineData("{\"model_type\": \"vit\", \"hidden_size\": 1e400}", "hidden_size", "is not a whole number")]
    [InlineData("{\"model_type\": \"vit\", \"hidden_size\": 99999999999999999999999}", "hidden_size", "is not a whole number")]
    [InlineData("{\"model_type\": \"vit\", \"hidden_size\": \"wide\"}", "hidden_size", "is not a whole number")]
    [InlineData("{\"model_type\": \"vit\", \"hidden_size\": [768]}", "hidden_size", "must be a single value")]
    [InlineData("{\"model_type\": \"vit\", \"num_attention_heads\": 7}", "num_attention_heads", "7 heads do not divide the 768 channels of 'hidden_size'")]
    [InlineData("{\"model_type\": \"vit\", \"image_size\": 225}", "image_size", "multiples of 16")]
    [InlineData("{\"model_type\": \"vit\", \"patch_size\": 15}", "image_size", "(missing, so the library's default) vit cannot take images of 224×224")]
    [InlineData("{\"model_type\": \"vit\", \"image_size\": [224, 256]}", "image_size", "no square")]
    [InlineData("{\"model_type\": \"vit\", \"qkv_bias\": 1}", "qkv_bias", "not a truth value")]
    [InlineData("{\"model_type\": \"swin\", \"depths\": [2, 2, 6]}", "num_heads", "has 4 elements and needs 3")]
    [InlineData("{\"model_type\": \"swin\", \"depths\": [2, 0, 6, 2]}", "depths[1]", "0 is out of bounds")]
    [InlineData("{\"model_type\": \"swin\", \"depths\": [2, null]}", "depths", "null")]
    [InlineData("{\"model_type\": \"swin\", \"mlp_ratio\": -4.0}", "mlp_ratio", "out of bounds")]
    [InlineData("{\"model_type\": \"pvt\", \"hidden_sizes\": [64, 128]}", "hidden_sizes", "has 2 elements")]
    [InlineData("{\"model_type\": \"cvt\", \"stride_q\": [2, 1, 1]}", "stride_q", "not read")]
    [InlineData("{\"model_type\": \"cvt\", \"patch_sizes\": [3, 3, 3]}", "patch_sizes", "leave gaps")]
    [InlineData("{\"model_type\": \"llama\", \"num_key_value_heads\": 5}", "num_key_value_heads", "do not divide the 32 heads")]
    [InlineData("{\"model_type\": \"gpt2\", \"add_cross_attention\": true}", "add_cross_attention", "not read")]
    [InlineData("{\"model_type\": \"gpt2\", \"pruned_heads\": {\"0\": [1, 2]}}", "pruned_heads", "not read")]
    [InlineData("{\"model_type\": \"cvt\", \"qkv_projection_method\": [\"avg\", \"avg\", \"avg\"]}", "qkv_projection_method", "is not read")]
    [InlineData("{\"model_type\": \"cvt\", \"padding_kv\": [0, 0, 0]}", "padding_kv", "must be 1")]
    [InlineData("{\"model_type\": \"cvt\", \"patch_padding\": [0, 1, 1]}", "patch_sizes", "no whole number")]
    [InlineData("{\"model_type\": \"pvt\", \"strides\": [7, 2, 2, 2]}", "strides", "no whole number")]
    [InlineData("{\"model_type\": \"vit\", \"patch_size\": [16, 8]}", "patch_size", "no square")]
    public void ABadConfigurationIsRefusedByKeyAndFile(string text, string key, string problem)
    {
        var error = Assert.Throws<SpecificationException>(() => Read(text));
        Assert.Equal(key, error.Key);
        Assert.Equal("config.json", error.File);
        Assert.Contains("config.json(", error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void APlaceIsALineAndAColumn()
    {
        var error = Assert.Throws<SpecificationException>(() => Read("{\n  \"model_type\": \"vit\",\n  \"hidden_size\": 0\n}"));
        Assert.Equal((3, 18), (error.Line, error.Column));
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"a\":", "}")]
    public void DeepNestingIsRefusedWithoutHarm(string open, string close)
    {
        var deep = string.Concat(Enumerable.Repeat(open, 10_000)) + "1" + string.Concat(Enumerable.Repeat(close, 10_000));
        Assert.Contains("nested deeper", Assert.Throws<SpecificationException>(() => Read($"{{\"model_type\": \"vit\", \"x\": {deep}}}")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TooManyValuesAndTooLongFilesAreRefused()
    {
        Assert.Contains("one value too many", Assert.Throws<SpecificationException>(() =>
            Read($"{{\"model_type\": \"vit\", \"x\": [{string.Join(',', Enumerable.Repeat("1", 300_000))}]}}")).Message, StringComparison.Ordinal);
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "config.json");
        File.WriteAllText(path, new string(' ', JsonSpecification.MaximumLength + 1));
        Assert.Contains("longer than", Assert.Throws<SpecificationException>(() => ModelImport.Read(path)).Message, StringComparison.Ordinal);
    }

    /// <summary>Whatever bytes are changed, the answer is a network or an error that says where; never another exception, never long.</summary>
    [Fact]
    public void ChangedConfigurationsGiveNetworksOrErrors()
    {
        var good = Encoding.UTF8.GetBytes("""
            { "model_type": "swin", "depths": [2, 2, 6, 2], "num_heads": [3, 6, 12, 24], "embed_dim": 96, "window_size": 7,
              "mlp_ratio": 4.0, "image_size": 224, "qkv_bias": true, "num_labels": 10, "hidden_act": "gelu" }
            """);
        var random = new Random(5);
        var (read, refused) = (0, 0);
        for (var round = 0; round < 3000; round++)
        {
            var bytes = (byte[])good.Clone();
            for (var change = random.Next(1, 4); change > 0; change--)
                bytes[random.Next(bytes.Length)] = round % 2 == 0 ? (byte)random.Next(256) : (byte)"0123456789{}[],:\"-.e"[random.Next(20)];
            if (round % 5 == 0)
                bytes = bytes[..random.Next(bytes.Length)];
            try
            {
                ConfigReader.Read(JsonSpecification.Read(bytes, "config.json"), new ImportSettings());
                read++;
            }
            catch (SpecificationException)
            {
                refused++;
            }
        }

        Assert.True(read > 100 && refused > 1000, $"{read} read, {refused} refused");
    }

    [Fact]
    public void FilesOfOtherEndingsAreRefusedWithThoseThatAreRead()
    {
        var error = Assert.Throws<NotSupportedException>(() => ModelImport.Read("model.pth"));
        Assert.Contains(".json (Hugging Face configuration)", error.Message, StringComparison.Ordinal);
    }

    private static DnnModel Read(string text, ImportSettings? settings = null) =>
        ConfigReader.Read(JsonSpecification.Read(Encoding.UTF8.GetBytes(text), "config.json"), settings ?? new ImportSettings());
}
