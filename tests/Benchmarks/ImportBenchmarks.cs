using System.IO.Compression;
using Allspark.Engine.Import;
using Allspark.Engine.Models;
using BenchmarkDotNet.Attributes;

namespace Benchmarks;

/// <summary>Import of ONNX graphs of torchvision, from memory: 1 024, 2 510, 6 623 and 13 691 nodes.</summary>
[ShortRunJob]
public class ImportBenchmarks
{
    private byte[] graph = [];

    /// <summary>The graph.</summary>
    [Params("vit_b_16", "maxvit_t", "swin_t", "swin_b")]
    public string Name { get; set; } = "";

    /// <summary>Unpacks the graph.</summary>
    [GlobalSetup]
    public void Unpack()
    {
        using var file = File.OpenRead(Path.Combine(Repository.Root, "tests", "Engine.Tests", "Data", "onnx", Name + ".onnx.gz"));
        using var unpacked = new GZipStream(file, CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        unpacked.CopyTo(bytes);
        graph = bytes.ToArray();
    }

    /// <summary>Reads the graph, infers all shapes and recognises the blocks.</summary>
    [Benchmark]
    public DnnModel Import()
    {
        using var stream = new MemoryStream(graph);
        return OnnxImport.Read(stream, Name + ".onnx", Name);
    }
}
