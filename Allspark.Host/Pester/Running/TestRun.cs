using System.Diagnostics;
using Allspark.Host.Pester.Mocking;
using Allspark.Host.Pester.Reports;
using Pester;

namespace Allspark.Host.Pester.Running;

/// <summary>A run from its configuration to its result: containers, discovery, filter, tests, report.</summary>
internal sealed class TestRun(PSCmdlet command, PesterConfiguration configuration, ConsoleReport report)
{
    /// <summary>Lies beside the module; a script file, because only those have a script scope.</summary>
    private readonly string _containerScript = Path.Combine(command.MyInvocation.MyCommand.Module!.ModuleBase, "Container.ps1");
    private readonly Filter _filter = new(configuration.Filter);
    private readonly DateTime _start = DateTime.Now;

    public Run Execute()
    {
        Check();
        report.RunStarts();
        if (PesterSession.Current is null)
            MockHook.RemoveStale(command);
        var containers = Containers().ToArray();
        if (containers.Length == 0)
            throw new RuntimeException(NothingFound());
        var session = new PesterSession(command, configuration);
        Container[] results = [];
        PesterSession.Within(session, () => results = [.. Execute(session, containers)]);
        var run = new Run(configuration, results, _start, command.MyInvocation.BoundParameters);
        report.RunEnds(run);
        if (configuration.TestResult.Enabled.Value)
        {
            var path = command.SessionState.Path.GetUnresolvedProviderPathFromPSPath(configuration.TestResult.OutputPath.Value);
            var folder = command.SessionState.Path.CurrentLocation.Path;
            ResultFile.Write(run, path, configuration.TestResult.OutputFormat.Value, folder);
        }
        return run;
    }

    /// <summary>A copy of a container's parameters, found by name whatever its case.</summary>
    public static Hashtable Parameters(IDictionary data) => new(data, StringComparer.OrdinalIgnoreCase);

    private IEnumerable<Container> Execute(PesterSession session, ContainerInfo[] containers)
    {
        var roots = Discover(session, containers);
        if (!configuration.Run.SkipRun.Value)
        {
            var runner = new Runner(session, report, _containerScript);
            foreach (var root in roots.Where(root => root.ShouldRun))
                runner.RunContainer(root);
        }
        foreach (var root in roots.Where(root => !root.Executed))
            Outcome.CountNotRun(root);
        return roots.Select(Outcome.Contain);
    }

    private Block[] Discover(PesterSession session, ContainerInfo[] containers)
    {
        var clock = Stopwatch.StartNew();
        report.DiscoveryStarts(containers.Length);
        session.Discovering = true;
        var roots = containers.Select(container => Discover(session, container)).ToArray();
        session.Discovering = false;
        foreach (var root in roots)
            _filter.Apply(root);
        var tests = roots.SelectMany(root => root.SelfAndDescendants()).SelectMany(block => block.Tests).ToArray();
        report.DiscoveryEnds(tests, _filter, clock.Elapsed);
        return roots;
    }

    private Block Discover(PesterSession session, ContainerInfo container)
    {
        var clock = Stopwatch.StartNew();
        var root = new Block
        {
            IsRoot = true,
            Name = "Root",
            ExpandedName = "Root",
            BlockContainer = container,
            Data = container.Data,
            Scope = new RunScope(command, command),
        };
        session.CurrentContainer = container;
        session.CurrentBlock = root;
        Load(session, root);
        if (root.ErrorRecord.Count > 0)
            report.DiscoveryFails(root);
        root.DiscoveryDuration = clock.Elapsed;
        foreach (var block in root.SelfAndDescendants())
            (block.Root, block.BlockContainer) = (root, container);
        return root;
    }

    private void Load(PesterSession session, Block root)
    {
        var (scope, data) = (root.Scope!, root.BlockContainer!.Data);
        if (root.BlockContainer.Item is ScriptBlock script)
            scope.OpenScript(_containerScript, () => session.Try(root.ErrorRecord, () => scope.Call(script, data)));
        else
            session.Try(root.ErrorRecord, () => scope.CallFile(((FileInfo)root.BlockContainer.Item).FullName, data));
    }

    private IEnumerable<ContainerInfo> Containers()
    {
        var given = configuration.Run.Container.Value;
        foreach (var script in configuration.Run.ScriptBlock.Value)
            yield return new ContainerInfo { Item = script };
        foreach (var container in given)
            yield return new ContainerInfo { Item = container.Item, Data = Parameters(container.Data) };
        var paths = configuration.Run.Path.Value;
        if (paths is null or [] || (paths is [".", ..] && given.Length + configuration.Run.ScriptBlock.Value.Length > 0))
            yield break;
        var files = given.Select(container => container.Item).OfType<FileInfo>();
        var excluded = configuration.Run.ExcludePath.Value.Concat(files.Select(file => file.FullName));
        foreach (var file in TestFiles.Find(command, paths, excluded, configuration.Run.TestExtension.Value))
            yield return new ContainerInfo { Item = file };
    }

    private void Check()
    {
        var output = configuration.Output;
        Supported("Output.Verbosity", output.Verbosity.Value, "None", "Normal", "Detailed", "Diagnostic");
        Supported("Output.RenderMode", output.RenderMode.Value, "Auto", "Ansi", "ConsoleColor", "Plaintext");
        Supported("Output.CIFormat", output.CIFormat.Value, "None", "Auto", "AzureDevops", "GithubActions");
        Supported("Output.CILogLevel", output.CILogLevel.Value, "Error", "Warning");
        Supported("Output.StackTraceVerbosity", output.StackTraceVerbosity.Value, "None", "FirstLine", "Filtered", "Full");
        Supported("Run.SkipRemainingOnFailure", configuration.Run.SkipRemainingOnFailure.Value, "None", "Run", "Container", "Block");
        if (configuration.TestResult.Enabled.Value)
            Supported("TestResult.OutputFormat", configuration.TestResult.OutputFormat.Value, ResultFile.Formats);
        if (configuration.CodeCoverage.Enabled.Value)
            command.WriteWarning("Code coverage is not supported by the embedded host; run the tests with pwsh 7.6 for it.");
    }

    private static void Supported(string option, string value, params string[] values)
    {
        if (!values.Contains(value, StringComparer.OrdinalIgnoreCase))
        {
            var names = values.Select(name => $"'{name}'").ToArray();
            throw new RuntimeException($"{option} must be {string.Join(", ", names[..^1])} or {names[^1]}, but it was '{value}'. "
                + "Please review your configuration.");
        }
    }

    private string NothingFound()
    {
        var excluded = string.Join("', '", configuration.Run.ExcludePath.Value);
        var exclusion = $" And that there is at least one file not excluded by ExcludeFile filter '{excluded}'.";
        return "No test files were found and no scriptblocks were provided. Please ensure that you provided at least one path to "
            + $"a *{configuration.Run.TestExtension.Value} file, or a directory that contains such file."
            + (excluded.Length > 0 ? exclusion : "") + " Or that you provided a ScriptBlock test container.";
    }
}
