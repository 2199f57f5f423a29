using System.Diagnostics;
using Allspark.Engine.Experiments;
using Xunit;

namespace Engine.Tests.Experiments;

/// <summary>Several processes at one store, and processes that end at the wrong moment.</summary>
[Trait("Speed", "Slow")]
public sealed class RunStoreProcessTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Path => folder.File("runs.db");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void AKilledWriterLeavesOnlyWholeRuns()
    {
        var killedWhileWriting = 0;
        var completed = 0;
        for (var round = 0; round < 6; round++)
        {
            using var child = ChildProcess.Start("log", Path);
            var last = child.StandardOutput.ReadLine(); // "begin" of its first run
            var until = Stopwatch.GetTimestamp() + (Stopwatch.Frequency * (10 + (37 * round)) / 1000);
            while (Stopwatch.GetTimestamp() < until)
                Thread.Sleep(1);
            child.Kill();
            while (child.StandardOutput.ReadLine() is { } line)
            {
                last = line;
                completed += line == "done" ? 1 : 0;
            }

            child.WaitForExit();
            killedWhileWriting += last == "begin" ? 1 : 0;
        }

        using var store = RunStore.Open(Path, RunStoreMode.ReadWrite);
        var runs = store.Runs();
        Assert.InRange(runs.Count, completed, completed + 6); // a run may be whole and its "done" unsaid
        foreach (var run in runs)
        {
            Assert.Equal(3, run.Metrics.Count);
            Assert.Equal(1, run.Executions);
            Assert.Equal(2000, store.Phases(run.Id).Count);
            Assert.Equal(2, store.ArtifactNames(run.Id).Count);
        }

        Assert.True(killedWhileWriting > 0, "no kill met a write");
        Assert.Equal(LogOutcome.Logged, store.Log(Samples.Record()).Outcome);
    }

    [Fact]
    public void ProcessesAndThreadsLogAtOnce()
    {
        using var one = ChildProcess.Start("log25", Path); // they also race to make the file
        using var two = ChildProcess.Start("log25", Path);
        using (var store = RunStore.Open(Path, RunStoreMode.ReadWrite))
            Parallel.For(0, 25, i => store.Log(Samples.Record(phases: 40, seed: i)));
        foreach (var child in (Process[])[one, two])
        {
            child.StandardOutput.ReadToEnd();
            child.WaitForExit();
            Assert.Equal(0, child.ExitCode);
        }

        using var all = RunStore.Open(Path, RunStoreMode.ReadOnly);
        var runs = all.Runs();
        Assert.Equal(75, runs.Count);
        Assert.Equal(75, runs.Select(run => run.Identity).Distinct().Count());
        Assert.All(runs, run => Assert.Equal(40, all.Phases(run.Id).Count));
    }
}
