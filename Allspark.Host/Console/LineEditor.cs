using System.Text;

namespace Allspark.Host.Console;

/// <summary>
/// Edits one command (of one or more lines) on a terminal: cursor and history keys, the usual Ctrl keys of a shell, and
/// completion with Tab. Every change redraws the text from the prompt on.
/// </summary>
internal sealed class LineEditor(History history, Func<string, int, CommandCompletion?> complete, Func<string, bool> isIncomplete)
{
    private const string Continuation = ">> ";

    private readonly StringBuilder text = new();
    private string prompt = "";
    private int cursor;
    private int drawnRow;
    private int historyIndex;
    private string draft = "";
    private string killed = "";
    private Completion? completion;
    private HistorySearch? search;

    private sealed record Completion(CommandCompletion Matches, string Before, string After)
    {
        public int Index { get; set; } = -1;
    }

    /// <summary>The command, or null when the input has ended (Ctrl+D on an empty line).</summary>
    public string? Read(string shownPrompt)
    {
        prompt = shownPrompt;
        text.Clear();
        (cursor, drawnRow, historyIndex, completion, search) = (0, 0, history.Count, null, null);
        System.Console.TreatControlCAsInput = true;
        try
        {
            // As many blanks as a row has bring a cursor amid a row onto the next one, and leave one at the beginning where it is.
            System.Console.Out.Write(new string(' ', System.Console.WindowWidth));
            Draw();
            while (true)
            {
                var key = System.Console.ReadKey(intercept: true);
                if (key.Key != ConsoleKey.Tab)
                    completion = null;
                switch (Search(key) ? Outcome.Continue : Apply(key))
                {
                    case Outcome.Accept:
                        Finish();
                        history.Add(text.ToString());
                        return text.ToString();
                    case Outcome.Abandon:
                        Finish("^C");
                        return "";
                    case Outcome.End:
                        Finish();
                        return null;
                }
                // What is pasted arrives at once and is drawn once.
                if (!System.Console.KeyAvailable)
                    Draw();
            }
        }
        finally
        {
            System.Console.TreatControlCAsInput = false;
        }
    }

    private enum Outcome
    {
        Continue,
        Accept,
        Abandon,
        End,
    }

    /// <summary>True when the key goes to the search; any other ends it with the line found, Escape, Ctrl+C and Ctrl+G with the former.</summary>
    private bool Search(ConsoleKeyInfo key)
    {
        var control = key.Modifiers.HasFlag(ConsoleModifiers.Control);
        if (control && key.Key == ConsoleKey.R)
            search = search?.Older() ?? new HistorySearch(history, text.ToString());
        else if (search is null)
            return false;
        else if (key.Key == ConsoleKey.Backspace)
            search = search.Shorten();
        else if (!char.IsControl(key.KeyChar))
            search = search.Extend(key.KeyChar);
        else
        {
            var dropped = key.Key == ConsoleKey.Escape || control && key.Key is ConsoleKey.C or ConsoleKey.G;
            Replace(dropped ? search.Before : text.ToString());
            search = null;
            return dropped;
        }
        Replace(search.Line);
        return true;
    }

    private Outcome Apply(ConsoleKeyInfo key)
    {
        if (key.Modifiers.HasFlag(ConsoleModifiers.Control))
            return ApplyControl(key);
        switch (key.Key)
        {
            case ConsoleKey.Enter when !key.Modifiers.HasFlag(ConsoleModifiers.Shift)
                && !key.Modifiers.HasFlag(ConsoleModifiers.Alt) && !isIncomplete(text.ToString()):
                return Outcome.Accept;
            case ConsoleKey.Enter:
                Insert("\n");
                break;
            case ConsoleKey.Tab:
                Complete(key.Modifiers.HasFlag(ConsoleModifiers.Shift) ? -1 : 1);
                break;
            case ConsoleKey.Backspace:
                Delete(Left(), cursor);
                break;
            case ConsoleKey.Delete:
                Delete(cursor, Right());
                break;
            case ConsoleKey.LeftArrow:
                cursor = Left();
                break;
            case ConsoleKey.RightArrow:
                cursor = Right();
                break;
            case ConsoleKey.Home:
                cursor = 0;
                break;
            case ConsoleKey.End:
                cursor = text.Length;
                break;
            case ConsoleKey.UpArrow:
                Recall(-1);
                break;
            case ConsoleKey.DownArrow:
                Recall(1);
                break;
            case ConsoleKey.Escape:
                Replace("");
                break;
            default:
                if (!char.IsControl(key.KeyChar))
                    Insert(key.KeyChar.ToString());
                break;
        }
        return Outcome.Continue;
    }

