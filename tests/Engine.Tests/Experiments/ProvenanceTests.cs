using Allspark.Engine.Experiments;
using Xunit;

namespace Engine.Tests.Experiments;

public sealed class ProvenanceTests : IDisposable
{
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private void Write(string name, string text)
    {
        var path = folder.File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    [Fact]
    public void SaysWhereAndByWhichBuild()
    {
        var here = Provenance.Capture(folder.Path);
        Assert.Null(here.GitCommit);
        Assert.Equal(typeof(Provenance).Assembly.GetName().Version!.ToString(3), here.EngineVersion);
        Assert.Equal(Environment.ProcessorCount, here.ProcessorCount);
        Assert.All((string[])[here.Host, here.OperatingSystem, here.Architecture, here.Runtime], text => Assert.NotEmpty(text));
    }

    [Theory]
    [InlineData("refs/heads/main", null)]
    [InlineData(null, null)]
    [InlineData(null, "worktree")]
    [InlineData("refs/heads/main", "worktree")]
    public void ReadsTheCommitFromGitsFiles(string? looseReference, string? worktree)
    {
        Write(".git/HEAD", worktree is null ? "ref: refs/heads/main\n" : "ref: refs/heads/other\n");
        if (worktree is not null)
        {
            Write(".git/worktrees/w/HEAD", "ref: refs/heads/main\n");
            Write(".git/worktrees/w/commondir", "../..\n");
            Write("inside/.git", $"gitdir: {folder.File(".git/worktrees/w")}\n");
        }

        if (looseReference is null)
            Write(".git/packed-refs", $"# pack-refs with: peeled\n{new string('f', 40)} refs/heads/not/main\n{Commit} refs/heads/main\n^{new string('e', 40)}\n");
        else
            Write(".git/" + looseReference, Commit + "\n");
        Directory.CreateDirectory(folder.File("inside/deeper"));
        Assert.Equal(Commit, Provenance.Capture(folder.File("inside/deeper")).GitCommit);
    }

    [Fact]
    public void ReadsADetachedHead()
    {
        Write(".git/HEAD", Commit + "\n");
        Assert.Equal(Commit, Provenance.Capture(folder.Path).GitCommit);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ref: refs/heads/none\n")]
    [InlineData("ref: ../../../../etc/passwd\n")]
    [InlineData("rubbish\n")]
    public void ARepositoryThatCannotBeReadGivesNoCommit(string head)
    {
        Write(".git/HEAD", head);
        Assert.Null(Provenance.Capture(folder.Path).GitCommit);
    }
}
