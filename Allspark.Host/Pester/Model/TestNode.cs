using Allspark.Host.Pester.Mocking;
using Allspark.Host.Pester.Running;

namespace Pester;

/// <summary>What a block and a test have in common: a place in the tree, data, filters' verdicts and an outcome.</summary>
public abstract class TestNode
{
    public string Name { get; internal set; } = "";
    public IReadOnlyList<string> Path { get; internal set; } = [];

    /// <summary>The name with its <c>&lt;templates&gt;</c> filled in; the plain name until the node runs.</summary>
    public string ExpandedName { get; internal set; } = "";
    public string ExpandedPath { get; internal set; } = "";
    public object? Data { get; internal set; }
    public string Result { get; internal set; } = "NotRun";
    public List<ErrorRecord> ErrorRecord { get; } = [];
    public IReadOnlyList<string> Tag { get; internal set; } = [];
    public ScriptBlock? ScriptBlock { get; internal set; }
    public int StartLine { get; internal set; }

    /// <summary>The same for all nodes that one <c>-ForEach</c> made, and null for the others.</summary>
    public string? GroupId { get; internal set; }
    public bool Skip { get; internal set; }
    public bool Include { get; internal set; }
    public bool Exclude { get; internal set; }
    public bool Explicit { get; internal set; }
    public bool ShouldRun { get; internal set; }
    public bool First { get; internal set; }
    public bool Last { get; internal set; }
    public bool Executed { get; internal set; }
    public DateTime? ExecutedAt { get; internal set; }
    public bool Passed { get; internal set; }
    public TimeSpan UserDuration { get; internal set; }
    public TimeSpan FrameworkDuration { get; internal set; }
    public virtual TimeSpan Duration => UserDuration + FrameworkDuration;

    internal MockTable Mocks { get; } = new();

    /// <summary>The scope the node runs in; null for the artificial root of a container.</summary>
    internal RunScope? Scope { get; set; }

    internal abstract TestNode? Container { get; }

    internal static string Mark(string result) => result switch
    {
        "Passed" => "[+]",
        "Failed" => "[-]",
        "Skipped" => "[!]",
        "Inconclusive" => "[?]",
        _ => "[ ]",
    };
}

/// <summary>One <c>It</c>, or one of those that its <c>-ForEach</c> makes.</summary>
public sealed class Test : TestNode
{
    public Block? Block { get; internal set; }
    public bool Skipped { get; internal set; }
    public bool Inconclusive { get; internal set; }
    public object? StandardOutput { get; internal set; }
    public string ItemType => "Test";

    internal override TestNode? Container => Block;

    public override string ToString() => $"{Mark(Result)} {ExpandedName}";
}

/// <summary>One <c>Describe</c> or <c>Context</c>, or the root of a container.</summary>
public sealed class Block : TestNode
{
    public Block? Parent { get; internal set; }
    public Block? Root { get; internal set; }
    public bool IsRoot { get; internal init; }
    public ContainerInfo? BlockContainer { get; internal set; }
    public List<Block> Blocks { get; } = [];
    public List<Test> Tests { get; } = [];

    /// <summary>Blocks and tests in the order the script has them.</summary>
    public List<TestNode> Order { get; } = [];
    public ScriptBlock? OneTimeTestSetup { get; internal set; }
    public ScriptBlock? EachTestSetup { get; internal set; }
    public ScriptBlock? EachTestTeardown { get; internal set; }
    public ScriptBlock? OneTimeTestTeardown { get; internal set; }

    /// <summary>Whether setup and teardown of the block itself went well.</summary>
    public bool OwnPassed { get; internal set; }
    public int TotalCount { get; internal set; }
    public int PassedCount { get; internal set; }
    public int FailedCount { get; internal set; }
    public int SkippedCount { get; internal set; }
    public int InconclusiveCount { get; internal set; }
    public int NotRunCount { get; internal set; }
    public int OwnTotalCount => Tests.Count;
    public int OwnPassedCount => Own("Passed");
    public int OwnFailedCount => Own("Failed");
    public int OwnSkippedCount => Own("Skipped");
    public int OwnInconclusiveCount => Own("Inconclusive");
    public int OwnNotRunCount => Own("NotRun");
    public TimeSpan DiscoveryDuration { get; internal set; }
    public override TimeSpan Duration => DiscoveryDuration + UserDuration + FrameworkDuration;
    public string ItemType => "Block";

    /// <summary>The keyword that made the block: Describe or Context.</summary>
    internal string Keyword { get; init; } = "";
    internal bool WrittenToScreen { get; set; }
    internal bool ParametersKnown { get; set; }
    internal override TestNode? Container => Parent;

    internal IEnumerable<Block> SelfAndAncestors()
    {
        for (var block = this; block is not null; block = block.Parent)
            yield return block;
    }

    internal IEnumerable<Block> SelfAndDescendants() => Blocks.SelectMany(block => block.SelfAndDescendants()).Prepend(this);

    public override string ToString() => $"{Mark(Result)} {Name}";

    private int Own(string result) => Tests.Count(test => test.Result == result);
}

/// <summary>A test file or script block that is to run, with the parameters it is to run with.</summary>
public sealed class ContainerInfo
{
    public string Type => Item is ScriptBlock ? "ScriptBlock" : "File";
    public required object Item { get; init; }
    public Hashtable Data { get; init; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The path of the file, or <c>&lt;ScriptBlock&gt;:file:line</c>.</summary>
    public override string ToString() => Item switch
    {
        FileInfo file => file.FullName,
        ScriptBlock { File.Length: > 0 } block => $"<ScriptBlock>:{block.File}:{block.StartPosition.StartLine}",
        _ => "<ScriptBlock>",
    };
}
