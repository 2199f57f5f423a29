using System.Collections;
using System.Management.Automation;
using Allspark.Host.Pester.Assertions;
using Allspark.Host.Pester.Reports;
using Allspark.Host.Pester.Running;
using Pester;

namespace Allspark.Host.Pester.Keywords;

/// <summary>Finds tests, discovers what is in them, runs them and reports.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "Pester", DefaultParameterSetName = "Simple")]
[OutputType(typeof(Run))]
public sealed class InvokePesterCommand : PSCmdlet
{
    [Parameter(Position = 0, ParameterSetName = "Simple")]
    [Alias("Script")]
    public string[]? Path { get; set; }

    [Parameter(ParameterSetName = "Simple")]
    public string[]? ExcludePath { get; set; }

    [Parameter(ParameterSetName = "Simple")]
    [Alias("Tag", "Tags")]
    public string[]? TagFilter { get; set; }

    [Parameter(ParameterSetName = "Simple")]
    [Alias("ExcludeTag")]
    public string[]? ExcludeTagFilter { get; set; }

    [Parameter(Position = 1, ParameterSetName = "Simple")]
    [Alias("Name")]
    public string[]? FullNameFilter { get; set; }

    [Parameter(ParameterSetName = "Simple")]
    public SwitchParameter CI { get; set; }

    [Parameter(ParameterSetName = "Simple")]
    [ValidateSet("Diagnostic", "Detailed", "Normal", "Minimal", "None")]
    public string? Output { get; set; }

    [Parameter(ParameterSetName = "Simple")]
    public SwitchParameter PassThru { get; set; }

    [Parameter(ParameterSetName = "Simple")]
    public ContainerInfo[]? Container { get; set; }

    [Parameter(ParameterSetName = "Advanced")]
    public PesterConfiguration? Configuration { get; set; }

    protected override void EndProcessing()
    {
        var configuration = Configuration ?? Simple();
        var report = new ConsoleReport(this, configuration);
        var location = SessionState.Path.CurrentLocation.Path;
        Run? run = null;
        try
        {
            run = new TestRun(this, configuration, report).Execute();
        }
        catch (Exception failure) when (PesterSession.IsFailure(failure) && !configuration.Run.Throw.Value)
        {
            report.Error(failure);
            if (configuration.Run.Exit.Value)
                Exit(-1);
        }
        finally
        {
            SessionState.Path.SetLocation(location);
        }
        var failures = run?.FailureCount ?? 0;
        SessionState.PSVariable.Set("global:LASTEXITCODE", failures);
        if (run is not null && configuration.Run.PassThru.Value && !(configuration.Run.Exit.Value && failures > 0))
            WriteObject(run);
        if (failures == 0)
            return;
        if (configuration.Run.Throw.Value)
            throw Failure.Throw($"Pester run failed, because {Describe(run!)}");
        if (configuration.Run.Exit.Value)
            Exit(failures);
    }

    private PesterConfiguration Simple()
    {
        var configuration = new PesterConfiguration();
        Set(configuration.Run.Path, Path);
        Set(configuration.Run.ExcludePath, ExcludePath);
        Set(configuration.Run.Container, Container);
        Set(configuration.Filter.Tag, TagFilter);
        Set(configuration.Filter.ExcludeTag, ExcludeTagFilter);
        Set(configuration.Filter.FullName, FullNameFilter);
        Set(configuration.Output.Verbosity, Output is "Minimal" ? "Normal" : Output);
        configuration.Run.PassThru.Value = PassThru;
        configuration.Run.Exit.Value = configuration.TestResult.Enabled.Value = CI;
        return configuration;
    }

    private static void Set<T>(Option<T> option, T? value)
        where T : class
    {
        if (value is not null)
            option.Value = value;
    }

    private static string Describe(Run run) => ValueText.List([.. new[]
    {
        (run.FailedCount, "test"),
        (run.FailedBlocksCount, "block"),
        (run.FailedContainersCount, "container"),
    }.Where(part => part.Item1 > 0).Select(part => $"{part.Item1} {part.Item2}{(part.Item1 > 1 ? "s" : "")} failed")]);

    private void Exit(int code) => this.Dot(ScriptBlock.Create("exit $args[0]"), code);
}

/// <summary>Makes the settings of a run.</summary>
[Cmdlet(VerbsCommon.New, "PesterConfiguration")]
[OutputType(typeof(PesterConfiguration))]
public sealed class NewPesterConfigurationCommand : PSCmdlet
{
    [Parameter(Position = 0)]
    public IDictionary? Hashtable { get; set; }

    protected override void EndProcessing() =>
        WriteObject(LanguagePrimitives.ConvertTo<PesterConfiguration>(Hashtable ?? new Hashtable()));
}

/// <summary>Makes containers of test files or script blocks, one for each set of parameters.</summary>
[Cmdlet(VerbsCommon.New, "PesterContainer", DefaultParameterSetName = "Path")]
[OutputType(typeof(ContainerInfo))]
public sealed class NewPesterContainerCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Path")]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = "ScriptBlock")]
    public ScriptBlock[] ScriptBlock { get; set; } = [];

    [Parameter]
    public IDictionary[]? Data { get; set; }

    protected override void EndProcessing()
    {
        IEnumerable<object> items = ParameterSetName is "Path" ? TestFiles.Find(this, Path, [], ".Tests.ps1") : ScriptBlock;
        foreach (var item in items)
        {
            foreach (var data in Data is { Length: > 0 } ? Data : [new Hashtable()])
                WriteObject(new ContainerInfo { Item = item, Data = TestRun.Parameters(data) });
        }
    }
}
