using Allspark.Host.Pester.Mocking;
using Allspark.Host.Pester.Reports;
using Pester;

namespace Allspark.Host.Pester.Running;

/// <summary>
/// The run phase. Each block has a scope: its data and <c>BeforeAll</c> go into it, its tests and inner blocks get scopes
/// below it. In a test's scope run, one after the other, the data, every <c>BeforeEach</c> from the outside in, the test, and
/// every <c>AfterEach</c> from the inside out.
/// </summary>
internal sealed class Runner(PesterSession session, ConsoleReport report, string containerScript)
{
    private TestDrive? _drive;
    private Test? _firstFailure;

    public void RunContainer(Block root)
    {
        var clock = new Clock(session, root);
        session.CurrentContainer = root.BlockContainer;
        report.ContainerStarts(root);
        if (root.EachTestSetup is not null || root.EachTestTeardown is not null)
        {
            var keyword = root.EachTestSetup is null ? "Each test Teardown" : "Each test setup";
            var message = $"{keyword} is not supported in root (directly in the block container).";
            root.ErrorRecord.Add(FailureText.Attach(new RuntimeException(message).ErrorRecord, session.Configuration));
        }
        else
        {
            using (_drive = session.Configuration.TestDrive.Enabled.Value ? new TestDrive(session.Command.SessionState) : null)
                root.Scope!.OpenScript(containerScript, () => RunBlock(root));
        }
        Outcome.Count(root);
        clock.Stop();
        report.ContainerEnds(root);
    }

    private void RunBlock(Block block)
    {
        var clock = new Clock(session, block);
        var clear = block.IsRoot ? null : _drive?.Mark();
        session.CurrentBlock = block;
        if (block.Parent is { IsRoot: false } parent)
            block.ExpandedPath = $"{parent.ExpandedPath}.{block.Name}";
        var before = block.ErrorRecord.Count;
        try
        {
            block.Scope!.Open(() => RunInBlock(block));
        }
        finally
        {
            MockHook.Remove(session.Command, block.Mocks);
            clear?.Invoke();
            session.CurrentBlock = block.Parent;
        }
        block.OwnPassed = block.ErrorRecord.Count == before;
        clock.Stop();
        report.BlockEnds(block);
    }

    private void RunInBlock(Block block)
    {
        var scope = block.Scope!;
        var failures = new List<ErrorRecord>();
        var ready = session.Try(failures, () =>
        {
            scope.Define(block.IsRoot ? null : block.Data);
            DefineParameters(block);
            if (!block.Skip && block.OneTimeTestSetup is { } setup)
                scope.Dot(setup, block.Data);
            ExpandName(block, block.Parent is { IsRoot: false } parent ? $"{parent.ExpandedPath}." : "");
        });
        if (ready)
        {
            foreach (var node in block.Order.Where(node => node.ShouldRun))
            {
                if (node is Test test)
                    RunTest(test);
                else
                    RunBlock((Block)node);
            }
        }
        if (!block.Skip && block.OneTimeTestTeardown is { } teardown)
            session.Try(block.ErrorRecord, () => scope.Dot(teardown, block.Data));
        block.ErrorRecord.AddRange(failures);
    }

    /// <summary>The parameters of a container are variables of its root, without <c>$_</c>.</summary>
    private static void DefineParameters(Block block)
    {
        if (!block.IsRoot)
            return;
        foreach (var (name, value) in RunScope.Entries(block.Data))
            block.Scope!.State.PSVariable.Set(name, value);
    }

    private void RunTest(Test test)
    {
        var clock = new Clock(session, test);
        session.CurrentTest = test;
        test.ExpandedPath = $"{test.Block!.ExpandedPath}.{test.Name}";
        report.TestStarts(test);
        try
        {
            if (_firstFailure is not null)
                SkipAfter(_firstFailure, test);
            if (!test.Skip)
                test.Scope!.Open(() => RunInTest(test));
        }
        finally
        {
            MockHook.Remove(session.Command, test.Mocks);
            session.CurrentTest = null;
        }
        Outcome.Judge(test);
        SkipRemaining(test);
        clock.Stop();
        report.TestEnds(test);
    }

    private void RunInTest(Test test)
    {
        var scope = test.Scope!;
        var blocks = test.Block!.SelfAndAncestors().ToArray();
        session.Try(test.ErrorRecord, () =>
        {
            scope.Define(test.Data);
            foreach (var setup in blocks.Reverse().Select(block => block.EachTestSetup).OfType<ScriptBlock>())
                scope.Dot(setup, test.Data);
            ExpandName(test, $"{test.Block.ExpandedPath}.");
            test.StandardOutput = scope.Dot(test.ScriptBlock!, test.Data);
        });
        foreach (var teardown in blocks.Select(block => block.EachTestTeardown).OfType<ScriptBlock>())
            session.Try(test.ErrorRecord, () => scope.Dot(teardown, test.Data));
    }

    private static void ExpandName(TestNode node, string prefix)
    {
        if (node is Block { IsRoot: true })
            return;
        node.ExpandedName = node.Scope!.Expand(node.Name);
        node.ExpandedPath = prefix + node.ExpandedName;
    }

    private void SkipRemaining(Test failed)
    {
        if (failed.Skipped || failed.Passed)
            return;
        var extent = session.Configuration.Run.SkipRemainingOnFailure.Value.ToUpperInvariant();
        var block = extent switch { "BLOCK" => failed.Block!, "CONTAINER" => failed.Block!.Root!, _ => null };
        foreach (var test in block?.SelfAndDescendants().SelectMany(inner => inner.Tests).Where(test => !test.Executed) ?? [])
            SkipAfter(failed, test);
        if (extent is "RUN")
            _firstFailure ??= failed;
    }

    private void SkipAfter(Test failed, Test test)
    {
        var message = $"Skipped due to previous failure at '{failed.ExpandedPath}' and Run.SkipRemainingOnFailure set to "
            + $"'{session.Configuration.Run.SkipRemainingOnFailure.Value}'";
        test.Skip = true;
        var reason = new RuntimeException(message);
        test.ErrorRecord.Add(new ErrorRecord(reason, Outcome.SkippedId, ErrorCategory.InvalidResult, targetObject: null));
    }

    /// <summary>Measures a node: the user's scripts in it and the rest.</summary>
    private sealed class Clock
    {
        private readonly PesterSession _session;
        private readonly TestNode _node;
        private readonly TimeSpan _user;
        private readonly TimeSpan _framework;

        public Clock(PesterSession session, TestNode node)
        {
            (_session, _node) = (session, node);
            (_user, _framework) = (session.UserTime.Elapsed, session.FrameworkTime.Elapsed);
            node.Executed = true;
            node.ExecutedAt = DateTime.Now;
        }

        public void Stop()
        {
            _node.UserDuration = _session.UserTime.Elapsed - _user;
            _node.FrameworkDuration = _session.FrameworkTime.Elapsed - _framework;
        }
    }
}
