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
    [Parameter(Position = 0, ParameterSetName = "Legacy")]
    [Alias("Script")]
    public string[]? Path { get; set; }

    [Parameter(ParameterSetName = "Simple")]
    public string[]? ExcludePath { get; set; }

    [Parameter(ParameterSetName = "Simple")]
    [Parameter(ParameterSetName = "Legacy")]
    [Alias("Tag", "Tags")]
    public string[]? TagFilter { get; set; }

    [Parameter(ParameterSetName = "Simple")]
    [Parameter(ParameterSetName = "Legacy")]
    [Alias("ExcludeTag")]
    public string[]? ExcludeTagFilter { get; set; }

    [Parameter(Position = 1, ParameterSetName = "Simple")]
    [Parameter(Position = 1, ParameterSetName = "Legacy")]
    [Alias("Name")]
    public string[]? FullNameFilter { get; set; }

    [Parameter(ParameterSetName = "Simple")]
    public SwitchParameter CI { get; set; }

    [Parameter(ParameterSetName = "Simple")]
    [ValidateSet("Diagnostic", "Detailed", "Normal", "Minimal", "None")]
    public string? Output { get; set; }

    [Parameter(ParameterSetName = "Simple")]
    [Parameter(ParameterSetName = "Legacy")]
    public SwitchParameter PassThru { get; set; }

    [Parameter(ParameterSetName = "Simple")]
    public ContainerInfo[]? Container { get; set; }

    // Parameters of Pester 4.
    [Parameter(Position = 2, ParameterSetName = "Legacy")] public SwitchParameter EnableExit { get; set; }
    [Parameter(ParameterSetName = "Legacy")] public SwitchParameter Strict { get; set; }
    [Parameter(ParameterSetName = "Legacy")] public string? OutputFile { get; set; }
    [Parameter(ParameterSetName = "Legacy"), ValidateSet("NUnitXml", "NUnit2.5", "NUnit3", "JUnitXml")]
    public string? OutputFormat { get; set; }

    [Parameter(ParameterSetName = "Legacy")] public SwitchParameter Quiet { get; set; }
    [Parameter(ParameterSetName = "Legacy")] public object? PesterOption { get; set; }

    /// <summary>What is shown; of its many former values these still differ.</summary>
    [Parameter(ParameterSetName = "Legacy")] public string[]? Show { get; set; }

    [Parameter(ParameterSetName = "Advanced")]
    public PesterConfiguration? Configuration { get; set; }

    protected override void EndProcessing()
    {
        var configuration = Configuration ?? (ParameterSetName is "Legacy" ? Legacy() : Simple());
        if (SessionState.PSVariable.GetValue("PesterPreference") is { } preference)
            configuration = LanguagePrimitives.ConvertTo<PesterConfiguration>(preference).MergedWith(configuration);
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
        var configuration = Selection();
        Set(configuration.Run.ExcludePath, ExcludePath);
        Set(configuration.Run.Container, Container);
        Set(configuration.Output.Verbosity, Output is "Minimal" ? "Normal" : Output);
        Turn(on: CI, configuration.Run.Exit, configuration.TestResult.Enabled);
        return configuration;
    }

    private PesterConfiguration Legacy()
    {
        WriteWarning("You are using Legacy parameter set that adapts Pester 5 syntax to Pester 4 syntax. This parameter set is "
            + "deprecated, and does not work 100%. The -Strict and -PesterOption parameters are ignored, and providing advanced "
            + "configuration to -Path (-Script), and -CodeCoverage via a hash table does not work. Please refer to "
            + "https://github.com/pester/Pester/releases/tag/5.0.1#legacy-parameter-set for more information.");
        var configuration = Selection();
        Turn(on: EnableExit, configuration.Run.Exit);
        Turn(on: OutputFile is not null || OutputFormat is not null, configuration.TestResult.Enabled);
        Set(configuration.TestResult.OutputPath, OutputFile);
        Set(configuration.TestResult.OutputFormat, OutputFormat);
        configuration.Output.Verbosity.Value = Quiet ? "None" : Verbosity(Show ?? ["All"]);
        return configuration;
    }

    private static string Verbosity(string[] shown) => string.Join(',', shown).ToUpperInvariant() switch
    {
        "NONE" => "None",
        "NORMAL" or "MINIMAL" or "FAILS" => "Normal",
        "DIAGNOSTIC" => "Diagnostic",
        _ => "Detailed",
    };

    private PesterConfiguration Selection()
    {
        var configuration = new PesterConfiguration();
        Set(configuration.Run.Path, Path);
        Set(configuration.Filter.Tag, TagFilter);
        Set(configuration.Filter.ExcludeTag, ExcludeTagFilter);
        Set(configuration.Filter.FullName, FullNameFilter);
        Turn(on: PassThru, configuration.Run.PassThru);
        return configuration;
    }

    private static void Turn(bool on, params ReadOnlySpan<Option<bool>> options)
    {
        foreach (var option in options)
            option.Value = on || option.Value;
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
