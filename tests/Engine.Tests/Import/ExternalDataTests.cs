using Allspark.Engine.Import;
using Xunit;

namespace Engine.Tests.Import;

/// <summary>Constants in other files are read where they are few and in the model's folder; nothing else is, and what is missing is named.</summary>
public sealed class ExternalDataTests
{
    private const long Macs = 9 * 8 * 4;

    private static readonly byte[] Shape = [.. new long[] { 9, 8 }.SelectMany(BitConverter.GetBytes)];

    [Fact]
    public void EveryTensorMayBeInAnotherFile() =>
        Assert.Equal((16 * 4 * 27) + 640, OnnxImport.ReadFile(Path.Combine(AppContext.BaseDirectory, "Data", "onnx-external", "external.onnx")).Macs);

    [Theory]
    [InlineData("shape.bin", 0, 16)]
    [InlineData("data/shape.bin", 100, 16)]
    [InlineData("shape.bin", 7, -1)]
    public void AShapeIsReadFromItsPlace(string location, int offset, int length)
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, location);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, [.. new byte[offset], .. Shape, 0]);
        Assert.Equal(Macs, Read(folder, location, offset, length).Macs);
    }

    [Fact]
    public void WhatIsMissingIsNamed()
    {
        using var folder = new TemporaryFolder();
        Refused(folder, "shape.bin", 0, "'shape.bin', which is not in the model's folder");
        File.WriteAllText(Path.Combine(folder.Path, "shape.bin"), "version https://git-lfs.github.com/spec/v1\n");
        Refused(folder, "shape.bin", 40, "'shape.bin', which has 43 bytes");
        Refused(folder, "shape.bin", long.MaxValue, "cut short");
    }

    [Fact]
    public void TheSizeOfADataRunMustFitTheShape()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(Path.Combine(folder.Path, "shape.bin"), Shape);
        Assert.Contains("8 bytes of data; 16 are needed", Assert.Throws<ModelImportException>(() => Read(folder, "shape.bin", 0, 8)).Message, StringComparison.Ordinal);
    }

    // The constants of a Constant node, too.
    [Fact]
    public void WeightsThatAreMissingAreNotNeeded()
    {
        using var folder = new TemporaryFolder();
        var graph = new OnnxGraphWriter().Input("x", 9, 8).WeightsAt("w", "gone.bin", 8, 4).Node("MatMul", ["x", "w"], ["y"]);
        Assert.Equal(Macs, Read(folder, graph).Macs);
    }

    [Fact]
    public void ALinkThatLeavesTheFolderIsNotFollowed()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var outside = new TemporaryFolder();
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(Path.Combine(outside.Path, "shape.bin"), Shape);
        File.CreateSymbolicLink(Path.Combine(folder.Path, "shape.bin"), Path.Combine(outside.Path, "shape.bin"));
        Refused(folder, "shape.bin", 0, "a link that leaves the model's folder");
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "data"), outside.Path);
        Refused(folder, "data/shape.bin", 0, "a link that leaves the model's folder");
    }

    // As a cache keeps models: the folder holds links into one folder of contents.
    [Fact]
    public void ALinkBesideTheModelsOwnIsFollowed()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var contents = new TemporaryFolder();
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(Path.Combine(contents.Path, "1"), Graph("shape.bin", 0, 16).ToBytes());
        File.WriteAllBytes(Path.Combine(contents.Path, "2"), Shape);
        File.CreateSymbolicLink(Path.Combine(folder.Path, "model.onnx"), Path.Combine(contents.Path, "1"));
        File.CreateSymbolicLink(Path.Combine(folder.Path, "shape.bin"), Path.Combine(contents.Path, "2"));
        Assert.Equal(Macs, OnnxImport.ReadFile(Path.Combine(folder.Path, "model.onnx")).Macs);
    }

    [Fact]
    public void WhatIsNoFileIsNotOpened()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "shape.bin"));
        Refused(folder, "shape.bin", 0, "'shape.bin'");
    }

    private static OnnxGraphWriter Graph(string location, long offset, long length) => new OnnxGraphWriter().Input("x", 8, 9).Weights("w", 8, 4)
        .Outside("shape", 7, location, offset, length, 2).Node("Reshape", ["x", "shape"], ["r"]).Node("MatMul", ["r", "w"], ["y"]);

    private static Allspark.Engine.Models.DnnModel Read(TemporaryFolder folder, OnnxGraphWriter graph)
    {
        var path = Path.Combine(folder.Path, "model.onnx");
        File.WriteAllBytes(path, graph.ToBytes());
        return OnnxImport.ReadFile(path);
    }

    private static Allspark.Engine.Models.DnnModel Read(TemporaryFolder folder, string location, long offset, long length) => Read(folder, Graph(location, offset, length));

    private static void Refused(TemporaryFolder folder, string location, long offset, string problem) =>
        Assert.Contains(problem, Assert.Throws<ModelImportException>(() => Read(folder, location, offset, 16)).Message, StringComparison.Ordinal);
}
