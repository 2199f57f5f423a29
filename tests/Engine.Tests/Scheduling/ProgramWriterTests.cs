using System.Text.RegularExpressions;
using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Scheduling;
using Xunit;

namespace Engine.Tests.Scheduling;

[Trait("Speed", "Slow")]
public sealed partial class ProgramWriterTests
{
    public static TheoryData<int, int> Programs()
    {
        var data = new TheoryData<int, int>();
        for (var seed = 0; seed < 40; seed++)
            data.Add(seed, 1 + seed % 3);
        return data;
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void TheFilesOptimumIsTheSchedulesObjective(int seed, int regions)
    {
        var program = RandomProgram.Make(seed, regions);
        var names = LinearProgram.Of(program);
        var choices = RandomProgram.Choices(program).Take(2000).ToList();
        var best = choices.Where(choice => program.MemoryOf(choice) <= program.CapacityBytes).Select(choice => (long?)program.ValueOf(choice).Objective).Min();
        var chosen = choices.Select(choice => (IReadOnlySet<string>)choice.Select((o, p) => names.Columns[names.ColumnOf(p, o)].Name).ToHashSet()).ToList();

        Assert.Equal(best, ProgramFile.ReadLp(Text(program, ProgramFormat.Lp)).Optimum(chosen));
        Assert.Equal(best, ProgramFile.ReadMps(Text(program, ProgramFormat.Mps)).Optimum(chosen));
    }

    [Fact]
    public void AChoicesColumnsSatisfyTheRowsAndCostItsObjective()
    {
        var program = RandomProgram.Make(7, 2);
        var linear = LinearProgram.Of(program);
        foreach (var choice in RandomProgram.Choices(program).Take(500))
        {
            var values = linear.ValuesOf(choice);
            Assert.Equal(program.ValueOf(choice).Objective, linear.Columns.Select((column, c) => column.Objective * values[c]).Sum());
            var satisfied = linear.Rows.All(row => row.Terms.Sum(term => term.Coefficient * values[term.Column]) is var sum && (row.IsEquality ? sum == row.Limit : sum <= row.Limit));
            Assert.Equal(program.MemoryOf(choice) <= program.CapacityBytes, satisfied);
        }
    }

    [Fact]
    public void BothFormatsSayTheSameOfAPresetInNamesThatSolversRead()
    {
        var workload = Partitioner.Split(ModelCatalog.Get("swin_t"), ArrayCatalog.Get("stack-8x8"));
        var program = ProgramBuilder.Build(workload, new Scheduler().Machine(workload));
        var lpText = Text(program, ProgramFormat.Lp);
        var (lp, mps) = (ProgramFile.ReadLp(lpText), ProgramFile.ReadMps(Text(program, ProgramFormat.Mps)));

        Assert.Equal(program.OptionCount, lp.Binaries.Count);
        Assert.True(lp.Binaries.SetEquals(mps.Binaries));
        Assert.Equal(lp.Objective.OrderBy(term => term.Key), mps.Objective.OrderBy(term => term.Key));
        Assert.Equal(lp.Rows.Keys, mps.Rows.Keys);
        Assert.All(lp.Rows, row =>
        {
            Assert.Equal((row.Value.Sense, row.Value.Limit), (mps.Rows[row.Key].Sense, mps.Rows[row.Key].Limit));
            Assert.Equal(row.Value.Terms.OrderBy(term => term.Key), mps.Rows[row.Key].Terms.OrderBy(term => term.Key));
        });
        Assert.All(lp.Rows.Keys.Concat(lp.Rows.Values.SelectMany(row => row.Terms.Keys)).Distinct(), name => Assert.Matches(LegalName(), name));
        Assert.Contains("x.p1.stages.0.blocks.0.Attention.1x1.h1.s1", lp.Binaries);
        Assert.All(lpText.Split('\n'), line => Assert.True(line.Length < 500));
        Assert.Contains("picoseconds", lpText, StringComparison.Ordinal);
        Assert.Contains("picojoules", Text(ProgramBuilder.Build(workload, new Scheduler().Machine(workload), ScheduleObjective.Energy), ProgramFormat.Mps)[..500], StringComparison.Ordinal);
    }

    [Fact]
    public void TheExtensionSaysTheFormat()
    {
        Assert.Equal(ProgramFormat.Lp, ProgramWriter.FormatOf("a/b.LP"));
        Assert.Equal(ProgramFormat.Mps, ProgramWriter.FormatOf("b.mps"));
        Assert.Contains(".mps", Assert.Throws<ArgumentException>(() => ProgramWriter.FormatOf("b.txt")).Message, StringComparison.Ordinal);
    }

    private static string Text(ScheduleProgram program, ProgramFormat format)
    {
        using var writer = new StringWriter();
        ProgramWriter.Write(program, format, writer);
        return writer.ToString();
    }

    // No bracket, operator or leading digit, nothing that reads as a number (e5), and no longer than CBC takes.
    [GeneratedRegex("^[a-df-z][A-Za-z0-9._]{0,98}$", RegexOptions.NonBacktracking)]
    private static partial Regex LegalName();
}
