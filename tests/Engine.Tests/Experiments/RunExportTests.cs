using System.Globalization;
using System.Text.Json;
using Allspark.Engine.Experiments;
using Xunit;

namespace Engine.Tests.Experiments;

public sealed class RunExportTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private IReadOnlyList<Run> Runs()
    {
        using var store = RunStore.Open(folder.File("runs.db"), RunStoreMode.ReadWrite);
        store.Log(Samples.Record());
        store.Log(Samples.Record("odd,\"name\"\n=1+1", latency: 1e-300) with { Metrics = [new("Extra", 0.1, "m")] });
        return store.Runs();
    }

    [Fact]
    public void CsvQuotesTextsAndKeepsEveryBit()
    {
        var path = RunExport.Write(Runs(), folder.File("runs.csv"));
        var text = File.ReadAllText(path);
        var rows = ParseCsv(text);
        Assert.Equal(3, rows.Count);
        Assert.All(rows, row => Assert.Equal(rows[0].Count, row.Count));
        string Cell(int row, string column) => rows[row][rows[0].IndexOf(column)];
        Assert.Equal("odd,\"name\"\n=1+1", Cell(2, "Model"));
        Assert.Equal(1.25e-3, double.Parse(Cell(1, "LatencySeconds"), CultureInfo.InvariantCulture));
        Assert.Equal(0.1 + 0.2, double.Parse(Cell(1, "EnergyJoules"), CultureInfo.InvariantCulture));
        Assert.Equal("", Cell(1, "Extra"));
        Assert.Equal("", Cell(2, "LatencySeconds"));
        Assert.Equal("0.1", Cell(2, "Extra"));
        Assert.StartsWith("\"Id\",", text, StringComparison.Ordinal);
    }

    [Fact]
    public void JsonHoldsTheSame()
    {
        var runs = Runs();
        using var whole = JsonDocument.Parse(File.ReadAllText(RunExport.Write(runs, folder.File("runs.json"))));
        var lines = File.ReadAllLines(RunExport.Write(runs, folder.File("runs.JSONL")));
        Assert.Equal(2, whole.RootElement.GetArrayLength());
        Assert.Equal(2, lines.Length);
        foreach (var (run, i) in runs.Select((run, i) => (run, i)))
        {
            using var line = JsonDocument.Parse(lines[i]);
            foreach (var json in (JsonElement[])[whole.RootElement[i], line.RootElement])
            {
                Assert.Equal(run.Id, json.GetProperty("Id").GetInt64());
                Assert.Equal(run.Model, json.GetProperty("Model").GetString());
                Assert.Equal("Latency", json.GetProperty("Options").GetProperty("objective").GetString());
                Assert.Equal(run.Metrics.Count, json.GetProperty("Metrics").EnumerateObject().Count());
                foreach (var (name, value) in run.Metrics)
                {
                    Assert.Equal(value, json.GetProperty("Metrics").GetProperty(name).GetProperty("Value").GetDouble());
                    Assert.Equal(run.Units[name], json.GetProperty("Metrics").GetProperty(name).GetProperty("Unit").GetString());
                }
            }
        }
    }

    [Fact]
    public void AnUnknownExtensionIsRefusedWithTheKnownOnes()
    {
        var refused = Assert.Throws<ArgumentException>(() => RunExport.Write([], folder.File("runs.xlsx")));
        Assert.All(RunExport.Extensions, extension => Assert.Contains(extension, refused.Message, StringComparison.Ordinal));
        Assert.Empty(folder.Names());
    }

    [Fact]
    public void AFailedWriteLeavesTheOldFileAndNothingElse()
    {
        var path = folder.File("runs.csv");
        File.WriteAllText(path, "old");
        var broken = Runs()[0] with { Metrics = null! };
        Assert.ThrowsAny<Exception>(() => RunExport.Write([broken], path));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal(["runs.csv", "runs.db"], folder.Names());
    }

    /// <summary>RFC 4180, as a reader of its own.</summary>
    private static List<List<string>> ParseCsv(string text)
    {
        var rows = new List<List<string>> { new() { "" } };
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            var row = rows[^1];
            if (quoted && text[i] == '"' && i + 1 < text.Length && text[i + 1] == '"')
                row[^1] += text[i++];
            else if (text[i] == '"')
                quoted = !quoted;
            else if (!quoted && text[i] == ',')
                row.Add("");
            else if (!quoted && text[i] == '\r' && text[i + 1] == '\n')
                rows.Add([""]);
            else if (quoted || text[i] != '\n')
                row[^1] += text[i];
        }

        rows.RemoveAt(rows.Count - 1);
        return rows;
    }
}
