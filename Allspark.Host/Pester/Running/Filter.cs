using Pester;

namespace Allspark.Host.Pester.Running;

/// <summary>Decides which of the discovered tests run and which are skipped.</summary>
internal sealed class Filter(FilterConfiguration configuration)
{
    private readonly WildcardPattern[] _tags = Patterns(configuration.Tag.Value);
    private readonly WildcardPattern[] _excludedTags = Patterns(configuration.ExcludeTag.Value);
    private readonly WildcardPattern[] _names = Patterns(configuration.FullName.Value);
    private readonly HashSet<string> _lines = Lines(configuration.Line.Value);
    private readonly HashSet<string> _excludedLines = Lines(configuration.ExcludeLine.Value);

    /// <summary>The settings that select, by name, for the report.</summary>
    public IEnumerable<(string Name, string[] Values)> Active => new (string, string[])[]
    {
        ("FullName", configuration.FullName.Value),
        ("Tag", configuration.Tag.Value),
        ("ExcludeTag", configuration.ExcludeTag.Value),
        ("Line", configuration.Line.Value),
        ("ExcludeLine", configuration.ExcludeLine.Value),
    }.Where(filter => filter.Item2 is { Length: > 0 });

    private bool Selects => _tags.Length > 0 || _names.Length > 0 || _lines.Count > 0;

    public void Apply(Block block)
    {
        if (block.IsRoot)
            block.ShouldRun = true;
        else
        {
            Judge(block);
            block.ShouldRun = !block.Exclude;
            block.Skip = (block.Skip && !block.Explicit) || (!block.Skip && block.Parent!.Skip);
        }
        foreach (var test in block.Tests)
        {
            Judge(test);
            test.ShouldRun = test.Include && !test.Exclude;
            test.Skip = (test.Skip || block.Skip) && !(test.ShouldRun && test.Explicit);
        }
        foreach (var child in block.Blocks)
            Apply(child);
        Settle(block);
    }

    /// <summary>A block runs if something in it does, and is skipped if all that would run in it is.</summary>
    private static void Settle(Block block)
    {
        var tests = block.ShouldRun ? block.Tests.Where(test => test.ShouldRun).ToArray() : [];
        var blocks = block.Blocks.Where(child => child.ShouldRun).ToArray();
        foreach (TestNode[] nodes in new TestNode[][] { tests, blocks })
        {
            if (nodes.Length > 0)
                nodes[0].First = nodes[^1].Last = true;
        }
        block.ShouldRun = tests.Length + blocks.Length > 0;
        if (block.ShouldRun)
            block.Skip = tests.All(test => test.Skip) && blocks.All(child => child.Skip);
    }

    private void Judge(TestNode node)
    {
        var parent = node.Container!;
        var line = $"{node.ScriptBlock?.File}:{node.StartLine}".Replace('\\', '/');
        if (parent.Exclude || MatchesAny(_excludedTags, node.Tag) || _excludedLines.Contains(line))
            node.Exclude = true;
        else if (_lines.Contains(line))
            node.Explicit = node.Include = true;
        else
            node.Include = parent.Include || MatchesAny(_tags, node.Tag) || MatchesAny(_names, [string.Join('.', node.Path)])
                || (!Selects && node is Test);
    }

    private static bool MatchesAny(WildcardPattern[] patterns, IReadOnlyList<string> values) =>
        patterns.Any(pattern => values.Any(pattern.IsMatch));

    private static WildcardPattern[] Patterns(string[]? texts) =>
        [.. (texts ?? []).Select(text => WildcardPattern.Get(text, WildcardOptions.IgnoreCase))];

    private static HashSet<string> Lines(string[]? lines) =>
        new((lines ?? []).Select(line => line.Replace('\\', '/')), StringComparer.OrdinalIgnoreCase);
}
