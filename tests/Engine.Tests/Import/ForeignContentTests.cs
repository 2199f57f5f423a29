using System.Text;
using Allspark.Engine.Import;
using Allspark.Engine.Specifications;
using Xunit;

namespace Engine.Tests.Import;

/// <summary>A file that is not what its name says is called by what it is, with what to do about it.</summary>
public sealed class ForeignContentTests
{
    private const string Pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0000000000000000000000000000000000000000000000000000000000000000\nsize 346293852\n";

    public static TheoryData<string, byte[], string> Contents => new()
    {
        { "empty", [], "empty" },
        { "pointer", Encoding.UTF8.GetBytes(Pointer), "Fetch it with 'git lfs pull'" },
        { "page", "<!DOCTYPE html><html></html>"u8.ToArray(), "a web page" },
        { "page after blanks", "\n\n  <HTML lang='en'>"u8.ToArray(), "a web page" },
        { "XML", "<?xml version='1.0'?><Error>AccessDenied</Error>"u8.ToArray(), "a web page or XML" },
        { "UTF-16", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("{}")], "UTF-16" },
        { "UTF-16, the other way round", [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes("{}")], "UTF-16" },
        { "UTF-16 without a mark", Encoding.Unicode.GetBytes("{\"model_type\": \"vit\"}"), "UTF-16" },
        { "zeros", new byte[4096], "nothing but zeros" },
        { "safetensors", [.. BitConverter.GetBytes(72L), .. "{\"__metadata__\":{}}"u8], "safetensors" },
        { "GGUF", [.. "GGUF"u8, 3, 0, 0, 0], "GGUF" },
        { "PyTorch", [.. "PK\u0003\u0004"u8, 0, 0], "torch.onnx.export" },
        { "pickle", [0x80, 0x04, 0x95, 1, 2, 3], "Python pickle" },
        { "HDF5", [0x89, .. "HDF\r\n"u8], "HDF5" },
        { "TensorFlow Lite", [0x1C, 0, 0, 0, .. "TFL3"u8], "TensorFlow Lite" },
        { "gzip", [0x1F, 0x8B, 8, 0], "gzip" },
    };

    [Theory]
    [MemberData(nameof(Contents))]
    public void EveryReaderSaysWhatItIs(string what, byte[] content, string name)
    {
        using var folder = new TemporaryFolder();
        foreach (var extension in new[] { ".onnx", ".json", ".yaml" })
        {
            var path = Path.Combine(folder.Path, "file" + extension);
            File.WriteAllBytes(path, content);
            var error = Record.Exception(() => ModelImport.Read(path));
            Assert.True(error is ModelImportException or SpecificationException, $"{what}{extension}: {error}");
            Assert.Contains(name, error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("{\"model_type\": \"vit\", \"layer_norm_eps\": NaN}", 1, "has NaN here")]
    [InlineData("{\"model_type\": \"vit\",\n \"x\": [1, Infinity]}", 2, "has Infinity here")]
    [InlineData("{\"model_type\": \"vit\",\n\n \"x\": -Infinity}", 3, "has -Infinity here")]
    [InlineData("{\"model_type\": \"vit\",}", 1, "a comma is one too many")]
    [InlineData("{\"model_type\": \"vit\" // a remark\n}", 1, "a comment")]
    [InlineData("{'model_type': 'vit'}", 1, "double quotes")]
    [InlineData("{\"model_type\": \"vit\", \"qkv_bias\": True}", 1, "written small")]
    [InlineData("{\"model_type\": \"vit\"", 1, "cut short")]
    [InlineData("404: Not Found", 1, "is not JSON")]
    public void JsonThatIsNoneSaysWhy(string text, int line, string problem)
    {
        var error = Assert.Throws<SpecificationException>(() => JsonSpecification.Read(Encoding.UTF8.GetBytes(text), "config.json"));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Equal(line, error.Line);
    }

    [Theory]
    [InlineData("{\"metadata\": {}, \"weight_map\": {}}", "index of a network's weights")]
    [InlineData("{\"image_processor_type\": \"ViTImageProcessor\"}", "image processor")]
    [InlineData("{\"_from_model_config\": true}", "text generation")]
    [InlineData("{\"architecture\": \"vit_base\", \"pretrained_cfg\": {}}", "timm")]
    [InlineData("{\"a\": 1}", "no configuration of the transformers library")]
    public void JsonThatIsNoConfigurationIsNamed(string text, string what)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "config.json");
        File.WriteAllText(path, text);
        Assert.Contains(what, Assert.Throws<SpecificationException>(() => ModelImport.Read(path)).Message, StringComparison.Ordinal);
    }

    // Bytes 8 and 9 of this text are those that safetensors files begin their header with.
    [Fact]
    public void JsonIsNotTakenForSafetensors() =>
        Assert.Single(JsonSpecification.Read("{\"abcd\":{\"x\": 1}}"u8.ToArray(), "x.json").Keys);

    [Theory]
    [InlineData("model.pth", "torch.onnx.export")]
    [InlineData("model.safetensors", "config.json beside it")]
    [InlineData("model.gguf", "config.json beside it")]
    [InlineData("model.h5", "tf2onnx")]
    [InlineData("model.onnx.gz", "Unpack it first")]
    [InlineData("model.xyz", "Files read are .onnx")]
    public void FilesOfOtherEndingsAreRefusedWithARemedy(string name, string remedy) =>
        Assert.Contains(remedy, Assert.Throws<NotSupportedException>(() => ModelImport.Read(name)).Message, StringComparison.Ordinal);
}
