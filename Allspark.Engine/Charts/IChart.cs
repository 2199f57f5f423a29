using System.Text.Json.Nodes;

namespace Allspark.Engine.Charts;

/// <summary>A chart as data: what it shows, not how it is drawn. One record per kind of chart.</summary>
public interface IChart
{
    /// <summary>The kind's name, as <c>Export-AllsparkChart -Kind</c> takes it.</summary>
    string Kind { get; }

    /// <summary>The chart as a Vega-Lite version 6 specification with its data inline.</summary>
    /// <exception cref="ChartException">There is nothing to show, or a value that cannot be shown.</exception>
    JsonObject ToVegaLite();
}
