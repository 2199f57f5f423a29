namespace Allspark.Host.Pester.Running;

/// <summary>
/// The folder that a container's tests write to as <c>TestDrive:</c> and <c>$TestDrive</c>. What a block adds is removed at
/// the block's end; the folder at the container's.
/// </summary>
internal sealed class TestDrive : IDisposable
{
    private const string Drive = "TestDrive";

    private readonly SessionState _state;
    private readonly string _folder;
    private readonly PSDriveInfo? _hidden;

    public TestDrive(SessionState state)
    {
        _state = state;
        _folder = Directory.CreateTempSubdirectory().FullName;
        _hidden = state.Drive.GetAll().FirstOrDefault(drive => drive.Name.Equals(Drive, StringComparison.OrdinalIgnoreCase));
        if (_hidden is not null)
            state.Drive.Remove(Drive, force: true, scope: "global");
        Publish(_folder);
    }

    /// <summary>Remembers what is there and returns what removes everything else.</summary>
    public Action Mark()
    {
        var kept = Entries().ToHashSet(StringComparer.Ordinal);
        return () =>
        {
            foreach (var entry in Entries().Where(entry => !kept.Contains(entry)).ToArray())
                Remove(entry);
        };
    }

    public void Dispose()
    {
        if (_state.Path.CurrentLocation.Drive?.Name == Drive)
            _state.Path.SetLocation(_state.Path.CurrentFileSystemLocation.ProviderPath);
        if (_state.Drive.GetAll().Any(drive => drive.Name == Drive))
            _state.Drive.Remove(Drive, force: true, scope: "global");
        if (_hidden is null)
            _state.PSVariable.Remove($"global:{Drive}");
        else
            Publish(_hidden.Root);
        Remove(_folder);
    }

    private void Publish(string folder)
    {
        var provider = _state.Provider.GetOne("FileSystem");
        _state.Drive.New(new PSDriveInfo(Drive, provider, folder, "Pester test drive", credential: null), "global");
        _state.PSVariable.Set($"global:{Drive}", folder);
    }

    private IEnumerable<string> Entries() =>
        Directory.Exists(_folder) ? Directory.EnumerateFileSystemEntries(_folder, "*", SearchOption.AllDirectories) : [];

    private static void Remove(string entry)
    {
        try
        {
            if (Directory.Exists(entry) && !File.GetAttributes(entry).HasFlag(FileAttributes.ReparsePoint))
                Directory.Delete(entry, recursive: true);
            else
                File.Delete(entry);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A file that a test still holds open stays behind in the temporary folder.
        }
    }
}
