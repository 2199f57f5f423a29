using Allspark.Host.Pester.Running;
using Pester;

namespace Allspark.Host.Pester.Reports;

/// <summary>Writes the course of a run to the screen: nothing, failures and files (Normal), or every test (Detailed).</summary>
internal sealed class ConsoleReport(PSCmdlet command, PesterConfiguration configuration)
{
    private static readonly string[] PlainOutput = ["PSHOST"];

    private readonly OutputConfiguration _output = configuration.Output;
    private readonly BuildService? _service = BuildService.Of(configuration.Output);
    private readonly bool _silent = Is(configuration.Output.Verbosity, "None");
    private readonly bool _detailed = Is(configuration.Output.Verbosity, "Detailed", "Diagnostic");
    private readonly bool _colorless = Is(configuration.Output.RenderMode, "Plaintext")
        || (Is(configuration.Output.RenderMode, "Auto") && Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 });

    public void RunStarts()
    {
        if (_detailed)
            Line(ConsoleColor.Magenta, "Pester v5.9.0");
    }

    public void DiscoveryStarts(int containers) => Line(ConsoleColor.Magenta, $"\nStarting discovery in {containers} files.");

    public void DiscoveryFails(Block root) => Failed($"[-] Discovery in {root.BlockContainer} failed with:", "", root.ErrorRecord, "");

    public void DiscoveryEnds(IReadOnlyCollection<Test> tests, Filter filter, TimeSpan duration)
    {
        Line(ConsoleColor.Magenta, $"Discovery found {tests.Count} tests in {Human(duration)}.");
        if (_detailed && filter.Active.Any())
        {
            foreach (var (name, values) in filter.Active)
                Line(ConsoleColor.Magenta, $"Filter '{name}' set to ('{string.Join("', '", values)}').");
            Line(ConsoleColor.Magenta, $"Filters selected {tests.Count(test => test.ShouldRun)} tests to run.");
        }
        Line(ConsoleColor.Magenta, configuration.Run.SkipRun.Value ? "\nTest run was skipped." : "Running tests.");
    }

    public void ContainerStarts(Block root)
    {
        if (_detailed && root.BlockContainer!.Item is FileInfo file)
            Line(ConsoleColor.Magenta, $"\nRunning tests from '{file.FullName}'");
    }

    public void ContainerEnds(Block root)
    {
        var name = root.BlockContainer!.Item is FileInfo file ? file.FullName : $"{root.BlockContainer.Item}";
        if (root.ErrorRecord.Count > 0)
            Failed($"[-] {name} failed with:", "", root.ErrorRecord, "");
        if (_detailed)
            return;
        if (root.Passed)
            Timed(ConsoleColor.DarkGreen, $"[+] {name}", root);
        if (root.Skip)
            Timed(ConsoleColor.Yellow, $"[!] {name}", root);
    }

    public void TestStarts(Test test)
    {
        if (_detailed && test.First)
            Heading(test.Block!);
    }

    public void TestEnds(Test test)
    {
        var margin = _detailed ? new string(' ', test.Path.Count) : "";
        if (test.Result is "Failed")
        {
            var name = _detailed ? test.ExpandedName : test.ExpandedPath;
            Failed($"{margin}[-] {name}{Marker(test)}", Times(test), test.ErrorRecord, margin + ' ');
        }
        else if (_detailed)
        {
            var reason = test.ErrorRecord.Count > 0 ? $" {test.ErrorRecord[0]}" : "";   // of Set-ItResult
            var (color, mark) = test.Result switch
            {
                "Skipped" => (ConsoleColor.Yellow, "[!]"),
                "Inconclusive" => (ConsoleColor.Gray, "[?]"),
                _ => (ConsoleColor.DarkGreen, "[+]"),
            };
            Timed(color, $"{margin}{mark} {test.ExpandedName}{reason}{Marker(test)}", test);
        }
    }

    public void BlockEnds(Block block)
    {
        if (block.IsRoot || block.OwnPassed)
            return;
        if (_detailed && block.Tests.Any(test => test is { First: true, Executed: false }))
            Heading(block);
        Failed($"[-] {block.Keyword} {string.Join('.', block.Path)} failed", "", block.ErrorRecord,
            _detailed ? new string(' ', block.Path.Count + 1) : " ");
    }

    public void RunEnds(Run run)
    {
        Line(ConsoleColor.White, $"Tests completed in {Human(run.Duration)}");
        Part(run.FailedCount > 0 ? ConsoleColor.White : ConsoleColor.DarkGreen, $"Tests Passed: {run.PassedCount}, ");
        Part(run.FailedCount > 0 ? ConsoleColor.Red : ConsoleColor.DarkGray, $"Failed: {run.FailedCount}, ");
        Part(run.SkippedCount > 0 ? ConsoleColor.Yellow : ConsoleColor.DarkGray, $"Skipped: {run.SkippedCount}, ");
        Part(run.InconclusiveCount > 0 ? ConsoleColor.Gray : ConsoleColor.DarkGray, $"Inconclusive: {run.InconclusiveCount}, ");
        Line(run.NotRunCount > 0 ? ConsoleColor.Gray : ConsoleColor.DarkGray, $"NotRun: {run.NotRunCount}");
        if (run.FailedBlocksCount > 0)
        {
            Listed($"BeforeAll \\ AfterAll failed: {run.FailedBlocksCount}",
                run.FailedBlocks.Select(block => string.Join('.', block.Path)));
        }
        if (run.FailedContainersCount > 0)
            Listed($"Container failed: {run.FailedContainersCount}", run.FailedContainers.Select(container => container.Name));
    }

    /// <summary>An error that is no test's, such as that there are no tests.</summary>
    public void Error(Exception error) =>
        Write(ConsoleColor.Red, $"{error.GetType().FullName}: {error.Message}", noNewLine: false, always: true);

    /// <summary>A block is named when its first test starts, for only then its name's templates are filled in.</summary>
    private void Heading(Block block)
    {
        if (block.IsRoot || block.WrittenToScreen)
            return;
        Heading(block.Parent!);
        block.WrittenToScreen = true;
        var level = block.Path.Count - 1;
        if (level == 0 && !block.First)
            Line(ConsoleColor.Gray, "");
        var (color, word) = block.Keyword is "Describe" ? (ConsoleColor.Green, "Describing") : (ConsoleColor.Cyan, "Context");
        Line(color, $"{new string(' ', level)}{word} {block.ExpandedName}{Marker(block)}");
    }

    private void Timed(ConsoleColor color, string text, TestNode node)
    {
        Part(color, text);
        Line(ConsoleColor.DarkGray, Times(node));
    }

    private static string Times(TestNode node) =>
        $" {Human(node.Duration)} ({Human(node.UserDuration)}|{Human(node.FrameworkDuration)})";

    /// <summary>Where a node stands, for editors that follow it.</summary>
    private string Marker(TestNode node) => configuration.Debug.ShowNavigationMarkers.Value
        ? $", {node.ScriptBlock?.File}:{node.StartLine}"
        : "";

    /// <summary>Writes a failure, in the words of the build service that runs the tests where there is one.</summary>
    private void Failed(string header, string times, List<ErrorRecord> errors, string margin)
    {
        string Number(int index) => errors.Count > 1 ? $"[{index}] " : "";
        var texts = errors.Select((error, index) => Number(index) + FailureText.Message(error) + Trace(error));
        var lines = string.Join('\n', texts).Split('\n').Select(line => margin + line);
        if (_service is { } service)
        {
            foreach (var line in service.Failure(header + times, lines))
                Line(color: null, line);
            return;
        }
        Part(ConsoleColor.Red, header, last: times.Length == 0);
        if (times.Length > 0)
            Line(ConsoleColor.DarkGray, times);
        Line(ConsoleColor.Red, string.Join('\n', lines));
    }

    private string Trace(ErrorRecord error)
    {
        var trace = FailureText.StackTrace(error);
        if (trace.Length == 0 || Is(_output.StackTraceVerbosity, "None"))
            return "";
        return '\n' + (Is(_output.StackTraceVerbosity, "FirstLine") ? trace.Split('\n')[0] : trace);
    }

    private void Listed(string title, IEnumerable<string> items)
    {
        Line(ConsoleColor.Red, title);
        Line(ConsoleColor.Red, string.Join('\n', items.Select(item => $"  - {item}")));
    }

    private void Line(ConsoleColor? color, string text) => Write(color, text, noNewLine: false, always: false);

    private void Part(ConsoleColor color, string text, bool last = false) => Write(color, text, noNewLine: !last, always: false);

    private void Write(ConsoleColor? color, string text, bool noNewLine, bool always)
    {
        if (_silent && !always)
            return;
        var message = new HostInformationMessage { Message = text, NoNewLine = noNewLine };
        if (!_colorless)
            message.ForegroundColor = color;
        command.WriteInformation(message, PlainOutput);
    }

    private static bool Is(Option<string> option, params ReadOnlySpan<string> names) =>
        names.Contains(option.Value, StringComparer.OrdinalIgnoreCase);

    private static string Human(TimeSpan time) => time < TimeSpan.FromSeconds(1)
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)Math.Round(time.TotalMilliseconds)}ms")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Round(time.TotalSeconds, 2)}s");
}
