using System.ComponentModel;
using Pester;

/// <summary>
/// What a run of Pester is told: <c>New-PesterConfiguration</c> or <c>[PesterConfiguration]@{ Run = @{ PassThru = $true } }</c>.
/// Outside every namespace because scripts name the type so.
/// </summary>
[TypeConverter(typeof(SettingsConverter))]
public sealed class PesterConfiguration
{
    public static PesterConfiguration Default => new();

    public RunConfiguration Run { get; set; } = new();
    public FilterConfiguration Filter { get; set; } = new();
    public CodeCoverageConfiguration CodeCoverage { get; set; } = new();
    public TestResultConfiguration TestResult { get; set; } = new();
    public ShouldConfiguration Should { get; set; } = new();
    public DebugConfiguration Debug { get; set; } = new();
    public OutputConfiguration Output { get; set; } = new();
    public TestDriveConfiguration TestDrive { get; set; } = new();
    public TestRegistryConfiguration TestRegistry { get; set; } = new();

    /// <summary>These settings, and those of <paramref name="other"/> where it was given a value.</summary>
    internal PesterConfiguration MergedWith(PesterConfiguration other)
    {
        var merged = new PesterConfiguration();
        foreach (var section in typeof(PesterConfiguration).GetProperties().Where(property => property.CanWrite))
        {
            foreach (var option in section.PropertyType.GetProperties())
            {
                var values = new[] { other, this }.Select(each => (IOption)option.GetValue(section.GetValue(each))!);
                if (values.Select(value => value.Assigned).FirstOrDefault(assigned => assigned is not null) is { } assigned)
                    option.SetValue(section.GetValue(merged), assigned);
            }
        }
        return merged;
    }
}

namespace Pester
{
    [TypeConverter(typeof(SettingsConverter))]
    public sealed class RunConfiguration
    {
        public Option<string[]> Path { get; set => field.With(value); } = new("Folders and files that hold the tests.", ["."]);
        public Option<string[]> ExcludePath { get; set => field.With(value); } = new("Folders and files to leave out.", []);
        public Option<ScriptBlock[]> ScriptBlock { get; set => field.With(value); } = new("Script blocks that hold tests.", []);
        public Option<ContainerInfo[]> Container { get; set => field.With(value); } = new("Containers that hold tests.", []);
        public Option<string> TestExtension { get; set => field.With(value); } = new("Ending of test files.", ".Tests.ps1");
        public Option<bool> Exit { get; set => field.With(value); } = new("Exit with the number of failures.", false);
        public Option<bool> Throw { get; set => field.With(value); } = new("Throw when the run fails.", false);
        public Option<bool> PassThru { get; set => field.With(value); } = new("Return the result object.", false);
        public Option<bool> SkipRun { get; set => field.With(value); } = new("Discover the tests and do not run them.", false);
        public Option<string> SkipRemainingOnFailure { get; set => field.With(value); } =
            new("Skip the tests after a failure in None, Run, Container or Block.", "None");
    }

    [TypeConverter(typeof(SettingsConverter))]
    public sealed class FilterConfiguration
    {
        public Option<string[]> Tag { get; set => field.With(value); } = new("Tags to run, with wildcards.", []);
        public Option<string[]> ExcludeTag { get; set => field.With(value); } = new("Tags to leave out, with wildcards.", []);
        public Option<string[]> Line { get; set => field.With(value); } = new("What to run, as file:line.", []);
        public Option<string[]> ExcludeLine { get; set => field.With(value); } = new("What to leave out, as file:line.", []);
        public Option<string[]> FullName { get; set => field.With(value); } = new("Dotted names to run, with wildcards.", []);
    }

    [TypeConverter(typeof(SettingsConverter))]
    public sealed class CodeCoverageConfiguration
    {
        public Option<bool> Enabled { get; set => field.With(value); } = new("Measure coverage: not here.", false);
        public Option<string> OutputFormat { get; set => field.With(value); } = new("Format of the report.", "JaCoCo");
        public Option<string> OutputPath { get; set => field.With(value); } = new("File of the report.", "coverage.xml");
        public Option<string> OutputEncoding { get; set => field.With(value); } = new("Encoding of the report.", "UTF8");
        public Option<string[]> Path { get; set => field.With(value); } = new("Files to measure.", []);
        public Option<bool> ExcludeTests { get; set => field.With(value); } = new("Leave test files out.", true);
        public Option<bool> RecursePaths { get; set => field.With(value); } = new("Search folders below the paths.", true);
        public Option<decimal> CoveragePercentTarget { get; set => field.With(value); } = new("Share of commands to reach.", 75);
        public Option<bool> UseBreakpoints { get; set => field.With(value); } = new("Measure with breakpoints.", false);
        public Option<bool> SingleHitBreakpoints { get; set => field.With(value); } = new("Remove a breakpoint once hit.", true);
    }

    [TypeConverter(typeof(SettingsConverter))]
    public sealed class TestResultConfiguration
    {
        public Option<bool> Enabled { get; set => field.With(value); } = new("Write a report of the results.", false);
        public Option<string> OutputFormat { get; set => field.With(value); } = new("NUnitXml or JUnitXml.", "NUnitXml");
        public Option<string> OutputPath { get; set => field.With(value); } = new("File of the report.", "testResults.xml");
        public Option<string> OutputEncoding { get; set => field.With(value); } = new("Encoding of the report.", "UTF8");
        public Option<string> TestSuiteName { get; set => field.With(value); } = new("Name of the root suite.", "Pester");
    }

    [TypeConverter(typeof(SettingsConverter))]
    public sealed class ShouldConfiguration
    {
        public Option<string> ErrorAction { get; set => field.With(value); } =
            new("Stop ends the test at the first failed assertion, Continue goes on.", "Stop");
    }

    [TypeConverter(typeof(SettingsConverter))]
    public sealed class DebugConfiguration
    {
        public Option<bool> ShowFullErrors { get; set => field.With(value); } = new("Show whole stack traces.", false);
        public Option<bool> WriteDebugMessages { get; set => field.With(value); } = new("Write Pester's own messages.", false);
        public Option<string[]> WriteDebugMessagesFrom { get; set => field.With(value); } = new("Their sources.", ["*"]);
        public Option<bool> ShowNavigationMarkers { get; set => field.With(value); } = new("Show files and lines.", false);
        public Option<bool> ReturnRawResultObject { get; set => field.With(value); } = new("Return the whole result.", false);
    }

    [TypeConverter(typeof(SettingsConverter))]
    public sealed class OutputConfiguration
    {
        public Option<string> Verbosity { get; set => field.With(value); } = new("None, Normal or Detailed.", "Normal");
        public Option<string> StackTraceVerbosity { get; set => field.With(value); } = new("How much of a stack shows.", "Filtered");
        public Option<string> CIFormat { get; set => field.With(value); } = new("Format of errors in build logs.", "Auto");
        public Option<string> CILogLevel { get; set => field.With(value); } = new("Level of errors in build logs.", "Error");
        public Option<string> RenderMode { get; set => field.With(value); } = new("How colours are written.", "Auto");
    }

    [TypeConverter(typeof(SettingsConverter))]
    public sealed class TestDriveConfiguration
    {
        public Option<bool> Enabled { get; set => field.With(value); } = new("Give each container a TestDrive.", true);
    }

    [TypeConverter(typeof(SettingsConverter))]
    public sealed class TestRegistryConfiguration
    {
        public Option<bool> Enabled { get; set => field.With(value); } = new("Give each container a registry key.", true);
    }
}
