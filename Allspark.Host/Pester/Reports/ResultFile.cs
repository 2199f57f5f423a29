using System.Runtime.InteropServices;
using System.Xml;
using System.Xml.Schema;
using Pester;

namespace Allspark.Host.Pester.Reports;

/// <summary>Writes the result of a run to a file for other programs.</summary>
internal static class ResultFile
{
    public static readonly string[] Formats = ["NUnitXml", "NUnit2.5", "NUnit3", "JUnitXml"];

    public static void Write(Run run, string path, string format, string folder)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var writer = XmlWriter.Create(path, new XmlWriterSettings { Indent = true });
        WriteTo(writer, run, format, folder);
    }

    public static void WriteTo(XmlWriter writer, Run run, string format, string folder)
    {
        writer.WriteStartDocument(standalone: false);
        if (format.Equals("JUnitXml", StringComparison.OrdinalIgnoreCase))
            new JUnitReport(writer, run, folder).Write();
        else if (format.Equals("NUnit3", StringComparison.OrdinalIgnoreCase))
            new NUnit3Report(writer, run, folder).Write();
        else
            new NUnitReport(writer, run, folder).Write();
        writer.WriteEndDocument();
    }

    public static void Attributes(this XmlWriter writer, params (string Name, object? Value)[] attributes)
    {
        foreach (var (name, value) in attributes)
            writer.WriteAttributeString(name, Writable(Convert.ToString(value, CultureInfo.InvariantCulture)));
    }

    public static void Schema(this XmlWriter writer, string schema)
    {
        writer.WriteAttributeString("xmlns", "xsi", ns: null, XmlSchema.InstanceNamespace);
        writer.WriteAttributeString("xsi", "noNamespaceSchemaLocation", XmlSchema.InstanceNamespace, schema);
    }

    /// <summary>Where the tests ran.</summary>
    public static (string Name, object? Value)[] Environment(string folder) =>
    [
        ("os-version", System.Environment.OSVersion.Version),
        ("platform", OperatingSystem.IsLinux() ? "Linux" : RuntimeInformation.OSDescription),
        ("cwd", folder),
        ("machine-name", System.Environment.MachineName),
        ("user", System.Environment.UserName),
        ("user-domain", System.Environment.GetEnvironmentVariable("USERDOMAIN")),
        ("clr-version", System.Environment.Version),
    ];

    public static (string Message, string StackTrace) Failure(TestNode test)
    {
        if (test is { ShouldRun: true, Executed: false })
            return ("This test should run but it did not. Most likely a setup in some parent block failed.", "");
        string Numbered(string text, int index) => test.ErrorRecord.Count > 1 ? $"[{index}] {text}" : text;
        string All(Func<System.Management.Automation.ErrorRecord, string> text) =>
            Writable(string.Join('\n', test.ErrorRecord.Select((error, index) => Numbered(text(error), index))));
        return (All(FailureText.Message), All(FailureText.StackTrace));
    }

    /// <summary>XML has no place for most control characters, which tests may well put into messages.</summary>
    public static string Writable(string? text) => string.Concat((text ?? "").Select(character =>
        XmlConvert.IsXmlChar(character) || char.IsSurrogate(character) ? character : '\uFFFD'));

    public static string Seconds(TimeSpan duration) =>
        Math.Round(duration.TotalSeconds, 4).ToString(CultureInfo.InvariantCulture);

    /// <summary>The data of a test whose name does not show it.</summary>
    public static string Arguments(TestNode test)
    {
        var values = Running.RunScope.Entries(test.Data).Select(entry => entry.Value switch
        {
            null => "null",
            string text => $"\"{text}\"",
            var value => System.Management.Automation.LanguagePrimitives.ConvertTo<string>(value),
        });
        return $"({string.Join(',', values)})";
    }
}

