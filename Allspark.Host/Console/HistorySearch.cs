namespace Allspark.Host.Console;

/// <summary>A search through the history, from the newest line to the oldest, for what has been typed since Ctrl+R.</summary>
internal sealed record HistorySearch(History History, string Before)
{
    public string Pattern { get; private init; } = "";

    private int Index { get; init; } = History.Count;

    /// <summary>The line found, or the one that stood there before.</summary>
    public string Line => Index < History.Count ? History[Index] : Before;

    /// <summary>The newest line from the present one on that has the longer pattern.</summary>
    public HistorySearch Extend(char typed) => Find(Pattern + typed, Math.Min(Index + 1, History.Count));

    public HistorySearch Shorten() => Pattern.Length == 0 ? this : Find(Pattern[..^1], History.Count);

    public HistorySearch Older() => Find(Pattern, Index);

    private HistorySearch Find(string pattern, int end)
    {
        var found = end - 1;
        while (found >= 0 && !History[found].Contains(pattern, StringComparison.OrdinalIgnoreCase))
            found--;
        return this with { Pattern = pattern, Index = pattern.Length == 0 ? History.Count : found < 0 ? Index : found };
    }
}
