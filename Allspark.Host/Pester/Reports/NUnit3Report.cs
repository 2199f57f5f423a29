using System.Runtime.InteropServices;
using System.Xml;
using Allspark.Host.Pester.Running;
using Pester;

namespace Allspark.Host.Pester.Reports;

/// <summary>
/// The NUnit 3 format: an assembly for each container, in it suites for the blocks and for each <c>-ForEach</c>, in those the tests.
/// </summary>
internal sealed class NUnit3Report(XmlWriter writer, Run run, string folder)
{
    private const int FirstNode = 1000;

    private int _assembly;
    private int _node;

    public void Write()
    {
        var suite = run.Configuration.TestResult.TestSuiteName.Value;
        var counts = new Counts(run.Tests);
        writer.WriteStartElement("test-run");
        writer.Attributes(("id", 0), ("name", suite), ("fullname", suite), ("testcasecount", counts.Total),
            ("result", counts.Result(failed: run.Result is "Failed")), ("total", counts.Total), ("passed", counts.Passed),
            ("failed", counts.Failed), ("inconclusive", counts.Inconclusive), ("skipped", counts.Skipped), ("warnings", 0));
        Times(run.ExecutedAt, run.Duration);
        writer.Attributes(("asserts", counts.Total), ("random-seed", 0));
        writer.WriteElementString("filter", null);
        foreach (var container in run.Containers.Where(container => container.ShouldRun))
        {
            (_assembly, _node) = (_assembly + 1, FirstNode);
            Assembly(container);
        }
        writer.WriteEndElement();
    }

    private void Assembly(Container container)
    {
        var name = container.Item is FileInfo file ? file.Name : $"{((ScriptBlock)container.Item).Id}";
        var site = container.Blocks is [{ Root: { } root }, ..] ? Site(root) : null;
        Open(new Suite("Assembly", name, container.Name, container.Skip, container.Result, site, container.ExecutedAt, container.Duration),
            container.AllTests());
        writer.WriteStartElement("environment");
        writer.Attributes([.. ResultFile.Environment(folder), ("framework-version", run.Version),
            ("culture", CultureInfo.CurrentCulture.Name), ("uiculture", CultureInfo.CurrentUICulture.Name),
            ("os-architecture", RuntimeInformation.OSArchitecture is Architecture.X86 ? "x86" : "x64")]);
        writer.WriteEndElement();
        Blocks(container.Blocks, parent: "");
        writer.WriteEndElement();
    }

    private void Blocks(IEnumerable<Block> blocks, string parent)
    {
        foreach (var group in Groups(blocks))
        {
            if (group.Key.Length > 0)
                Opened("ParameterizedFixture", group.First(), skip: false, parent, group.SelectMany(AllTests), classPath: null, group);
            foreach (var block in group.Where(block => block.ShouldRun))
                Fixture(block, parent);
            if (group.Key.Length > 0)
                writer.WriteEndElement();
        }
    }

    private void Fixture(Block block, string parent)
    {
        var type = block.Tests.Count > 0 ? "TestFixture" : "TestSuite";
        var (name, path) = Named(block, parent);
        Open(new Suite(type, name, path, block.Skip, block.Result, Site(block), block.ExecutedAt, block.Duration)
        {
            ClassName = type is "TestFixture" ? string.Join('.', block.Path) : null,
        }, AllTests(block));
        Properties([("_TYPE", block.Keyword), .. Data(block), .. Categories(block)]);
        if (block.ErrorRecord.Count > 0)
            Failure(ResultFile.Failure(block));
        Blocks(block.Blocks, path);
        foreach (var group in Groups(block.Tests))
        {
            if (group.Key.Length > 0)
            {
                var first = group.First();
                Opened("ParameterizedMethod", first, first.Skip, path, group, string.Join('.', block.Path), group);
                Properties([.. Categories(first)]);
            }
            foreach (var test in group.Where(test => test.ShouldRun))
                Case(test, path);
            if (group.Key.Length > 0)
                writer.WriteEndElement();
        }
        writer.WriteEndElement();
    }

    private void Opened(
        string type, TestNode first, bool skip, string parent, IEnumerable<Test> tests, string? classPath, IEnumerable<TestNode> nodes)
    {
        var duration = nodes.Aggregate(TimeSpan.Zero, (sum, node) => sum + node.Duration);
        var path = parent.Length > 0 ? $"{parent}.{first.Name}" : first.Name;
        Open(new Suite(type, first.Name, path, skip, Result: "", Site: null, DateTime.MinValue, duration) { ClassName = classPath }, tests);
    }

    private void Open(Suite suite, IEnumerable<Test> tests)
    {
        var counts = new Counts(tests);
        var result = counts.Result(suite.Result is "Failed");
        writer.WriteStartElement("test-suite");
        writer.Attributes(("type", suite.Type), ("id", NextId()), ("name", suite.Name), ("fullname", suite.FullName));
        if (suite.ClassName is not null)
            writer.Attributes(("classname", suite.ClassName));
        writer.Attributes(("runstate", suite.Skip ? "Ignored" : "Runnable"), ("result", result));
        if (suite.Site is not null && result is "Failed" or "Skipped")
            writer.Attributes(("site", suite.Site));
        Times(suite.Start, suite.Duration);
        writer.Attributes(("testcasecount", counts.Total), ("total", counts.Total), ("passed", counts.Passed), ("failed", counts.Failed),
            ("inconclusive", counts.Inconclusive), ("warnings", 0), ("skipped", counts.Skipped), ("asserts", counts.Total));
    }

