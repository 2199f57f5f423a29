using System.Text;
using System.Text.Json;

namespace Host.Tests.Conformance;

/// <summary>Runs one case in a process and an empty folder of its own and says how it differs from PowerShell, if it does.</summary>
internal static class CaseRun
{
    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Null when the host gave what PowerShell gives, else what it gave.</summary>
    public static async Task<string?> Difference(ConformanceCase item)
    {
        using var folder = new TemporaryFolder();
        var file = folder.File(item.IsPester ? "case.Tests.ps1" : "case.ps1");
        await File.WriteAllTextAsync(file, item.Script, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        return item.IsPester ? await PesterDifference(item, folder.Path, file) : await ScriptDifference(item, folder.Path, file);
    }

    private static async Task<string?> ScriptDifference(ConformanceCase item, string folder, string file)
    {
        var result = await HostProcess.Run(["-NoProfile", "-NonInteractive", "-File", file], folder);
        if (result.Output == item.Stdout && result.ExitCode == item.Exit)
            return null;
        return $"exit {result.ExitCode}, expected {item.Exit}\n{FirstDifference(item.Stdout!, result.Output)}\n{result.Errors}";
    }

    private static async Task<string?> PesterDifference(ConformanceCase item, string folder, string file)
    {
        using var elsewhere = new TemporaryFolder();
        var driver = elsewhere.File("driver.ps1");
        await File.WriteAllTextAsync(driver, Driver(item, file, folder + "/"));
        var result = await HostProcess.Run(["-NoProfile", "-NonInteractive", "-File", driver], folder);
        var start = result.Output.IndexOf('{', StringComparison.Ordinal);
        if (start < 0)
            return $"no result: {result.Output}\n{result.Errors}";
        var run = JsonSerializer.Deserialize<ConformanceCase>(result.Output[start..], Format)!;
        var given = Summary(run, result.ExitCode);
        var expected = Summary(item, item.Exit);
        return given == expected ? null : $"expected {expected}\nbut was  {given}\n{result.Errors}";
    }

    /// <summary>The run that the corpus' README prescribes; its result as JSON on standard output, its count of failures as exit code.</summary>
    private static string Driver(ConformanceCase item, string file, string folder) => $$"""
        $configuration = New-PesterConfiguration
        $configuration.Run.Path = '{{file}}'
        $configuration.Run.PassThru = $true
        $configuration.Output.Verbosity = 'None'
        {{Filter("Tag", item.Tag)}}
        {{Filter("ExcludeTag", item.ExcludeTag)}}
        $run = Invoke-Pester -Configuration $configuration
        $failures = foreach ($test in $run.Failed) {
            $message = if ($test.ErrorRecord.Count) { ("$($test.ErrorRecord[0].Exception.Message)" -split "`r?`n")[0].Replace('{{folder}}', '') } else { '' }
            [ordered]@{ name = $test.ExpandedPath; message = $message }
        }
        [ordered]@{ passed = $run.PassedCount; failed = $run.FailedCount; skipped = $run.SkippedCount; failures = @($failures) } | ConvertTo-Json -Depth 3
        exit $run.FailedCount + $run.FailedBlocksCount + $run.FailedContainersCount
        """;

    private static string Filter(string name, string[] tags) =>
        tags.Length == 0 ? "" : $"$configuration.Filter.{name} = {string.Join(',', tags.Select(tag => $"'{tag}'"))}";

    private static string Summary(ConformanceCase item, int exit)
    {
        var failures = item.Failures.OrderBy(failure => failure.Name, StringComparer.Ordinal)
            .ThenBy(failure => failure.Message, StringComparer.Ordinal).Select(failure => $"\n  {failure.Name}: {failure.Message}");
        return $"{item.Passed} passed, {item.Failed} failed, {item.Skipped} skipped, exit {exit}{string.Concat(failures)}";
    }

    private static string FirstDifference(string expected, string given)
    {
        var (left, right) = (expected.Split('\n'), given.Split('\n'));
        var at = left.Zip(right).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"line {at + 1}\n  expected: {At(left, at)}\n  but was:  {At(right, at)}";
    }

    private static string At(string[] lines, int index) => index < lines.Length ? lines[index] : "(end)";
}
