using System.Runtime.InteropServices;

namespace Allspark.Engine.Charts;

/// <summary>How the marks of a series are drawn.</summary>
public enum ChartShape
{
    /// <summary>Boxes that stand on a base, along the vertical axis.</summary>
    Bars,

    /// <summary>Boxes from one time to another, along the horizontal axis.</summary>
    Intervals,

    /// <summary>Boxes coloured by their value.</summary>
    Cells,

    /// <summary>Points.</summary>
    Points,

    /// <summary>Points joined in their order.</summary>
    Curve,

    /// <summary>A line through the marks, which are not themselves shown: a roof, a limit.</summary>
    Line,
}

/// <summary>Marks that belong together and look alike.</summary>
public sealed record ChartSeries
{
    /// <summary>The name in the legend; empty for what needs none.</summary>
    public required string Name { get; init; }

    /// <summary>What the series of this name are parts or kinds of; a heading in the legend.</summary>
    public string Group { get; init; } = "";

    /// <summary>How the marks are drawn.</summary>
    public required ChartShape Shape { get; init; }

    /// <summary>Colour, marker and dashes.</summary>
    public required ChartStyle Style { get; init; }

    /// <summary>The colours of <see cref="ChartShape.Cells"/>.</summary>
    public ChartColorScale? Scale { get; init; }

    /// <summary>The marks, in order.</summary>
    public required IReadOnlyList<ChartMark> Marks { get; init; }
}

/// <summary>A point, or a box from one corner to the opposite one, in units of the axes.</summary>
/// <param name="X">Of the point or the first corner.</param>
/// <param name="Y">Of the point or the first corner.</param>
/// <param name="X2">Of the opposite corner; the same for a point.</param>
/// <param name="Y2">Of the opposite corner; the same for a point.</param>
/// <param name="Row">The row of the chart's table that it shows; −1 for none.</param>
/// <param name="Value">What a cell's colour stands for.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ChartMark(double X, double Y, double X2, double Y2, int Row, double Value = 0)
{
    /// <summary>A point.</summary>
    public static ChartMark Point(double x, double y, int row = -1) => new(x, y, x, y, row);
}

/// <summary>What colours stand for where they stand for values.</summary>
/// <param name="Title">What the values are, with their unit.</param>
/// <param name="Low">The value of the first colour.</param>
/// <param name="High">The value of the last colour.</param>
/// <param name="Stops">The colours, evenly spaced, as <c>#rrggbb</c>.</param>
public sealed record ChartColorScale(string Title, double Low, double High, IReadOnlyList<string> Stops)
{
    /// <summary>The colour of a value, mixed of the two stops beside it.</summary>
    public string ColorOf(double value)
    {
        var place = High > Low ? Math.Clamp((value - Low) / (High - Low), 0, 1) * (Stops.Count - 1) : 0;
        var below = Math.Min((int)place, Stops.Count - 2);
        return ChartPalette.Mix(Stops[below], Stops[below + 1], place - below);
    }
}
