using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Scheduling;
using Allspark.Engine.Simulation;
using Allspark.Engine.Specifications;
using Allspark.Engine.Verification;
using Xunit;

namespace Engine.Tests.Scheduling;

[Trait("Speed", "Slow")]
public sealed class ScheduleFileTests
{
    private static readonly Scheduler s_scheduler = new();

    [Theory]
    [InlineData("swin_t", "stack-8x8", PartitionScheme.Allspark)]
    [InlineData("vit_b_16", "stack-4x4", PartitionScheme.Allspark)]
    [InlineData("cswin_t", "stack-8x8", PartitionScheme.Allspark)]
    [InlineData("swin_t", "stack-8x8", PartitionScheme.WholeBranch)]
    [InlineData("swin_t", "stack-8x8", PartitionScheme.TokenParallel)]
    [InlineData("swin_t", "stack-8x8", PartitionScheme.TensorParallel)]
    [InlineData("swin_t", "stack-8x8", PartitionScheme.LayerPipeline)]
    public void WhatIsWrittenReadsBackAsTheSameSchedule(string model, string array, PartitionScheme scheme)
    {
        var written = Solve(model, array, scheme);
        var read = Read(ScheduleFile.Write(written));
        Assert.Equal(written.Solver.Objective, read.Solver.Objective);
        Assert.Equal(written.Phases.Select(phase => phase.Option.ToString()), read.Phases.Select(phase => phase.Option.ToString()));
        Assert.Equal(written.Phases.Select(phase => phase.Cost), read.Phases.Select(phase => phase.Cost));
        Assert.Equal(Measured(written), Measured(read));
        Assert.Equal(ScheduleFile.Write(written), ScheduleFile.Write(read));
        Assert.Equal((SolverStatus.Given, 0L), (read.Solver.Status, read.Solver.Bound));
        Assert.True(LegalityChecker.Check(read).Passed);
    }

    [Theory]
    [InlineData("gpt_j", 1, 1)]
    [InlineData("gpt_j", 96, 2)]
    [InlineData("gpt3_xl", 64, 1)]
    [InlineData("swin_t", null, 4)]
    public void TextsAndBatchesReadBack(string model, int? tokens, int batch)
    {
        var network = ModelCatalog.Get(model, sequenceLength: tokens) with { Batch = batch };
        var written = s_scheduler.Schedule(Partitioner.Split(network, ArrayCatalog.Get("stack-8x8")), new GreedySolver());
        var read = Read(ScheduleFile.Write(written));
        Assert.Equal((tokens, batch, network.ContentHash), (read.Model.SequenceLength, read.Model.Batch, read.Model.ContentHash));
        Assert.Equal(written.Solver.Objective, read.Solver.Objective);
        Assert.Equal(ScheduleFile.Write(written), ScheduleFile.Write(read));
    }

    [Fact]
    public void FilesOfTheFirstVersionAreRead()
    {
        var written = Solve("swin_t", "stack-8x8", PartitionScheme.Allspark);
        var first = ScheduleFile.Write(written).Replace("allspark.schedule/2", "allspark.schedule/1", StringComparison.Ordinal)
            .Replace("\"batch\":1,", "", StringComparison.Ordinal);
        Assert.Equal(ScheduleFile.Write(written), ScheduleFile.Write(Read(first)));
    }

    [Fact]
    public void ConstraintsAndWorkloadsOfOnesOwnReadBackWithTheWorkload()
    {
        var own = ArrayCatalog.Get("stack-8x8") with { Name = "mine" };
        var workload = Partitioner.Split(ModelCatalog.Get("swin_t"), own);
        var written = s_scheduler.Schedule(ScheduleConstraints.Parse([], [], 40).Apply(workload), new ExactSolver());
        var text = ScheduleFile.Write(written);
        Assert.Contains("workload", Refused(text), StringComparison.Ordinal);
        Assert.Equal(written.Solver.Objective, Read(text, workload).Solver.Objective);
    }

    [Fact]
    public void AnEditHasTheCostOfWhatItSays()
    {
        var schedule = Solve("swin_t", "stack-8x8", PartitionScheme.Allspark);
        var replicated = schedule.Phases.First(phase => phase is { SharingDegree: 1, Streamed: false } && phase.Option.SliceCopies(phase.Phase) % 4 == 0);
        var edited = Read(Edit(schedule, replicated.Index, "\"sharing\":1,", "\"sharing\":4,"));
        var phase = edited.Phases[replicated.Index];
        Assert.Equal(4, phase.SharingDegree);
        Assert.True(phase.ResidentBytes < replicated.ResidentBytes);
        Assert.True(phase.Cost.FetchSeconds > replicated.Cost.FetchSeconds);
        Assert.Equal(schedule.Phases[^1].Cost, edited.Phases[^1].Cost);
    }