    private Outcome ApplyControl(ConsoleKeyInfo key)
    {
        switch (key.Key)
        {
            case ConsoleKey.C:
                return Outcome.Abandon;
            case ConsoleKey.D when text.Length == 0:
                return Outcome.End;
            case ConsoleKey.D:
                Delete(cursor, Right());
                break;
            case ConsoleKey.A:
                cursor = 0;
                break;
            case ConsoleKey.E:
                cursor = text.Length;
                break;
            case ConsoleKey.B:
                cursor = Left();
                break;
            case ConsoleKey.F:
                cursor = Right();
                break;
            case ConsoleKey.U:
                Delete(0, cursor);
                break;
            case ConsoleKey.K:
                Delete(cursor, text.Length);
                break;
            case ConsoleKey.W or ConsoleKey.Backspace:
                Delete(WordStart(), cursor);
                break;
            case ConsoleKey.Y:
                Insert(killed);
                break;
            case ConsoleKey.LeftArrow:
                cursor = WordStart();
                break;
            case ConsoleKey.RightArrow:
                cursor = WordEnd();
                break;
            case ConsoleKey.P:
                Recall(-1);
                break;
            case ConsoleKey.N:
                Recall(1);
                break;
            case ConsoleKey.H:
                Delete(Left(), cursor);
                break;
            case ConsoleKey.L:
                System.Console.Out.Write("\e[H\e[2J");
                drawnRow = 0;
                break;
            case ConsoleKey.J or ConsoleKey.M or ConsoleKey.Enter when !isIncomplete(text.ToString()):
                return Outcome.Accept;
            case ConsoleKey.J or ConsoleKey.M or ConsoleKey.Enter:
                Insert("\n");
                break;
        }
        return Outcome.Continue;
    }

    private void Insert(string value)
    {
        text.Insert(cursor, value);
        cursor += value.Length;
    }

    private void Delete(int from, int to)
    {
        (from, to) = (Math.Max(from, 0), Math.Min(to, text.Length));
        if (from >= to)
            return;
        if (to - from > 1)
            killed = text.ToString(from, to - from);
        text.Remove(from, to - from);
        cursor = from;
    }

    private void Replace(string value)
    {
        text.Clear().Append(value);
        cursor = value.Length;
    }

    // A character beyond the basic plane is two of the text.
    private int Left() => cursor > 1 && char.IsLowSurrogate(text[cursor - 1]) ? cursor - 2 : Math.Max(cursor - 1, 0);

    private int Right() => cursor + 1 < text.Length && char.IsHighSurrogate(text[cursor]) ? cursor + 2 : Math.Min(cursor + 1, text.Length);

    private int WordStart()
    {
        var at = cursor;
        while (at > 0 && char.IsWhiteSpace(text[at - 1]))
            at--;
        while (at > 0 && !char.IsWhiteSpace(text[at - 1]))
            at--;
        return at;
    }

    private int WordEnd()
    {
        var at = cursor;
        while (at < text.Length && !char.IsWhiteSpace(text[at]))
            at++;
        while (at < text.Length && char.IsWhiteSpace(text[at]))
            at++;
        return at;
    }

