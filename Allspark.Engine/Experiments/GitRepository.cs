namespace Allspark.Engine.Experiments;

/// <summary>Reads which commit a repository has checked out, from git's own files, without running git.</summary>
internal static class GitRepository
{
    private const long LargestFile = 16 << 20;

    /// <summary>The commit of the repository that holds <paramref name="folder"/>; null where there is none or it cannot be read.</summary>
    public static string? CommitOf(string folder)
    {
        try
        {
            for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
            {
                var dotGit = Path.Combine(at.FullName, ".git");
                if (Directory.Exists(dotGit))
                    return Head(dotGit);
                if (File.Exists(dotGit))
                    return Linked(at.FullName, dotGit) is { } gitFolder ? Head(gitFolder) : null;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Provenance is a courtesy: a repository that cannot be read must not stop a run.
        }

        return null;
    }

    /// <summary>A worktree or submodule: the file names the folder.</summary>
    private static string? Linked(string folder, string dotGit) =>
        Line(dotGit) is { } line && line.StartsWith("gitdir: ", StringComparison.Ordinal) ? Path.Combine(folder, line["gitdir: ".Length..]) : null;

    private static string? Head(string gitFolder)
    {
        var head = Line(Path.Combine(gitFolder, "HEAD"));
        if (head is null || !head.StartsWith("ref: ", StringComparison.Ordinal))
            return Hash(head);
        var reference = head["ref: ".Length..];
        var common = Line(Path.Combine(gitFolder, "commondir")) is { } shared ? Path.Combine(gitFolder, shared) : gitFolder;
        return Hash(Line(Path.Combine(gitFolder, reference))) ?? Hash(Line(Path.Combine(common, reference))) ?? Packed(common, reference);
    }

    private static string? Packed(string common, string reference)
    {
        var packed = Path.Combine(common, "packed-refs");
        return IsReadable(packed)
            ? Hash(File.ReadLines(packed).FirstOrDefault(line => line.EndsWith(" " + reference, StringComparison.Ordinal))?.Split(' ')[0])
            : null;
    }

    private static string? Hash(string? text) => text is { Length: 40 or 64 } && text.All(char.IsAsciiHexDigit) ? text : null;

    private static string? Line(string file) => IsReadable(file) ? File.ReadLines(file).FirstOrDefault()?.Trim() : null;

    private static bool IsReadable(string file) => new FileInfo(file) is { Exists: true, Length: <= LargestFile };
}
