using System.Globalization;
using System.Runtime.InteropServices;

namespace Allspark.Engine.Charts;

/// <summary>The figures that a chart shows, one fact a row (tidy long form), in base units.</summary>
/// <param name="Columns">What the columns hold.</param>
/// <param name="Rows">The rows, each with a cell for every column.</param>
public sealed record ChartTable(IReadOnlyList<ChartColumn> Columns, IReadOnlyList<IReadOnlyList<ChartCell>> Rows)
{
    /// <summary>A row as lines of text, each with its name and unit; empty cells are left out.</summary>
    /// <param name="row">The row's number; −1 for none.</param>
    public IEnumerable<string> Describe(int row) => row < 0 ? [] : Columns.Zip(Rows[row])
        .Where(pair => !pair.Second.IsEmpty)
        .Select(pair => $"{pair.First.Name}: {pair.Second.Text ?? Quantity.Text(pair.Second.Number, pair.First.Unit)}");
}

/// <summary>What a column of a table holds.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Unit">The unit of its numbers, without a prefix; empty for texts and for plain numbers.</param>
public sealed record ChartColumn(string Name, string Unit = "")
{
    /// <summary>Name and unit as the head of a column in a file.</summary>
    public string Head => Unit.Length == 0 ? Name : $"{Name} ({Unit})";
}

/// <summary>A text, a number, or nothing.</summary>
/// <param name="Text">The text; null for a number.</param>
/// <param name="Number">The number; not finite for nothing.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ChartCell(string? Text, double Number)
{
    /// <summary>Whether it holds nothing.</summary>
    public bool IsEmpty => Text is null && !double.IsFinite(Number);

    /// <summary>A cell with a text.</summary>
    public static implicit operator ChartCell(string? text) => new(text, double.NaN);

    /// <summary>A cell with a number.</summary>
    public static implicit operator ChartCell(double number) => new(null, number);

    /// <summary>The text, or the number so that reading it back gives the same bits.</summary>
    public override string ToString() => Text ?? (IsEmpty ? "" : Number.ToString("R", CultureInfo.InvariantCulture));
}