/// <summary>The NUnit 2.5 format: suites for the containers and blocks, and for each <c>-ForEach</c> of a test.</summary>
internal sealed class NUnitReport(XmlWriter writer, Run run, string folder)
{
    public void Write()
    {
        var suite = run.Configuration.TestResult.TestSuiteName.Value;
        writer.WriteStartElement("test-results");
        writer.Schema("nunit_schema_2.5.xsd");
        writer.Attributes(("name", suite), ("total", run.TotalCount - run.NotRunCount), ("errors", 0),
            ("failures", run.FailedCount), ("not-run", run.NotRunCount), ("inconclusive", run.InconclusiveCount), ("ignored", 0),
            ("skipped", run.SkippedCount), ("invalid", 0),
            ("date", run.ExecutedAt.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            ("time", run.ExecutedAt.ToString("HH:mm:ss", CultureInfo.InvariantCulture)));
        writer.WriteStartElement("environment");
        writer.Attributes([("nunit-version", "2.5.8.0"), .. ResultFile.Environment(folder)]);
        writer.WriteEndElement();
        writer.WriteStartElement("culture-info");
        writer.Attributes(
            ("current-culture", CultureInfo.CurrentCulture.Name), ("current-uiculture", CultureInfo.CurrentUICulture.Name));
        writer.WriteEndElement();
        Suite("TestFixture", suite, "Pester", Results(run.Tests), run.Duration, () =>
        {
            foreach (var container in run.Containers.Where(container => container.ShouldRun))
            {
                Suite("TestFixture", container.Name, container.Name, Results(container.AllTests()), container.Duration,
                    () => Blocks(container.Blocks));
            }
        });
        writer.WriteEndElement();
    }

    private void Blocks(IEnumerable<Block> blocks)
    {
        foreach (var block in blocks.Where(block => block.ShouldRun))
        {
            var tests = block.SelfAndDescendants().SelectMany(inner => inner.Tests);
            Suite("TestFixture", block.ExpandedPath, block.ExpandedPath, Results(tests), block.Duration, () =>
            {
                Blocks(block.Blocks);
                var groups = block.Tests.GroupBy(test => test.GroupId ?? "", StringComparer.Ordinal);
                foreach (var group in groups.OrderBy(group => group.Key, StringComparer.CurrentCulture))
                    Group(group.Key.Length > 0, [.. group]);
            });
        }
    }

    private void Group(bool parametrized, Test[] tests)
    {
        var name = parametrized ? string.Join('.', tests[0].Path) : null;
        var cases = tests.Where(test => test.ShouldRun);
        if (name is null)
            Cases(cases, name);
        else
        {
            var duration = tests.Aggregate(TimeSpan.Zero, (sum, test) => sum + test.Duration);
            Suite("ParameterizedTest", name, tests[0].Path[^1], Results(tests), duration, () => Cases(cases, name));
        }
    }

    private void Suite(string type, string name, string description, string result, TimeSpan duration, Action content)
    {
        writer.WriteStartElement("test-suite");
        writer.Attributes(("type", type), ("name", name), ("executed", "True"), ("result", result),
            ("success", result is "Failure" ? "False" : "True"), ("time", ResultFile.Seconds(duration)), ("asserts", 0),
            ("description", description));
        writer.WriteStartElement("results");
        content();
        writer.WriteEndElement();
        writer.WriteEndElement();
    }

    private void Cases(IEnumerable<Test> tests, string? suite)
    {
        foreach (var test in tests)
            Case(test, suite);
    }

    private void Case(Test test, string? suite)
    {
        var name = test.ExpandedPath == suite ? test.ExpandedPath + ResultFile.Arguments(test) : test.ExpandedPath;
        writer.WriteStartElement("test-case");
        writer.Attributes(("description", test.ExpandedName), ("name", name), ("time", ResultFile.Seconds(test.Duration)), ("asserts", 0),
            ("success", test.Result is "Passed" ? "True" : "False"));
        writer.Attributes(("result", Results([test])), ("executed", test.Result is "Skipped" ? "False" : "True"));
        if (test.Result is "Failed")
        {
            var (message, stackTrace) = ResultFile.Failure(test);
            writer.WriteStartElement("failure");
            writer.WriteElementString("message", message);
            writer.WriteElementString("stack-trace", stackTrace);
            writer.WriteEndElement();
        }
        writer.WriteEndElement();
    }

    private static string Results(IEnumerable<Test> tests)
    {
        var results = tests.Select(test => test.Result).ToHashSet(StringComparer.Ordinal);
        return results.Contains("Failed") ? "Failure"
            : results.Contains("Skipped") ? "Ignored"
            : results.Contains("Inconclusive") ? "Inconclusive"
            : "Success";
    }
}

/// <summary>The JUnit 4 format: a suite for each container.</summary>
internal sealed class JUnitReport(XmlWriter writer, Run run, string folder)
{
    public void Write()
    {
        writer.WriteStartElement("testsuites");
        writer.Schema("junit_schema_4.xsd");
        writer.Attributes(("name", run.Configuration.TestResult.TestSuiteName.Value), ("tests", run.TotalCount),
            ("errors", run.FailedContainersCount + run.FailedBlocksCount), ("failures", run.FailedCount),
            ("disabled", run.NotRunCount + run.SkippedCount), ("time", Seconds(run.Duration)));
        var id = 0;
        foreach (var container in run.Containers.Where(container => container.ShouldRun))
            Suite(container, id++);
        writer.WriteEndElement();
    }

    private void Suite(Container container, int id)
    {
        writer.WriteStartElement("testsuite");
        writer.Attributes(("name", container.Name), ("tests", container.TotalCount), ("errors", 0),
            ("failures", container.FailedCount), ("hostname", Environment.MachineName), ("id", id),
            ("skipped", container.SkippedCount), ("disabled", container.NotRunCount), ("package", container.Name),
            ("time", Seconds(container.Duration)));
        writer.WriteStartElement("properties");
        var versions = new (string, object?)[] { ("junit-version", "4"), ("framework-version", run.Version) };
        foreach (var (name, value) in versions.Concat(ResultFile.Environment(folder)))
        {
            writer.WriteStartElement("property");
            writer.Attributes(("name", name), ("value", value));
            writer.WriteEndElement();
        }
        writer.WriteEndElement();
        foreach (var test in container.AllTests().Where(test => test.ShouldRun))
            Case(test, container.Name);
        writer.WriteEndElement();
    }

    private void Case(Test test, string container)
    {
        writer.WriteStartElement("testcase");
        writer.Attributes(("name", test.ExpandedPath), ("status", test.Result), ("classname", container), ("assertions", 0),
            ("time", Seconds(test.Duration)));
        if (test.Result is not "Passed")
        {
            var (message, stackTrace) = ResultFile.Failure(test);
            writer.WriteStartElement(test.Result is "Failed" ? "failure" : "skipped");
            writer.Attributes(("message", message));
            writer.WriteString(stackTrace);
            writer.WriteEndElement();
        }
        writer.WriteEndElement();
    }

    private static string Seconds(TimeSpan duration) => duration.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);
}
