using Allspark.Host.Pester.Mocking;
using Allspark.Host.Pester.Running;
using Pester;

namespace Allspark.Host.Pester.Assertions;

/// <summary><c>Should -Invoke</c> and <c>Should -InvokeVerifiable</c>: what is expected of the calls that mocks took.</summary>
internal static class MockAssertion
{
    public static string? Invocations(Expectation it)
    {
        var should = it.Command;
        if (it.Actual is not null)
            throw Failure.Throw("Should -Invoke does not take pipeline input or ActualValue.");
        if (should.ExclusiveFilter is not null && it.Negate)
            throw Failure.Throw("Cannot use -ExclusiveFilter when -Not is specified. Use -ParameterFilter instead.");
        var session = PesterSession.Current ?? throw Failure.Throw("Should -Invoke can be used only in a test run.");
        var nodes = Nodes(session, should.Scope);
        var module = should.IsBound(nameof(ShouldCommand.ModuleName)) ? should.ModuleName : should.SessionState.Module?.Name;
        var name = LanguagePrimitives.ConvertTo<string>(it.Expected);
        var hook = MockHook.Of(should, name, module)
            ?? throw Failure.Throw(NotMocked(name, module));
        var calls = nodes.SelectMany(node => node.Mocks.Calls)
            .Where(call => call.Hook.IsOf(hook.Original) && call.Hook.IsIn(hook.ModuleName)).ToArray();
        var filter = should.ExclusiveFilter ?? should.ParameterFilter;
        var matching = calls.Count(call =>
            new MockScript(should, hook, should.SessionState).Passes(session, filter, call));
        return Compare(it, hook, matching, calls.Length);
    }

    public static string? Verifiable(Expectation it)
    {
        var session = PesterSession.Current ?? throw Failure.Throw("Should -InvokeVerifiable can be used only in a test run.");
        IEnumerable<TestNode> nodes = session.CurrentBlock!.SelfAndAncestors();
        if (session.CurrentTest is { } test)
            nodes = nodes.Prepend(test);
        var faulty = nodes.SelectMany(node => node.Mocks.Behaviors)
            .Where(behavior => behavior.Verifiable && behavior.Executed == it.Negate).ToArray();
        if (faulty.Length == 0)
            return null;
        var list = string.Concat(faulty.Select(behavior => $"\n Command {behavior.Hook.Original.Name} "
            + (behavior.Hook.ModuleName is { } module ? $"from inside module {module} " : "")
            + (behavior.Filter is { } filter ? $"with {{ {filter.ToString().Trim()} }}" : "")));
        return it.Negate
            ? $"\nExpected no verifiable mocks to be called,{it.Reason} but these were:{list}"
            : $"\nExpected all verifiable mocks to be called,{it.Reason} but these were not:{list}";
    }

    private static string NotMocked(string name, string? module) => $"Should -Invoke: Could not find Mock for command {name} in "
        + (string.IsNullOrEmpty(module) ? "script scope" : $"module {module}")
        + ". Was the mock defined? Did you use the same -ModuleName as on the Mock? When using InModuleScope are InModuleScope, "
        + "Mock and Should -Invoke using the same -ModuleName?";

    private static string? Compare(Expectation it, MockHook hook, int matching, int all)
    {
        var should = it.Command;
        var what = hook.Original.Name + (hook.ModuleName is { } module ? $" in module {module}" : "");
        var times = should.Times;
        var exactly = (bool)should.Exactly;
        if (it.Negate)
        {
            if (matching == times && (exactly || !should.IsBound(nameof(ShouldCommand.Times))))
                return $"Expected {what} not to be called exactly {times} times,{it.Reason} but it was";
            return matching >= times && !exactly
                ? $"Expected {what} to be called less than {times} times,{it.Reason} but was called {matching} times"
                : null;
        }
        if (matching != times && (exactly || times == 0))
            return $"Expected {what} to be called {times} times exactly,{it.Reason} but was called {matching} times";
        if (matching < times)
            return $"Expected {what} to be called at least {times} times,{it.Reason} but was called {matching} times";
        return should.ExclusiveFilter is not null && all > matching
            ? $"Expected {what} to only be called with with parameters matching the specified filter,{it.Reason} but "
                + $"{all - matching} non-matching calls were made"
            : null;
    }

    /// <summary>The tests and blocks whose calls count: the current one, or the block so many levels up with all in it.</summary>
    private static IEnumerable<TestNode> Nodes(PesterSession session, string scope)
    {
        var test = session.CurrentTest;
        if (scope.Equals("It", StringComparison.OrdinalIgnoreCase))
        {
            return test is not null ? [test]
                : throw Failure.Throw("Assertion is placed outside of an It block, but -Scope It is specified.");
        }
        var ancestors = session.CurrentBlock!.SelfAndAncestors().ToArray();
        if (uint.TryParse(scope, NumberStyles.None, CultureInfo.InvariantCulture, out var level))
        {
            if (test is not null && level == 0)
                return [test];
            var up = test is null ? level : level - 1;
            return Below(ancestors[Math.Min(up, ancestors.Length - 1)]);
        }
        if (scope.ToUpperInvariant() is not ("DESCRIBE" or "CONTEXT"))
            throw Failure.Throw("Parameter Scope must be one of 'Describe', 'Context', 'It' or a non-negative number.");
        return Below(ancestors.FirstOrDefault(block => block.Keyword.Equals(scope, StringComparison.OrdinalIgnoreCase))
            ?? throw Failure.Throw($"Assertion is not placed directly nor nested inside a {scope} block, "
                + $"but -Scope {scope} is specified."));
    }

    private static IEnumerable<TestNode> Below(Block block) =>
        block.SelfAndDescendants().SelectMany(inner => inner.Tests.Cast<TestNode>().Prepend(inner));
}
