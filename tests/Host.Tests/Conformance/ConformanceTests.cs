using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Host.Tests.Conformance;

/// <summary>The corpus, case by case: what PowerShell 7.6 printed, the host must print.</summary>
public sealed class ConformanceTests
{
    private const int AtATime = 2;

    /// <summary>Ids or categories, comma-separated, to which a run during work is narrowed; see README.md.</summary>
    private const string FilterVariable = "ALLSPARK_CONFORMANCE";

    [Fact]
    [Trait("Report", "corpus")]
    public async Task The_host_does_what_PowerShell_does()
    {
        var known = ConformanceCase.LoadKnownDifferences();
        var all = ConformanceCase.LoadAll();
        Assert.Empty(known.Keys.Except(all.Select(item => item.Id)));

        var chosen = all.Where(Chosen).ToList();
        var differences = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(chosen, new ParallelOptions { MaxDegreeOfParallelism = AtATime }, async (item, _) =>
        {
            if (await CaseRun.Difference(item) is { } difference)
                differences[item.Id] = difference;
        });

        TestContext.Current.TestOutputHelper?.WriteLine(Table(chosen, differences));
        var problems = new StringBuilder();
        foreach (var item in chosen)
        {
            if (differences.TryGetValue(item.Id, out var difference) && !known.ContainsKey(item.Id))
                problems.Append(item.Id).Append(" (").Append(item.Feature).Append("): ").AppendLine(difference);
            else if (difference is null && known.ContainsKey(item.Id))
                problems.Append(item.Id).AppendLine(" passes; strike it off known-differences.json.");
        }
        Assert.True(problems.Length == 0, problems.ToString());
    }

    private static bool Chosen(ConformanceCase item) =>
        Environment.GetEnvironmentVariable(FilterVariable) is not { Length: > 0 } filter
        || filter.Split(',').Any(part => item.Category == part || item.Id.StartsWith(part, StringComparison.Ordinal));

    private static string Table(List<ConformanceCase> cases, ConcurrentDictionary<string, string> differences)
    {
        var table = new StringBuilder().AppendLine("| category | cases | as PowerShell |").AppendLine("|---|---:|---:|");
        foreach (var group in cases.GroupBy(item => item.Category).Append(cases.GroupBy(_ => "total").Single()))
        {
            var count = group.Count();
            table.AppendLine(CultureInfo.InvariantCulture, $"| {group.Key} | {count} | {count - group.Count(item => differences.ContainsKey(item.Id))} |");
        }
        return table.ToString();
    }
}