    [Fact]
    public void IllegalEditsAreFoundByTheLegalityCheckWithTheirPhase()
    {
        var schedule = Solve("swin_t", "stack-8x8", PartitionScheme.Allspark);
        var attention = schedule.Phases.First(phase => phase is { Kind: PhaseKind.Attention, Groups: > 1 });
        var windows = attention.Placement.WindowSlots;
        Found("sharing", Edit(schedule, attention.Index, $"\"sharing\":{attention.SharingDegree},", "\"sharing\":63,"), attention);
        Found("placement", WithWindows([.. windows.Skip(1)]), attention);
        Found("placement", WithWindows([.. windows.Select(_ => windows[0])]), attention);
        Found("placement", WithWindows([.. windows.Select(slot => slot == windows[^1] ? attention.Groups : slot)]), attention);

        var streaming = ScheduleFile.Write(Solve("vit_h_14", "stack-8x8", PartitionScheme.Allspark));
        Assert.Contains("\"streamed\":true", streaming, StringComparison.Ordinal);
        var report = LegalityChecker.Check(Read(streaming.Replace("\"streamed\":true", "\"streamed\":false", StringComparison.Ordinal)));
        Assert.Contains(report.Findings, finding => finding is { Rule: "capacity", Node: >= 0 });

        string WithWindows(int[] slots) => Edit(schedule, attention.Index, "\"region\":0", $"\"region\":0,\"windows\":[{string.Join(',', slots)}]");
    }

    [Theory]
    [InlineData("\"format\": \"allspark.schedule/2\"", "\"format\": \"allspark.schedule/9\"", "format: is not 'allspark.schedule/2'")]
    [InlineData("\"resolution\":224", "\"resolution\":225", "225")]
    [InlineData("\"name\":\"swin_t\"", "\"name\":\"swin_x\"", "swin_x")]
    [InlineData("\"precision\":\"Fp16\"", "\"precision\":\"Fp32\"", "hash")]
    [InlineData("\"batch\":1", "\"batch\":2", "model.hash")]
    [InlineData("\"batch\":1", "\"batch\":0", "model.batch")]
    [InlineData("\"resolution\":224", "\"tokens\":224", "reads images, not text of 224 tokens")]
    [InlineData("\"scheme\": \"Allspark\"", "\"scheme\": \"WholeBranche\"", "WholeBranch")]
    [InlineData("\"kind\":\"FeedForward\"", "\"kind\":\"Attention\"", "phases[2].kind")]
    [InlineData("\"block\":\"embedding\"", "\"block\":\"head\"", "phases[0].block")]
    [InlineData("\"streamed\":false", "\"streamed\":\"maybe\"", "truth value")]
    [InlineData("\"rows\":1,", "\"rows\":3,", "3x")]
    [InlineData("\"heads\":1,", "\"heads\":2,", "parts")]
    [InlineData("\"sharing\":1,", "\"sharing\":0,", "sharing")]
    [InlineData("\"region\":0", "\"region\":0,\"speed\":9", "speed")]
    public void WhatIsNoScheduleIsRefusedWithItsPlace(string text, string other, string expected)
    {
        var written = ScheduleFile.Write(Solve("swin_t", "stack-8x8", PartitionScheme.Allspark));
        var place = written.IndexOf(text, StringComparison.Ordinal);
        Assert.True(place >= 0);
        Assert.Contains(expected, Refused(string.Concat(written.AsSpan(0, place), other, written.AsSpan(place + text.Length))), StringComparison.Ordinal);
    }

    [Fact]
    public void DamagedFilesAreRefusedOrReadNeverWorse()
    {
        var written = ScheduleFile.Write(Solve("swin_t", "stack-4x4", PartitionScheme.Allspark));
        var random = new Random(7);
        for (var i = 0; i < 300; i++)
        {
            var letters = written.ToCharArray();
            for (var change = 0; change <= i % 3; change++)
                letters[random.Next(letters.Length)] = "0123456789{}[]\",:x-"[random.Next(19)];
            try
            {
                LegalityChecker.Check(Read(new string(letters)));
            }
            catch (SpecificationException)
            {
                // With line and column: what was to be.
            }
        }
    }

    private static Schedule Solve(string model, string array, PartitionScheme scheme) =>
        s_scheduler.Schedule(Partitioner.Split(ModelCatalog.Get(model), ArrayCatalog.Get(array), scheme), new ExactSolver());

    private static double Measured(Schedule schedule) => AnalyticSimulator.Measure(schedule, s_scheduler.Machine(schedule.Workload)).LatencySeconds;

    private static string Edit(Schedule schedule, int phase, string text, string other)
    {
        var lines = ScheduleFile.Write(schedule).Split('\n');
        var line = Array.FindIndex(lines, candidate => candidate.Contains("\"block\"", StringComparison.Ordinal)) + phase;
        Assert.Contains(text, lines[line], StringComparison.Ordinal);
        lines[line] = lines[line].Replace(text, other, StringComparison.Ordinal);
        return string.Join('\n', lines);
    }

    private static void Found(string rule, string text, ScheduledPhase phase) => Assert.Contains(
        LegalityChecker.Check(Read(text)).Findings, finding => finding.Rule == rule && finding.Phase == $"{phase.Block} {phase.Kind}");

    private static string Refused(string text) => Assert.Throws<SpecificationException>(() => Read(text)).Message;

    private static Schedule Read(string text, Workload? workload = null)
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("schedule.json");
        File.WriteAllText(file, text);
        return ScheduleFile.Read(file, _ => s_scheduler, workload);
    }
}
