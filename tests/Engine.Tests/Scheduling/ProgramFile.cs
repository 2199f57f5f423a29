using System.Globalization;
using Xunit;

namespace Engine.Tests.Scheduling;

/// <summary>What a program's file says, by names; reads no more of the formats than is written.</summary>
internal sealed class ProgramFile
{
    public Dictionary<string, long> Objective { get; } = [];

    public Dictionary<string, (Dictionary<string, long> Terms, char Sense, long Limit)> Rows { get; } = [];

    public HashSet<string> Binaries { get; } = [];

    public static ProgramFile ReadLp(string text)
    {
        var file = new ProgramFile();
        var section = "";
        foreach (var line in text.Replace("\n  ", " ", StringComparison.Ordinal).Split('\n').Where(line => line.Length > 0 && line[0] != '\\'))
        {
            if (line[0] != ' ')
            {
                section = line;
                continue;
            }

            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (section == "Binaries")
                file.Binaries.Add(words[0]);
            else if (section == "Minimize")
                Terms(words.AsSpan(1)).ToList().ForEach(term => file.Objective.Add(term.Key, term.Value));
            else
                file.Rows.Add(words[0][..^1], (Terms(words.AsSpan(1, words.Length - 3)), words[^2] == "=" ? 'E' : 'L', Number(words[^1])));
        }

        Assert.Equal("End", section);
        return file;
    }

    public static ProgramFile ReadMps(string text)
    {
        var file = new ProgramFile();
        var (section, binary) = ("", false);
        foreach (var line in text.Split('\n').Where(line => line.Length > 0 && line[0] != '*'))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (line[0] != ' ')
                section = words[0];
            else if (section == "ROWS" && words[0] != "N")
                file.Rows.Add(words[1], ([], words[0][0], 0));
            else if (section == "COLUMNS" && words[1] == "'MARKER'")
                binary = words[2] == "'INTORG'";
            else if (section == "COLUMNS")
                file.AddEntry(words[0], words[1], Number(words[2]), binary);
            else if (section == "RHS")
                file.Rows[words[1]] = file.Rows[words[1]] with { Limit = Number(words[2]) };
            else if (section == "BOUNDS")
                Assert.Equal(("UP", "1", true), (words[0], words[3], file.Binaries.Contains(words[2])));
        }

        Assert.Equal("ENDATA", section);
        return file;
    }

    /// <summary>
    /// The least objective over all choices that satisfy every row: the binaries are tried, the moves follow (those in a row without a
    /// choice are 0, the others 1), and so does what a row with one unknown left defines.
    /// </summary>
    public long? Optimum(IEnumerable<IReadOnlySet<string>> choices)
    {
        long? best = null;
        foreach (var chosen in choices)
        {
            var values = Rows.Values.SelectMany(row => row.Terms.Keys).Distinct().ToDictionary(name => name, name => Binaries.Contains(name) ? (chosen.Contains(name) ? 1L : 0) : 1);
            foreach (var (terms, _, _) in Rows.Where(row => row.Key.StartsWith("from.", StringComparison.Ordinal) || row.Key.StartsWith("to.", StringComparison.Ordinal)).Select(row => row.Value))
            {
                if (!terms.Keys.Any(name => Binaries.Contains(name) && values[name] == 1))
                    terms.Keys.Where(name => !Binaries.Contains(name)).ToList().ForEach(name => values[name] = 0);
            }

            foreach (var (terms, _, _) in Rows.Where(row => row.Key.StartsWith("residents.", StringComparison.Ordinal)).Select(row => row.Value))
            {
                var resident = terms.Keys.Single(name => !Binaries.Contains(name));
                Assert.Equal(-1, terms[resident]);
                values[resident] = terms.Where(term => term.Key != resident).Sum(term => term.Value * values[term.Key]);
            }

            if (Rows.Values.All(row => row.Terms.Sum(term => term.Value * values[term.Key]) is var sum && (row.Sense == 'E' ? sum == row.Limit : sum <= row.Limit)))
                best = Math.Min(best ?? long.MaxValue, Objective.Sum(term => term.Value * values[term.Key]));
        }

        return best;
    }

    private void AddEntry(string column, string row, long coefficient, bool binary)
    {
        if (binary)
            Binaries.Add(column);
        if (row == "objective" && coefficient != 0)
            Objective.Add(column, coefficient);
        else if (row != "objective")
            Rows[row].Terms.Add(column, coefficient);
    }

    private static Dictionary<string, long> Terms(ReadOnlySpan<string> words)
    {
        var terms = new Dictionary<string, long>();
        var (sign, size) = (1L, 1L);
        foreach (var word in words)
        {
            if (word is "+" or "-")
                sign = word == "-" ? -1 : 1;
            else if (char.IsAsciiDigit(word[0]))
                size = Number(word);
            else
            {
                terms.Add(word, sign * size);
                (sign, size) = (1, 1);
            }
        }

        return terms;
    }

    private static long Number(string word) => long.Parse(word, CultureInfo.InvariantCulture);
}
