namespace Engine.Tests;

/// <summary>A folder of a test's own, gone afterwards.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("allspark-test-");

    public string Path => folder.FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public IEnumerable<string> Names() => folder.EnumerateFileSystemInfos().Select(entry => entry.Name).Order(StringComparer.Ordinal);

    public void Dispose()
    {
        folder.Attributes = FileAttributes.Directory;
        folder.Delete(recursive: true);
    }
}
