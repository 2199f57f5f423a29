using System.Runtime.InteropServices;

namespace Allspark.Engine.Charts;

/// <summary>One pair of axes and what is drawn between them.</summary>
public sealed record ChartPanel
{
    /// <summary>What sets this panel apart from the others; null where it is the only one.</summary>
    public string? Title { get; init; }

    /// <summary>The horizontal axis.</summary>
    public required ChartAxis X { get; init; }

    /// <summary>The vertical axis.</summary>
    public required ChartAxis Y { get; init; }

    /// <summary>What is drawn, the first at the back.</summary>
    public required IReadOnlyList<ChartSeries> Series { get; init; }

    /// <summary>Values written beyond the ends of bars.</summary>
    public IReadOnlyList<ChartLabel> Labels { get; init; } = [];

    /// <summary>Width of the space between the axes in a picture, in pixels.</summary>
    public double Width { get; init; } = 680;

    /// <summary>Height of that space, in pixels.</summary>
    public double Height { get; init; } = 400;
}

/// <summary>A value written beyond the end of a bar.</summary>
/// <param name="X">Where, in units of the horizontal axis.</param>
/// <param name="Y">Where, in units of the vertical axis.</param>
/// <param name="Text">The text.</param>
/// <param name="Slot">The width that is its own, in units of the horizontal axis.</param>
/// <param name="Below">Whether it stands below that point; above it otherwise.</param>
/// <param name="Of">The name of the series that it is of; empty where it is of all.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ChartLabel(double X, double Y, string Text, double Slot, bool Below = false, string Of = "");
