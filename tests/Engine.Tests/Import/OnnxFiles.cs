using System.Collections.Concurrent;
using System.IO.Compression;
using Allspark.Engine.Import;
using Allspark.Engine.Import.Onnx;
using Allspark.Engine.Models;

namespace Engine.Tests.Import;

/// <summary>The graphs of Data/onnx and Data/onnx-traits.</summary>
internal static class OnnxFiles
{
    private static readonly ConcurrentDictionary<string, byte[]> Files = new(StringComparer.Ordinal);

    /// <summary>Names of the graphs in a folder of Data.</summary>
    public static IEnumerable<string> In(string folder) => Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Data", folder), "*.gz")
        .Select(file => Path.GetFileName(file)[..^".onnx.gz".Length]).Order(StringComparer.Ordinal);

    public static byte[] Bytes(string name) => Files.GetOrAdd(name, static name =>
    {
        var path = Array.ConvertAll(["onnx", "onnx-traits"], folder => Path.Combine(AppContext.BaseDirectory, "Data", folder, name + ".onnx.gz"));
        using var file = File.OpenRead(Array.Find(path, File.Exists) ?? path[0]);
        using var unpacked = new GZipStream(file, CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        unpacked.CopyTo(bytes);
        return bytes.ToArray();
    });

    public static DnnModel Import(string name, params (string Name, long Size)[] dimensions) => Import(Bytes(name), name, dimensions);

    public static DnnModel Import(byte[] bytes, string name = "test", params (string Name, long Size)[] dimensions)
    {
        using var stream = new MemoryStream(bytes);
        return OnnxImport.Read(stream, name + ".onnx", name, dimensions: dimensions.ToDictionary(pair => pair.Name, pair => pair.Size));
    }

    public static Graph Graph(byte[] bytes, params (string Name, long Size)[] dimensions)
    {
        using var stream = new MemoryStream(bytes);
        return OnnxImport.ReadGraph(stream, "test.onnx", dimensions.ToDictionary(pair => pair.Name, pair => pair.Size));
    }
}
