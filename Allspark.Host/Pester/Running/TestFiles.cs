namespace Allspark.Host.Pester.Running;

/// <summary>Finds the test files that paths and patterns stand for.</summary>
internal static class TestFiles
{
    public static IEnumerable<FileInfo> Find(
        PSCmdlet command, IEnumerable<string> paths, IEnumerable<string> excluded, string extension)
    {
        var exclusions = excluded.Select(text => text.Replace('\\', '/'))
            .Select(text => WildcardPattern.Get(text, WildcardOptions.IgnoreCase)).ToArray();
        return paths.Where(path => !string.IsNullOrWhiteSpace(path))
            .SelectMany(path => Expand(command, path, extension))
            .DistinctBy(file => file.FullName)
            .Where(file => !exclusions.Any(exclusion => exclusion.IsMatch(file.FullName)));
    }

    private static IEnumerable<FileInfo> Expand(PSCmdlet command, string path, string extension)
    {
        if (!command.InvokeProvider.Item.Exists(path))
        {
            var full = command.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path);
            var missing = new ItemNotFoundException($"Cannot find path '{full}' because it does not exist.");
            command.WriteError(new ErrorRecord(missing, "PathNotFound", ErrorCategory.ObjectNotFound, path));
            return [];
        }
        var items = command.SessionState.Path.GetResolvedProviderPathFromPSPath(path, out var provider);
        if (provider.Name is not "FileSystem")
            return [];
        if (items is [var only] && File.Exists(only))
        {
            return Path.GetExtension(only).Equals(".ps1", StringComparison.OrdinalIgnoreCase)
                ? [new FileInfo(only)]
                : throw new ArgumentException($"Script path '{only}' is not a ps1 file.", nameof(path));
        }
        return items.SelectMany(item => Directory.Exists(item)
            ? In(new DirectoryInfo(item), extension)
            : Matching([new FileInfo(item)], extension));
    }

    private static IEnumerable<FileInfo> Matching(IEnumerable<FileInfo> files, string extension) =>
        files.Where(file => file.Name.EndsWith(extension, StringComparison.OrdinalIgnoreCase));

    /// <summary>The files of a folder, then those of the folders in it; hidden ones are left out.</summary>
    private static IEnumerable<FileInfo> In(DirectoryInfo folder, string extension)
    {
        var options = new EnumerationOptions();
        var files = Matching(folder.EnumerateFiles("*", options), extension);
        var folders = folder.EnumerateDirectories("*", options)
            .Where(inner => !inner.Attributes.HasFlag(FileAttributes.ReparsePoint))
            .OrderBy(inner => inner.Name, StringComparer.CurrentCultureIgnoreCase);
        return files.OrderBy(file => file.Name, StringComparer.CurrentCultureIgnoreCase)
            .Concat(folders.SelectMany(inner => In(inner, extension)));
    }
}
