namespace Allspark.Engine.Charts;

/// <summary>
/// A chart as data: what it shows, not how it is drawn. Every kind of chart produces one, every writer reads one.
/// </summary>
public sealed record ChartDescription
{
    /// <summary>The kind, as <c>Export-AllsparkChart -Kind</c> takes it.</summary>
    public required string Kind { get; init; }

    /// <summary>The title.</summary>
    public required string Title { get; init; }

    /// <summary>What a reader must know to read the chart rightly, a sentence or two each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The panels: rows of them, from the top.</summary>
    public required IReadOnlyList<IReadOnlyList<ChartPanel>> Panels { get; init; }

    /// <summary>All the figures, drawn or not, in base units.</summary>
    public required ChartTable Table { get; init; }
}
