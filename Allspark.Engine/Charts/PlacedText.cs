namespace Allspark.Engine.Charts;

/// <summary>A line of text in a picture.</summary>
/// <param name="Text">The text, as the face can draw it.</param>
/// <param name="X">Where its line begins, in pixels from the left.</param>
/// <param name="Y">Where its line begins, in pixels from the top.</param>
/// <param name="Size">Height of a line in pixels.</param>
/// <param name="Strong">Whether it is set in the heavier face.</param>
/// <param name="Angle">By how many degrees it is turned clockwise.</param>
/// <param name="Color">Its colour, as <c>#rrggbb</c>.</param>
internal sealed record PlacedText(string Text, double X, double Y, double Size, bool Strong, double Angle, string Color)
{
    public const string Ink = "#222222";
    public const string PaleInk = "#555555";

    /// <summary>How far the middle of letters lies above their line, as a share of the size: half the height of capitals.</summary>
    public const double Middle = 0.364;

    /// <summary>The height of capitals, as a share of the size.</summary>
    public const double Capitals = 0.727;

    public ChartFont Font => Strong ? ChartFont.Strong : ChartFont.Regular;

    public double Width => Font.Measure(Text, Size);

    /// <summary>The corners of the space that it takes.</summary>
    public (double X, double Y)[] Corners
    {
        get
        {
            var (sin, cos) = Math.SinCos(Angle * Math.PI / 180);
            (double, double) At(double along, double down) => (X + (along * cos) - (down * sin), Y + (along * sin) + (down * cos));
            return [At(0, -Capitals * Size), At(Width, -Capitals * Size), At(Width, Font.Descent * Size), At(0, Font.Descent * Size)];
        }
    }

    /// <summary>A text fixed to a point of the picture.</summary>
    /// <param name="text">As the face can draw it.</param>
    /// <param name="x">The point.</param>
    /// <param name="y">The point.</param>
    /// <param name="along">Which part of the text's width lies before the point: 0, ½ or 1.</param>
    /// <param name="above">How far the point lies above the text's line, as a share of the size.</param>
    /// <param name="size">Height of a line.</param>
    /// <param name="angle">By how many degrees it is turned clockwise.</param>
    /// <param name="strong">Whether it is set in the heavier face.</param>
    /// <param name="color">Its colour.</param>
    public static PlacedText At(
        string text, double x, double y, double along, double above, double size = 12, double angle = 0, bool strong = false, string color = Ink)
    {
        var (sin, cos) = Math.SinCos(angle * Math.PI / 180);
        var before = (strong ? ChartFont.Strong : ChartFont.Regular).Measure(text, size) * along;
        return new PlacedText(
            text, x - (before * cos) - (above * size * sin), y - (before * sin) + (above * size * cos), size, strong, angle, color);
    }

    public PlacedText Moved(double right, double down) => this with { X = X + right, Y = Y + down };
}
