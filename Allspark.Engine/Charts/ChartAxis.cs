using System.Runtime.InteropServices;

namespace Allspark.Engine.Charts;

/// <summary>How values lie along an axis.</summary>
public enum ChartScale
{
    /// <summary>Equal differences are equally long.</summary>
    Linear,

    /// <summary>Equal ratios are equally long.</summary>
    Log,

    /// <summary>Names stand at 0, 1, 2 ….</summary>
    Category,
}

/// <summary>An axis.</summary>
public sealed record ChartAxis
{
    /// <summary>What is shown along it; empty where the names along it say so.</summary>
    public string Title { get; init; } = "";

    /// <summary>The unit of its values, with its prefix.</summary>
    public string Unit { get; init; } = "";

    /// <summary>How values lie along it.</summary>
    public ChartScale Scale { get; init; }

    /// <summary>The value at its left or lower end; above <see cref="High"/> where values grow downwards.</summary>
    public required double Low { get; init; }

    /// <summary>The value at its right or upper end.</summary>
    public required double High { get; init; }

    /// <summary>Where a grid line and a label stand.</summary>
    public required IReadOnlyList<ChartTick> Ticks { get; init; }

    /// <summary>Title and unit as they are written along the axis.</summary>
    public string Caption => string.Concat(Title, Unit.Length == 0 ? "" : $" ({Unit})", Scale == ChartScale.Log ? ", log scale" : "");

    /// <summary>Names along an axis, one a unit.</summary>
    public static ChartAxis Names(IReadOnlyList<string> names, string title = "", bool downwards = false) => new()
    {
        Title = title,
        Scale = ChartScale.Category,
        Low = downwards ? names.Count - 0.5 : -0.5,
        High = downwards ? -0.5 : names.Count - 0.5,
        Ticks = [.. names.Select((name, place) => new ChartTick(place, name))],
    };

    /// <summary>Equal steps of 1, 2 or 5 times a power of ten.</summary>
    public static ChartAxis Linear(string title, string unit, double low, double high)
    {
        if (high <= low)
            high = low + 1;
        var step = NiceStep((high - low) / 6);
        var ticks = new List<ChartTick>();
        for (var i = Math.Ceiling((low / step) - 1e-9); i * step <= high + (step * 1e-9); i++)
            ticks.Add(new ChartTick(i * step, Quantity.Plain(i * step)));
        return new ChartAxis { Title = title, Unit = unit, Low = low, High = high, Ticks = ticks };
    }

    /// <summary>1, 2, 5 and their decimal multiples; decades alone where the axis spans more than three.</summary>
    public static ChartAxis Log(string title, string unit, double low, double high)
    {
        double[] steps = high / low > 1000 ? [1] : [1, 2, 5];
        var ticks = new List<ChartTick>();
        for (var exponent = (int)Math.Floor(Math.Log10(low)); exponent <= Math.Log10(high); exponent++)
        {
            ticks.AddRange(steps.Select(step => step * Math.Pow(10, exponent)).Where(value => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9))
                .Select(value => new ChartTick(value, Quantity.Plain(value))));
        }

        return new ChartAxis { Title = title, Unit = unit, Scale = ChartScale.Log, Low = low, High = high, Ticks = ticks };
    }

    /// <summary>
    /// An axis for values: logarithmic where they are positive and span a decade, or some doublings of a sweep, else linear, and from zero where they come near it.
    /// </summary>
    /// <param name="title">What the values are.</param>
    /// <param name="unit">Their unit.</param>
    /// <param name="values">The values, in that unit.</param>
    /// <param name="measured">Whether ticks stand at the values themselves, where they are few.</param>
    public static ChartAxis Spanning(string title, string unit, IReadOnlyCollection<double> values, bool measured = false)
    {
        var (low, high) = (values.Min(), values.Max());
        ChartAxis axis;
        if (low > 0 && high / low >= (measured ? 4 : 10))
        {
            var room = Math.Pow(high / low, 0.05);
            axis = Log(title, unit, low / room, high * room);
        }
        else
        {
            var room = high > low ? (high - low) * 0.05 : Math.Max(Math.Abs(high) * 0.1, 1e-300);
            axis = Linear(title, unit, low >= 0 && low < high / 2 && !measured ? 0 : low - room, high + room);
        }

        double[] distinct = [.. values.Distinct().Order()];
        return measured && distinct.Length <= MostMeasuredTicks
            ? axis with { Ticks = [.. distinct.Select(value => new ChartTick(value, Quantity.Plain(value)))] }
            : axis;
    }

    private const int MostMeasuredTicks = 16;

    /// <summary>Where a value lies: 0 at <see cref="Low"/>, 1 at <see cref="High"/>.</summary>
    internal double Share(double value) => (Along(value) - Along(Low)) / (Along(High) - Along(Low));

    /// <summary>A value as an even scale has it: its decimal logarithm where equal ratios are equally long.</summary>
    internal double Along(double value) => Scale == ChartScale.Log ? Math.Log10(value) : value;

    /// <summary>The axis with room beyond its ends, in shares of the whole that it then is.</summary>
    internal ChartAxis WithRoom(double below, double above)
    {
        var length = (Along(High) - Along(Low)) / (1 - below - above);
        double Back(double along) => Scale == ChartScale.Log ? Math.Pow(10, along) : along;
        return this with
        {
            Low = below > 0 ? Back(Along(Low) - (length * below)) : Low,
            High = above > 0 ? Back(Along(High) + (length * above)) : High,
        };
    }

    private static double NiceStep(double atLeast)
    {
        var decade = Math.Pow(10, Math.Floor(Math.Log10(atLeast)));
        return decade * (atLeast / decade) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
    }
}

/// <summary>A place on an axis that has a label.</summary>
/// <param name="Position">Where, in the axis's values.</param>
/// <param name="Label">The label.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ChartTick(double Position, string Label);