    private void Case(Test test, string parent)
    {
        writer.WriteStartElement("test-case");
        var path = Named(test, parent).Path;
        writer.Attributes(("id", NextId()), ("name", path), ("fullname", path), ("methodname", test.Name),
            ("classname", string.Join('.', test.Block!.Path)), ("runstate", test.Skip ? "Ignored" : "Runnable"), ("result", test.Result));
        if (test.Executed)
            Times(test.ExecutedAt, test.Duration);
        else
            writer.Attributes(("site", "Parent"));
        writer.Attributes(("seed", 0), ("asserts", 1));
        Properties([.. Data(test), .. test.GroupId is null ? Categories(test) : []]);
        var failure = ResultFile.Failure(test);
        if (test.Result is "Failed")
            Failure(failure);
        else if (test.Result is not "Passed" && failure.Message.Length > 0)
            Element("reason", () => Element("message", () => writer.WriteCData(failure.Message)));
        if (test.StandardOutput is IEnumerable<PSObject> output && output.Any())
            Element("output", () => writer.WriteCData(ResultFile.Writable(string.Join('\n', output))));
        writer.WriteEndElement();
    }

    private void Failure((string Message, string StackTrace) failure) => Element("failure", () =>
    {
        Element("message", () => writer.WriteCData(failure.Message));
        if (failure.StackTrace.Length > 0)
            Element("stack-trace", () => writer.WriteCData(failure.StackTrace));
    });

    private void Properties(List<(string Name, string Value)> properties)
    {
        if (properties.Count == 0)
            return;
        Element("properties", () =>
        {
            foreach (var (name, value) in properties)
                Element("property", () => writer.Attributes(("name", name), ("value", value)));
        });
    }

    private void Element(string name, Action content)
    {
        writer.WriteStartElement(name);
        content();
        writer.WriteEndElement();
    }

    private void Times(DateTime? start, TimeSpan duration)
    {
        string Utc(DateTime time) => time.ToUniversalTime().ToString("o", CultureInfo.InvariantCulture);
        var begun = start ?? DateTime.MinValue;
        writer.Attributes(("start-time", Utc(begun)), ("end-time", Utc(begun + duration)), ("duration", ResultFile.Seconds(duration)));
    }

    private string NextId() => $"{_assembly}-{_node++}";

    /// <summary>The expanded name, or where that does not show the data, the name and the data.</summary>
    private static (string Name, string Path) Named(TestNode node, string parent)
    {
        var plain = node.Data is IDictionary && node.Name == node.ExpandedName;
        var name = plain ? node.Name + ResultFile.Arguments(node) : node.ExpandedName;
        return (name, parent.Length > 0 ? $"{parent}.{name}" : name);
    }

    private static IEnumerable<Test> AllTests(Block block) => block.SelfAndDescendants().SelectMany(inner => inner.Tests);

    private static IEnumerable<IGrouping<string, T>> Groups<T>(IEnumerable<T> nodes)
        where T : TestNode => nodes.GroupBy(node => node.GroupId ?? "", StringComparer.Ordinal)
            .Where(group => group.Key.Length == 0 || group.Any(node => node.ShouldRun)).OrderBy(group => group.Key, StringComparer.CurrentCulture);

    private static IEnumerable<(string Name, string Value)> Data(TestNode node) =>
        RunScope.Entries(node.Data).Select(entry => (entry.Name, entry.Value switch
        {
            null => "null",
            DateTime time => time.ToUniversalTime().ToString("o", CultureInfo.InvariantCulture),
            var value => LanguagePrimitives.ConvertTo<string>(value),
        }));

    private static IEnumerable<(string Name, string Value)> Categories(TestNode node) => node.Tag.Select(tag => ("Category", tag));

    /// <summary>Where in or around a block that failed the failure lies.</summary>
    private static string? Site(Block block) => block switch
    {
        { Passed: false, OwnPassed: true } => "Child",
        { ShouldRun: true, Executed: false } => "Parent",
        { OwnPassed: true } => null,
        _ when !block.Order.Exists(node => node.ShouldRun) => null,
        _ => block.Order.Exists(node => node.Executed) ? "TearDown" : "SetUp",
    };

    private sealed record Suite(
        string Type, string Name, string FullName, bool Skip, string Result, string? Site, DateTime? Start, TimeSpan Duration)
    {
        public string? ClassName { get; init; }
    }

    /// <summary>How the tests of a suite went.</summary>
    private sealed class Counts(IEnumerable<Test> tests)
    {
        private readonly ILookup<string, Test> _results = tests.ToLookup(test => test.Result, StringComparer.Ordinal);

        public int Passed => _results["Passed"].Count();
        public int Failed => _results["Failed"].Count();
        public int Skipped => _results["Skipped"].Count();
        public int Inconclusive => _results["Inconclusive"].Count();
        public int Total => Passed + Failed + Skipped + Inconclusive;

        public string Result(bool failed) => Total == 0 ? "Inconclusive"
            : failed || Failed > 0 ? "Failed"
            : Skipped > 0 ? "Skipped"
            : Passed > 0 ? "Passed"
            : "Inconclusive";
    }
}