    private void Recall(int step)
    {
        var to = historyIndex + step;
        if (to < 0 || to > history.Count)
            return;
        if (historyIndex == history.Count)
            draft = text.ToString();
        historyIndex = to;
        Replace(to == history.Count ? draft : history[to]);
    }

    /// <summary>Takes the next match of the completion under way, or starts one; what all matches share is not asked for twice.</summary>
    private void Complete(int step)
    {
        if (completion is null)
        {
            var input = text.ToString();
            if (complete(input, cursor) is not { CompletionMatches.Count: > 0 } found)
                return;
            var end = found.ReplacementIndex + found.ReplacementLength;
            completion = new Completion(found, input[..found.ReplacementIndex], input[Math.Min(end, input.Length)..]);
        }
        var matches = completion.Matches.CompletionMatches;
        completion.Index = (completion.Index + step + matches.Count + (completion.Index < 0 && step < 0 ? 1 : 0)) % matches.Count;
        var chosen = completion.Before + matches[completion.Index].CompletionText;
        Replace(chosen + completion.After);
        cursor = chosen.Length;
    }

    private void Finish(string mark = "")
    {
        cursor = text.Length;
        Draw();
        System.Console.Out.Write(mark + "\n");
    }

    private string Prompt => search is null ? prompt : $"history with '{search.Pattern}': ";

    private void Draw()
    {
        var width = Math.Max(System.Console.WindowWidth, 10);
        var output = new StringBuilder("\r");
        if (drawnRow > 0)
            output.Append("\e[").Append(drawnRow).Append('A');
        output.Append("\e[J").Append(Prompt);
        var shown = text.ToString();
        output.Append(shown.Replace("\n", "\n" + Continuation, StringComparison.Ordinal));
        var (endRow, endColumn) = Position(shown.Length, width);
        if (endColumn == 0 && endRow > 0 && !shown.EndsWith('\n'))
            output.Append('\n');
        var (row, column) = Position(cursor, width);
        if (endRow > row)
            output.Append("\e[").Append(endRow - row).Append('A');
        output.Append('\r');
        if (column > 0)
            output.Append("\e[").Append(column).Append('C');
        drawnRow = row;
        System.Console.Out.Write(output.ToString());
    }

    /// <summary>Row below the prompt's first, and column, of a character of the text.</summary>
    private (int Row, int Column) Position(int index, int width)
    {
        var (row, column) = (0, 0);
        Advance(Prompt);
        for (var i = 0; i < index; i++)
        {
            if (text[i] == '\n')
            {
                (row, column) = (row + 1, 0);
                Advance(Continuation);
            }
            else
                Step(text[i]);
        }
        return (row, column);

        void Advance(string part)
        {
            foreach (var c in new System.Management.Automation.Internal.StringDecorated(part).ToString(OutputRendering.PlainText))
                Step(c);
        }

        void Step(char c)
        {
            if (c == '\n')
                (row, column) = (row + 1, 0);
            else
                column += CellWidth.Of(c);
            if (column >= width)
                (row, column) = (row + 1, column > width ? CellWidth.Of(c) : 0);
        }
    }
}

/// <summary>How many cells of a terminal a character takes.</summary>
internal static class CellWidth
{
    public static int Of(char c) => c switch
    {
        < '\u0020' or '\u200b' or '\u200d' => 0,
        >= '\u0300' and <= '\u036f' => 0,
        >= '\ud800' and <= '\udfff' => 1,
        >= '\u1100' and <= '\u115f' => 2,
        >= '\u2e80' and <= '\ua4cf' and not '\u303f' => 2,
        >= '\uac00' and <= '\ud7a3' => 2,
        >= '\uf900' and <= '\ufaff' => 2,
        >= '\ufe30' and <= '\ufe6f' => 2,
        >= '\uff00' and <= '\uff60' => 2,
        >= '\uffe0' and <= '\uffe6' => 2,
        _ => 1,
    };
}
