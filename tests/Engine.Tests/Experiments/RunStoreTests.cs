using Allspark.Engine.Experiments;
using Xunit;

namespace Engine.Tests.Experiments;

[Trait("Speed", "Slow")]
public sealed class RunStoreTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Path => folder.File("runs.db");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void WhatIsLoggedReadsBackBitForBit()
    {
        var record = Samples.Record();
        long id;
        using (var store = RunStore.Open(Path, RunStoreMode.ReadWrite))
        {
            var logged = store.Log(record);
            Assert.Equal(LogOutcome.Logged, logged.Outcome);
            id = logged.Id;
        }

        using var again = RunStore.Open(Path, RunStoreMode.ReadOnly);
        var run = Assert.Single(again.Runs());
        Assert.Equal(id, run.Id);
        Assert.Equal(record.Subject.Identity(), run.Identity);
        Assert.Equal(record.ResultHash(), run.Result);
        Assert.Equal(("swin_t", "stack-16x16", "Allspark", "Analytic", "Exact"), (run.Model, run.Array, run.Scheme, run.Fidelity, run.Solver));
        Assert.Equal(record.Metrics.ToDictionary(m => m.Name, m => BitConverter.DoubleToInt64Bits(m.Value)),
            run.Metrics.ToDictionary(m => m.Key, m => BitConverter.DoubleToInt64Bits(m.Value)));
        Assert.Equal("J", run.Units["EnergyJoules"]);
        Assert.Equal(1.25e-3, run.LatencySeconds);
        Assert.Equal(record.Started, run.Started);
        Assert.Equal((0.5, 0.25, 1, RunStatus.Completed), (run.WallSeconds, run.SolveSeconds, run.Executions, run.Status));
        Assert.Equal(Samples.Here with { EngineVersion = "0.1.0" }, run.Provenance);
        Assert.Equal(record.Phases, again.Phases(id));
        Assert.Equal(["measurement.json", "schedule.json"], again.ArtifactNames(id));
        Assert.Equal(record.Artifacts[0].Content, again.Artifact(id, "schedule.json"));
        Assert.Null(again.Artifact(id, "nothing.json"));
        Assert.Empty(again.Phases(id + 1));
    }

    [Fact]
    public void TheSameRunTwiceIsOneRunWithTwoExecutions()
    {
        using var store = RunStore.Open(Path, RunStoreMode.ReadWrite);
        var first = store.Log(Samples.Record());
        var second = store.Log(Samples.Record() with { WallSeconds = 0.7, Started = DateTimeOffset.UnixEpoch });
        Assert.Equal(new LoggedRun(first.Id, LogOutcome.AlreadyLogged), second);
        var run = Assert.Single(store.Runs());
        Assert.Equal((2, 0.5), (run.Executions, run.WallSeconds));
    }

    [Fact]
    public void AnotherResultForTheSameIdentityIsKeptAndReported()
    {
        using var store = RunStore.Open(Path, RunStoreMode.ReadWrite);
        store.Log(Samples.Record());
        var other = store.Log(Samples.Record(latency: Math.BitIncrement(1.25e-3)));
        Assert.Equal(LogOutcome.ResultDiffers, other.Outcome);
        Assert.Equal(2, store.Runs().Count);
        Assert.Single(store.Runs().Select(run => run.Identity).Distinct());
    }

    [Fact]
    public void AnExperimentHasItsOwnRuns()
    {
        using var store = RunStore.Open(Path, RunStoreMode.ReadWrite);
        store.Log(Samples.Record());
        Assert.Equal(LogOutcome.Logged, store.Log(Samples.Record(experiment: "other")).Outcome);
        Assert.Equal("other", Assert.Single(store.Runs(new RunFilter { Experiment = "OTH*" })).Experiment);
    }

    [Theory]
    [InlineData("swin*", 3)]
    [InlineData("SWIN-B", 1)]
    [InlineData("swin_[st]", 2)]
    [InlineData("swin_[a-s]", 2)]
    [InlineData("*_b_16", 1)]
    [InlineData("swin_?", 3)]
    [InlineData("swin", 0)]
    [InlineData("`*", 0)]
    [InlineData("odd`*na`[me", 1)]
    public void WildcardsAreThoseOfPowerShell(string model, int expected)
    {
        using var store = RunStore.Open(Path, RunStoreMode.ReadWrite);
        foreach (var name in (string[])["swin_t", "swin_s", "Swin_B", "vit_b_16", "odd*na[me"])
            store.Log(Samples.Record(name));
        Assert.Equal(expected, store.Runs(new RunFilter { Model = model }).Count);
    }

    [Fact]
    public void FiltersAddUp()
    {
        using var store = RunStore.Open(Path, RunStoreMode.ReadWrite);
        var ids = new List<long>();
        foreach (var model in (string[])["swin_t", "swin_s"])
        {
            foreach (var scheme in (string[])["Allspark", "WholeBranch"])
                ids.Add(store.Log(Samples.Record(model, scheme) with { Started = DateTimeOffset.UnixEpoch.AddDays(ids.Count) }).Id);
        }

        store.Log(Samples.Record("vit_b_16") with { Status = RunStatus.Failed, Message = "does not fit", Metrics = [], Phases = [], Artifacts = [] });
        Assert.Equal(ids[1], Assert.Single(store.Runs(new RunFilter { Model = "swin_t", Scheme = "whole*" })).Id);
        Assert.Equal([ids[0], ids[3]], store.Runs(new RunFilter { Ids = [ids[3], ids[0], 999] }).Select(run => run.Id));
        Assert.Equal(ids[2..], store.Runs(new RunFilter { Since = DateTimeOffset.UnixEpoch.AddDays(2), Status = RunStatus.Completed }).Select(run => run.Id));
        Assert.Equal(ids[..1], store.Runs(new RunFilter { Identity = Samples.Subject().Identity()[..12].ToUpperInvariant() }).Select(run => run.Id));
        var failed = Assert.Single(store.Runs(new RunFilter { Status = RunStatus.Failed }));
        Assert.Equal("does not fit", failed.Message);
        Assert.Null(failed.LatencySeconds);
        Assert.Equal([ids[3], failed.Id], store.Runs(new RunFilter { Limit = 2 }).Select(run => run.Id));
    }

    [Fact]
    public void NamesAreNeverTakenForSql()
    {
        const string nasty = "'; DROP TABLE run; -- \" ` [x] %00\n";
        var record = Samples.Record(nasty, nasty, nasty) with
        {
            Metrics = [new(nasty, 1, nasty)],
            Phases = [new(0, nasty, nasty, 1, 1)],
            Artifacts = [new(nasty, nasty)],
            Message = nasty,
        };
        using var store = RunStore.Open(Path, RunStoreMode.ReadWrite);
        var id = store.Log(record).Id;
        Assert.Single(store.Runs(new RunFilter { Model = nasty.Replace("`", "``", StringComparison.Ordinal).Replace("[", "`[", StringComparison.Ordinal) }));
        Assert.Empty(store.Runs(new RunFilter { Scheme = "' OR '1'='1" }));
        var run = Assert.Single(store.Runs());
        Assert.Equal((nasty, nasty, nasty), (run.Model, run.Experiment, run.Message));
        Assert.Equal(1, run.Metrics[nasty]);
        Assert.Equal(record.Phases, store.Phases(id));
        Assert.Equal(nasty, store.Artifact(id, nasty));
    }

    [Fact]
    public void RemovingARunRemovesAllOfItAndItsNumberIsNotGivenAgain()
    {
        using var store = RunStore.Open(Path, RunStoreMode.ReadWrite);
        var first = store.Log(Samples.Record()).Id;
        var second = store.Log(Samples.Record("swin_s")).Id;
        Assert.Equal(1, store.Remove([second, 12345]));
        Assert.Equal(first, Assert.Single(store.Runs()).Id);
        Assert.Empty(store.Phases(second));
        Assert.Empty(store.ArtifactNames(second));
        Assert.Equal(second + 1, store.Log(Samples.Record("swin_s")).Id);
    }

    [Fact]
    public void WhatCannotBeStoredFaithfullyIsRefusedBeforeAnythingIsWritten()
    {
        using var store = RunStore.Open(Path, RunStoreMode.ReadWrite);
        RunRecord good = Samples.Record();
        RunRecord[] bad =
        [
            good with { Experiment = "" },
            good with { WallSeconds = double.NaN },
            good with { SolveSeconds = -1 },
            good with { Metrics = [new("x", double.NaN, "")] },
            good with { Metrics = [new("x", double.PositiveInfinity, "")] },
            good with { Metrics = [new("x", 1, ""), new("x", 2, "")] },
            good with { Metrics = [new("", 1, "")] },
            good with { Subject = good.Subject with { OptionsJson = "[]" } },
            good with { Subject = good.Subject with { OptionsJson = "{" } },
            good with { Phases = [new(0, "b", "k", 1, 1), new(0, "b", "k", 1, 1)] },
            good with { Phases = [new(-1, "b", "k", 1, 1)] },
            good with { Phases = [new(0, "b", "k", double.NaN, 1)] },
            good with { Phases = [new(0, "b", "k", 1, 1) { FiguresJson = "7" }] },
            good with { Artifacts = [new("a", ""), new("a", "")] },
        ];
        foreach (var record in bad)
            Assert.Throws<ArgumentException>(() => store.Log(record));
        Assert.Empty(store.Runs());
    }

    [Fact]
    public void AStoreOpenedForReadingIsNotWritten()
    {
        using (var store = RunStore.Open(Path, RunStoreMode.ReadWrite))
            store.Log(Samples.Record());
        var before = File.ReadAllBytes(Path);
        using (var store = RunStore.Open(Path, RunStoreMode.ReadOnly))
        {
            Assert.Single(store.Runs());
            Assert.Throws<InvalidOperationException>(() => store.Log(Samples.Record("swin_s")));
            Assert.Throws<InvalidOperationException>(() => store.Remove([1]));
        }

        Assert.Equal(before, File.ReadAllBytes(Path));
        Assert.Equal(["runs.db"], folder.Names());
    }

    [Fact]
    public void EveryPartOfWhatWasAskedChangesTheIdentity()
    {
        var subject = Samples.Subject();
        RunSubject[] others =
        [
            subject,
            subject with { Model = "x" },
            subject with { ModelHash = "x" },
            subject with { Array = "x" },
            subject with { ArrayHash = "x" },
            subject with { Scheme = "x" },
            subject with { Fidelity = "x" },
            subject with { Solver = "x" },
            subject with { OptionsJson = "{}" },
            subject with { EngineVersion = "x" },
            subject with { Seed = 1 },
            subject with { Model = subject.Model + subject.ModelHash[..1], ModelHash = subject.ModelHash[1..] },
        ];
        Assert.Equal(others.Length, others.Select(other => other.Identity()).Distinct().Count());
        Assert.Equal(subject.Identity(), (subject with { }).Identity());
    }
}
