using Pester;

namespace Allspark.Host.Pester.Running;

/// <summary>Turns what happened in tests and blocks into results and counts.</summary>
internal static class Outcome
{
    public const string SkippedId = "PesterTestSkipped";
    public const string InconclusiveId = "PesterTestInconclusive";

    /// <summary>The verdict on a test that has just run, or was skipped.</summary>
    public static void Judge(Test test)
    {
        test.Inconclusive = !test.Skip && Has(test, InconclusiveId);
        test.Skipped = test.Skip || (!test.Inconclusive && Has(test, SkippedId));
        test.Passed = test.Skipped || test.Inconclusive || test.ErrorRecord.Count == 0;
        test.Result = test switch
        {
            { Skipped: true } => "Skipped",
            { Inconclusive: true } => "Inconclusive",
            { Passed: true } => "Passed",
            _ => "Failed",
        };
    }

    /// <summary>Sums up a block that has run, after the blocks in it. A test whose block did not get to it has failed.</summary>
    public static void Count(Block block)
    {
        foreach (var test in block.Tests.Where(test => test is { ShouldRun: true, Executed: false }))
            test.Result = "Failed";
        foreach (var child in block.Blocks)
            Count(child);
        block.TotalCount = block.Tests.Count + block.Blocks.Sum(child => child.TotalCount);
        block.PassedCount = Sum(block, "Passed", child => child.PassedCount);
        block.FailedCount = Sum(block, "Failed", child => child.FailedCount);
        block.SkippedCount = Sum(block, "Skipped", child => child.SkippedCount);
        block.InconclusiveCount = Sum(block, "Inconclusive", child => child.InconclusiveCount);
        block.NotRunCount = Sum(block, "NotRun", child => child.NotRunCount);
        block.Passed = block.OwnPassed && block.Tests.All(test => test.Result is not "Failed")
            && block.Blocks.All(child => !child.ShouldRun || child.Passed);
        block.Result = block switch
        {
            { Skip: true } => "Skipped",
            { Passed: true } => "Passed",
            { ShouldRun: true } => "Failed",
            _ => "NotRun",
        };
    }

    /// <summary>Counts the tests of a container that was not run.</summary>
    public static void CountNotRun(Block root)
    {
        foreach (var block in root.SelfAndDescendants())
            block.TotalCount = block.NotRunCount = block.SelfAndDescendants().Sum(inner => inner.Tests.Count);
    }

    /// <summary>The result of a container, of which <paramref name="root"/> holds the blocks.</summary>
    public static Container Contain(Block root) => new(root, root switch
    {
        { Skip: true, ShouldRun: true } => "Skipped",
        { Passed: true } => "Passed",
        { ErrorRecord.Count: > 0 } or { Executed: true } => "Failed",
        _ => "NotRun",
    });

    private static int Sum(Block block, string result, Func<Block, int> count) =>
        block.Tests.Count(test => test.Result == result) + block.Blocks.Sum(count);

    private static bool Has(Test test, string errorId) => test.ErrorRecord.Any(record => record.FullyQualifiedErrorId == errorId);
}
