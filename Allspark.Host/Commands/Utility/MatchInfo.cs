using System.Text;
using System.Text.RegularExpressions;

namespace Microsoft.PowerShell.Commands;

/// <summary>The lines around a match; the display context leaves out what another match already shows.</summary>
public sealed class MatchInfoContext : ICloneable
{
    internal MatchInfoContext()
    {
    }

    public string[] PreContext { get; set; } = [];

    public string[] PostContext { get; set; } = [];

    public string[] DisplayPreContext { get; set; } = [];

    public string[] DisplayPostContext { get; set; } = [];

    public object Clone() => MemberwiseClone();
}

/// <summary>A line that Select-String found.</summary>
public class MatchInfo
{
    private const string InputStream = "InputStream";
    private const string ReverseVideo = "\u001b[7m";
    private const string Reset = "\u001b[0m";

    public bool IgnoreCase { get; set; }

    public ulong LineNumber { get; set; }

    public string Line { get; set; } = "";

    public string Filename => IsFromFile ? System.IO.Path.GetFileName(Path) : InputStream;

    public string Path { get; set; } = InputStream;

    public string? Pattern { get; set; }

    public MatchInfoContext? Context { get; set; }

    public Match[] Matches { get; set; } = [];

    internal List<(int Index, int Length)>? Emphasis { get; init; }

    /// <summary>The match as a later search passes it on: among fewer lines its context is not shown.</summary>
    internal MatchInfo WithoutDisplayContext()
    {
        if (Context is null)
            return this;
        var copy = (MatchInfo)MemberwiseClone();
        copy.Context = (MatchInfoContext)Context.Clone();
        copy.Context.DisplayPreContext = copy.Context.DisplayPostContext = [];
        return copy;
    }

    private bool IsFromFile => Path != InputStream;

    public string RelativePath(string? directory)
    {
        if (!IsFromFile || string.IsNullOrEmpty(directory))
            return Path;
        var parent = directory.EndsWith(System.IO.Path.DirectorySeparatorChar) ? directory : directory + System.IO.Path.DirectorySeparatorChar;
        return Path.StartsWith(parent, StringComparison.Ordinal) ? Path[parent.Length..] : Path;
    }

    public override string ToString() => ToString(directory: null);

    public string ToString(string? directory) => Format(directory, Line);

    /// <summary>The text of the default view, the matches in reverse video.</summary>
    public string ToEmphasizedString(string? directory) => Format(directory, Emphasized());

    private string Format(string? directory, string line)
    {
        var path = directory is null ? Path : RelativePath(directory);
        if (Context is null)
            return FormatLine("", path, LineNumber, line);
        var number = LineNumber - (ulong)Context.DisplayPreContext.Length;
        var lines = new List<string>();
        foreach (var before in Context.DisplayPreContext)
            lines.Add(FormatLine("  ", path, number++, before));
        lines.Add(FormatLine("> ", path, number++, line));
        foreach (var after in Context.DisplayPostContext)
            lines.Add(FormatLine("  ", path, number++, after));
        return string.Join(Environment.NewLine, lines);
    }

    private string FormatLine(string prefix, string path, ulong number, string line) =>
        IsFromFile ? string.Create(CultureInfo.CurrentCulture, $"{prefix}{path}:{number}:{line}") : prefix + line;

    private string Emphasized()
    {
        var text = new StringBuilder();
        var end = 0;
        foreach (var (index, length) in Emphasis ?? [])
        {
            text.Append(Line, end, index - end).Append(ReverseVideo).Append(Line, index, length).Append(Reset);
            end = index + length;
        }
        return text.Append(Line, end, Line.Length - end).ToString();
    }
}

/// <summary>Holds matches back until the lines after them are known.</summary>
internal sealed class ContextWindow(int before, int after)
{
    private readonly Queue<(ulong Position, string Line)> _before = new();
    private readonly Queue<Pending> _pending = new();
    private ulong _position;
    private ulong _shown;

    /// <summary>Takes the next line, which may be a match, and returns the matches that are now complete.</summary>
    public List<MatchInfo> Take(string line, MatchInfo? match)
    {
        _position++;
        foreach (var waiting in _pending)
        {
            if (waiting.After.Count < after && waiting.Add(line, endsDisplay: match is not null))
                _shown = _position;
        }
        if (match is not null)
        {
            if (match.Context is not null)
            {
                match.Context.PreContext = [.. _before.Select(entry => entry.Line)];
                match.Context.DisplayPreContext = [.. _before.Where(entry => entry.Position > _shown).Select(entry => entry.Line)];
            }
            _shown = _position;
            _pending.Enqueue(new Pending(match));
        }
        _before.Enqueue((_position, line));
        if (_before.Count > before)
            _before.Dequeue();
        return Complete(after);
    }

    /// <summary>Ends the text: the matches that still wait have all the context there is.</summary>
    public List<MatchInfo> End() => Complete(0);

    private List<MatchInfo> Complete(int needed)
    {
        var complete = new List<MatchInfo>();
        while (_pending.TryPeek(out var first) && first.After.Count >= needed)
        {
            _pending.Dequeue();
            if (first.Match.Context is { } context)
            {
                context.PostContext = [.. first.After];
                context.DisplayPostContext = [.. first.Shown];
            }
            complete.Add(first.Match);
        }
        return complete;
    }

    private sealed class Pending(MatchInfo match)
    {
        private bool _displayEnded;

        public MatchInfo Match { get; } = match;

        public List<string> After { get; } = [];

        public List<string> Shown { get; } = [];

        /// <summary>Adds a line that follows; true where it is shown with this match.</summary>
        public bool Add(string line, bool endsDisplay)
        {
            After.Add(line);
            _displayEnded |= endsDisplay;
            if (!_displayEnded)
                Shown.Add(line);
            return !_displayEnded;
        }
    }
}
