using Allspark.Host.Pester.Assertions;
using Allspark.Host.Pester.Running;
using Pester;

namespace Allspark.Host.Pester.Keywords;

/// <summary>Groups tests: runs its script block at once to discover what is in it.</summary>
public abstract class BlockCommand(string keyword) : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0)]
    public string Name { get; set; } = "";

    [Parameter(Position = 1)]
    [ValidateNotNull]
    public ScriptBlock? Fixture { get; set; }

    [Parameter]
    [Alias("Tags")]
    public string[] Tag { get; set; } = [];

    [Parameter]
    public SwitchParameter Skip { get; set; }

    /// <summary>Makes a block of each item; the item is <c>$_</c> in it and the keys of a dictionary are variables.</summary>
    [Parameter]
    public object? ForEach { get; set; }

    protected override void EndProcessing()
    {
        var fixture = Fixture ?? throw Failure.Throw(Name.Contains('\n', StringComparison.Ordinal)
            ? "Test fixture name has multiple lines and no test fixture is provided. "
                + "(Have you provided a name for the test group?)"
            : "No test fixture is provided. (Have you put the open curly brace on the next line?)");
        if (PesterSession.Current is not { } session)
        {
            Interactive.Run(this);
            return;
        }
        Discovery.Enter(this, session);
        if (!MyInvocation.BoundParameters.ContainsKey(nameof(ForEach)))
        {
            Discover(session, fixture, data: null, groupId: null);
            return;
        }
        foreach (var data in Items(ForEach))
            Discover(session, fixture, data, $"{MyInvocation.ScriptLineNumber}:{MyInvocation.OffsetInLine}");
    }

    private void Discover(PesterSession session, ScriptBlock fixture, object? data, string? groupId)
    {
        var parent = session.CurrentBlock!;
        var block = new Block { Keyword = keyword, Parent = parent, Root = parent.Root, Data = data, GroupId = groupId };
        Discovery.Describe(block, this, Name, fixture, Tag, Skip);
        parent.Blocks.Add(block);
        session.CurrentBlock = block;
        try
        {
            // A scope for the data, and the body in it: what it defines is gone when the tests run.
            this.Call(Discovery.InScope, fixture, Variables(data));
        }
        finally
        {
            session.CurrentBlock = parent;
        }
    }

    private static Hashtable Variables(object? data)
    {
        var variables = new Hashtable(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in RunScope.Entries(data))
            variables[name] = value;
        if (data is not null)
            variables["_"] = data;
        return variables;
    }

    /// <summary>What <c>-ForEach</c> runs over: items of a collection, or the one item that is none.</summary>
    internal static IEnumerable<object?> Items(object? value) =>
        value is null ? [] : LanguagePrimitives.GetEnumerable(value)?.Cast<object?>() ?? [value];
}

[Cmdlet(VerbsCommon.Add, "PesterDescribe")]
[Alias("Describe")]
public sealed class DescribeCommand() : BlockCommand("Describe");

[Cmdlet(VerbsCommon.Add, "PesterContext")]
[Alias("Context")]
public sealed class ContextCommand() : BlockCommand("Context");
