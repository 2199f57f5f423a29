namespace Allspark.Host.Pester.Mocking;

/// <summary>What is mocked in one test or block, and the calls that were made there.</summary>
internal sealed class MockTable
{
    public List<MockHook> Hooks { get; } = [];
    public List<MockBehavior> Behaviors { get; } = [];
    public List<MockCall> Calls { get; } = [];
}

/// <summary>One <c>Mock</c>: what a hooked command does instead, for the calls that pass the filter.</summary>
internal sealed record MockBehavior(MockHook Hook, ScriptBlock Body, ScriptBlock? Filter, bool Verifiable)
{
    public bool Executed { get; set; }
    public bool IsDefault => Filter is null;
}

/// <summary>A call that a mock took.</summary>
internal sealed record MockCall(MockHook Hook, IDictionary Bound, object?[] Arguments);
