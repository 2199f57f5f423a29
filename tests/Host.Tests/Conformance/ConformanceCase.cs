using System.Text.Json;

namespace Host.Tests.Conformance;

/// <summary>A failed test of a Pester case: its expanded path and the first line of its message.</summary>
internal sealed record PesterFailure(string Name, string Message);

/// <summary>One line of the corpus; see README.md for the fields.</summary>
internal sealed record ConformanceCase(string Id, string Category, string Feature, string Script, int Exit)
{
    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public string? Stdout { get; init; }

    public int Passed { get; init; }

    public int Failed { get; init; }

    public int Skipped { get; init; }

    public PesterFailure[] Failures { get; init; } = [];

    public string[] Tag { get; init; } = [];

    public string[] ExcludeTag { get; init; } = [];

    public bool IsPester => Category == "pester";

    /// <summary>All cases of the .jsonl files beside the tests, ids unique.</summary>
    public static IReadOnlyList<ConformanceCase> LoadAll()
    {
        var cases = Directory.EnumerateFiles(Folder, "*.jsonl").Order(StringComparer.Ordinal)
            .SelectMany(File.ReadLines).Where(line => line.Length > 0)
            .Select(line => JsonSerializer.Deserialize<ConformanceCase>(line, Format)!).ToList();
        Assert.Equal(cases.Count, cases.DistinctBy(item => item.Id).Count());
        return cases;
    }

    /// <summary>Known differences from PowerShell: case id → reason.</summary>
    public static IReadOnlyDictionary<string, string> LoadKnownDifferences() =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(Path.Combine(Folder, "known-differences.json")))!;

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Conformance");
}
