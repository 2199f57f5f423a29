namespace Pester;

/// <summary>The outcome of one test file or script block.</summary>
public sealed class Container
{
    private readonly Block _root;

    internal Container(Block root, string result)
    {
        _root = root;
        Result = result;
    }

    public string Name => $"{_root.BlockContainer}";
    public string Type => _root.BlockContainer!.Type;
    public object Item => _root.BlockContainer!.Item;
    public object? Data => _root.Data;
    public IReadOnlyList<Block> Blocks => _root.Blocks;
    public string Result { get; }
    public TimeSpan Duration => _root.Duration;
    public int FailedCount => _root.FailedCount;
    public int PassedCount => _root.PassedCount;
    public int SkippedCount => _root.SkippedCount;
    public int InconclusiveCount => _root.InconclusiveCount;
    public int NotRunCount => _root.NotRunCount;
    public int TotalCount => _root.TotalCount;
    public IReadOnlyList<ErrorRecord> ErrorRecord => _root.ErrorRecord;
    public bool Passed => _root.Passed;
    public bool Skip => _root.Skip;
    public bool ShouldRun => _root.ShouldRun;
    public bool Executed => _root.Executed;
    public DateTime? ExecutedAt => _root.ExecutedAt;
    public TimeSpan DiscoveryDuration => _root.DiscoveryDuration;
    public TimeSpan UserDuration => _root.UserDuration;
    public TimeSpan FrameworkDuration => _root.FrameworkDuration;

    internal IEnumerable<Block> AllBlocks() => Blocks.SelectMany(block => block.SelfAndDescendants());

    internal IEnumerable<Test> AllTests() => AllBlocks().SelectMany(block => block.Tests);

    public override string ToString() => $"{TestNode.Mark(Result)} {Name}";
}

/// <summary>What <c>Invoke-Pester -PassThru</c> returns.</summary>
public sealed class Run
{
    internal Run(
        PesterConfiguration configuration,
        IReadOnlyList<Container> containers,
        DateTime start,
        IDictionary<string, object> parameters)
    {
        Containers = containers;
        Configuration = configuration;
        ExecutedAt = start;
        PSBoundParameters = parameters;
        Tests = [.. containers.SelectMany(container => container.AllTests())];
        var byResult = Tests.ToLookup(test => test.Result, StringComparer.Ordinal);
        Failed = [.. byResult["Failed"]];
        Passed = [.. byResult["Passed"]];
        Skipped = [.. byResult["Skipped"]];
        Inconclusive = [.. byResult["Inconclusive"]];
        NotRun = [.. byResult["NotRun"]];
        FailedBlocks = [.. containers.SelectMany(container => container.AllBlocks()).Where(block => block.ErrorRecord.Count > 0)];
        FailedContainers = [.. containers.Where(container => container.ErrorRecord.Count > 0)];
    }

    public IReadOnlyList<Container> Containers { get; }
    public string Result => FailureCount > 0 ? "Failed" : "Passed";
    public int FailedCount => Failed.Count;
    public int FailedBlocksCount => FailedBlocks.Count;
    public int FailedContainersCount => FailedContainers.Count;
    public int PassedCount => Passed.Count;
    public int SkippedCount => Skipped.Count;
    public int InconclusiveCount => Inconclusive.Count;
    public int NotRunCount => NotRun.Count;
    public int TotalCount => Tests.Count;
    public TimeSpan Duration => Sum(container => container.Duration);
    public bool Executed => true;
    public DateTime ExecutedAt { get; }
    public string Version => "5.9.0";
    public string PSVersion { get; } = $"{PSVersionInfo.PSVersion}";
    public IDictionary<string, object> PSBoundParameters { get; }
    public PesterConfiguration Configuration { get; }
    public TimeSpan DiscoveryDuration => Sum(container => container.DiscoveryDuration);
    public TimeSpan UserDuration => Sum(container => container.UserDuration);
    public TimeSpan FrameworkDuration => Sum(container => container.FrameworkDuration);
    public IReadOnlyList<Test> Failed { get; }
    public IReadOnlyList<Block> FailedBlocks { get; }
    public IReadOnlyList<Container> FailedContainers { get; }
    public IReadOnlyList<Test> Passed { get; }
    public IReadOnlyList<Test> Skipped { get; }
    public IReadOnlyList<Test> Inconclusive { get; }
    public IReadOnlyList<Test> NotRun { get; }
    public IReadOnlyList<Test> Tests { get; }

    /// <summary>Always null: the embedded host measures no coverage.</summary>
    public object? CodeCoverage => null;

    /// <summary>What a run under <c>-CI</c> exits with.</summary>
    internal int FailureCount => FailedCount + FailedBlocksCount + FailedContainersCount;

    private TimeSpan Sum(Func<Container, TimeSpan> duration) =>
        Containers.Aggregate(TimeSpan.Zero, (sum, container) => sum + duration(container));
}
