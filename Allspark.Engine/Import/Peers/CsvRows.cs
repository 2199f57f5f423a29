using Allspark.Engine.Specifications;

namespace Allspark.Engine.Import.Peers;

/// <summary>The rows of a table of values between commas, each value with its place. Quotes have no meaning in such
/// files.</summary>
internal static class CsvRows
{
    private const int MostRows = 20_000;
    private const int MostCells = 64;

    /// <summary>The rows that have something in them; what is empty at a row's end is left out.</summary>
    /// <exception cref="SpecificationException">There are too many rows or values, or a character that is no text.</exception>
    public static List<List<SpecificationScalar>> Read(string text, string file)
    {
        var rows = new List<List<SpecificationScalar>>();
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            if (line.IsWhiteSpace())
                continue;
            if (line.ContainsAnyInRange('\0', '\u0008'))
                throw new SpecificationException(file, number, 1, "", "has a control character: this is no text.");
            if (rows.Count == MostRows)
                throw new SpecificationException(file, number, 1, "", $"is one row too many: at most {MostRows} are read.");
            if (Cells(line, file, number) is { Count: > 0 } cells)
                rows.Add(cells);
        }

        return rows;
    }

    private static List<SpecificationScalar> Cells(ReadOnlySpan<char> line, string file, int number)
    {
        var cells = new List<SpecificationScalar>();
        foreach (var range in line.Split(','))
        {
            var (start, length) = range.GetOffsetAndLength(line.Length);
            var cell = line.Slice(start, length);
            var column = start + cell.Length - cell.TrimStart().Length + 1;
            if (cells.Count == MostCells)
                throw new SpecificationException(file, number, column, "",
                    $"is one value too many: at most {MostCells} are read in a row.");
            cells.Add(new SpecificationScalar(file, "", new Position(number, column), cell.Trim().ToString()));
        }

        while (cells.Count > 0 && cells[^1].Text.Length == 0)
            cells.RemoveAt(cells.Count - 1);
        return cells;
    }
}
