using System.Globalization;

namespace Allspark.Engine.Charts;

/// <summary>What a colour stands for: the same thing in every chart.</summary>
public enum ChartRole
{
    /// <summary>One of several things compared; its place among them decides the colour.</summary>
    Series,

    /// <summary>Multiply-accumulate work.</summary>
    Compute,

    /// <summary>Vector operations.</summary>
    Vector,

    /// <summary>The nodes' buffers.</summary>
    Sram,

    /// <summary>The nodes' memories, and weights fetched from them.</summary>
    Dram,

    /// <summary>The interconnect, and exchanges over it.</summary>
    Noc,

    /// <summary>Tokens moved from one phase to the next.</summary>
    Moves,

    /// <summary>Transfers from and to outside the stack.</summary>
    OffStack,

    /// <summary>What is spent without doing anything.</summary>
    Static,

    /// <summary>Attention phases.</summary>
    Attention,

    /// <summary>Feed-forward phases.</summary>
    FeedForward,

    /// <summary>Projections outside the blocks.</summary>
    Projection,

    /// <summary>Limits, roofs and lines of equality.</summary>
    Limit,
}

/// <summary>Shapes of points.</summary>
public enum ChartMarker
{
    /// <summary>A disc.</summary>
    Circle,

    /// <summary>A square.</summary>
    Square,

    /// <summary>A triangle on its base.</summary>
    TriangleUp,

    /// <summary>A square on its corner.</summary>
    Diamond,

    /// <summary>A triangle on its tip.</summary>
    TriangleDown,
}

/// <summary>Kinds of lines.</summary>
public enum ChartDash
{
    /// <summary>Unbroken.</summary>
    Solid,

    /// <summary>Dashes.</summary>
    Dashed,

    /// <summary>Dots.</summary>
    Dotted,
}

/// <summary>How a series looks.</summary>
/// <param name="Role">What it stands for.</param>
/// <param name="Color">Its colour, as <c>#rrggbb</c>.</param>
/// <param name="Marker">The shape of its points.</param>
/// <param name="Dash">The kind of its line.</param>
public sealed record ChartStyle(ChartRole Role, string Color, ChartMarker Marker = ChartMarker.Circle, ChartDash Dash = ChartDash.Solid)
{
    /// <summary>The same, pale: what is shown beside what matters.</summary>
    public ChartStyle ToFaint() => this with { Color = ChartPalette.Mix(Color, "#ffffff", 0.6) };
}

/// <summary>
/// Colours that are told apart under every common deficiency of colour vision: those of Okabe and Ito ("Color Universal Design", 2008)
/// for components and series, of Tol ("Colour Schemes", 2021, muted) for kinds of phases.
/// </summary>
public static class ChartPalette
{
    /// <summary>How many series are told apart.</summary>
    public const int MostSeries = 21;

    private static readonly string[] SeriesColors = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#4d4d4d"];

    private static readonly string[] Blues = ["#f7fbff", "#c6dbef", "#6baed6", "#2171b5", "#08306b"];
    private static readonly string[] Oranges = ["#fff5eb", "#fdd0a2", "#fd8d3c", "#d94801", "#7f2704"];

    /// <summary>Pale to dark blue: computation.</summary>
    public static IReadOnlyList<string> ComputeScale => Blues;

    /// <summary>Pale to dark orange: the interconnect.</summary>
    public static IReadOnlyList<string> NocScale => Oranges;

    /// <summary>The look of a role.</summary>
    public static ChartStyle Of(ChartRole role) => role switch
    {
        ChartRole.Compute => new(role, "#0072b2"),
        ChartRole.Vector => new(role, "#56b4e9"),
        ChartRole.Sram => new(role, "#009e73"),
        ChartRole.Dram => new(role, "#e69f00"),
        ChartRole.Noc => new(role, "#d55e00"),
        ChartRole.Moves => new(role, "#cc79a7"),
        ChartRole.OffStack => new(role, "#f0e442"),
        ChartRole.Static => new(role, "#999999"),
        ChartRole.Attention => new(role, "#332288"),
        ChartRole.FeedForward => new(role, "#44aa99", ChartMarker.Square),
        ChartRole.Projection => new(role, "#882255", ChartMarker.TriangleUp),
        ChartRole.Limit => new(role, "#222222"),
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "A series has the look of its place."),
    };

    /// <summary>
    /// The look of one of several things compared: seven colours, then their tints, then their shades, with other dashes each time.
    /// </summary>
    /// <param name="place">Its place among them, from 0.</param>
    /// <exception cref="ChartException">There are more than can be told apart.</exception>
    public static ChartStyle OfSeries(int place)
    {
        if (place >= MostSeries)
            throw new ChartException(ChartFailure.BadRows, $"A chart tells {MostSeries} series apart; these are more. Choose some of them.");
        var color = SeriesColors[place % SeriesColors.Length];
        var round = place / SeriesColors.Length;
        return new ChartStyle(
            ChartRole.Series,
            round switch { 0 => color, 1 => Mix(color, "#ffffff", 0.5), _ => Mix(color, "#000000", 0.5) },
            (ChartMarker)(place % Enum.GetValues<ChartMarker>().Length),
            (ChartDash)round);
    }

    /// <summary>A colour between two.</summary>
    /// <param name="from">As <c>#rrggbb</c>.</param>
    /// <param name="to">As <c>#rrggbb</c>.</param>
    /// <param name="share">How much of <paramref name="to"/>, from 0 to 1.</param>
    public static string Mix(string from, string to, double share)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        int Channel(int at) => (int)Math.Round(
            (Hex(from, at) * (1 - share)) + (Hex(to, at) * share), MidpointRounding.AwayFromZero);
        return string.Create(CultureInfo.InvariantCulture, $"#{Channel(1):x2}{Channel(3):x2}{Channel(5):x2}");

        static int Hex(string color, int at) => int.Parse(color.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
