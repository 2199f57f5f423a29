using System.Globalization;
using System.Runtime.InteropServices;

namespace Allspark.Engine.Charts;

/// <summary>A unit with the prefix that suits a set of values, so that an axis reads 4.2 ms and not 0.0042 s.</summary>
/// <param name="Unit">The unit with its prefix, such as <c>ms</c>.</param>
/// <param name="PerBase">How many of it make one of the base unit.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Quantity(string Unit, double PerBase)
{
    private static readonly (string Prefix, double PerBase)[] Prefixes =
        [("T", 1e-12), ("G", 1e-9), ("M", 1e-6), ("k", 1e-3), ("", 1), ("m", 1e3), ("µ", 1e6), ("n", 1e9), ("p", 1e12), ("f", 1e15)];

    private static readonly (string Prefix, double PerBase)[] Binary =
        [("Gi", 1.0 / (1 << 30)), ("Mi", 1.0 / (1 << 20)), ("Ki", 1.0 / (1 << 10))];

    /// <summary>Units that do not take decimal prefixes.</summary>
    private static readonly string[] Plainly = ["", "px", "%", "×", "cycles"];

    /// <summary>The largest prefix under which the largest value is at least one.</summary>
    public static Quantity For(string baseUnit, double largest)
    {
        if (Plainly.Contains(baseUnit))
            return new Quantity(baseUnit, 1);
        foreach (var (prefix, perBase) in Prefixes)
        {
            if (largest * perBase >= 1)
                return new Quantity(prefix + baseUnit, perBase);
        }

        return new Quantity(baseUnit, 1);
    }

    /// <summary>The same for all of several values; sizes that are whole multiples of 1024 bytes have binary prefixes.</summary>
    public static Quantity For(string baseUnit, IReadOnlyCollection<double> values)
    {
        if (baseUnit == "B")
        {
            foreach (var (prefix, perBase) in Binary)
            {
                if (values.All(value => double.IsInteger(value * perBase * 16)) && values.Max() * perBase >= 1)
                    return new Quantity(prefix + baseUnit, perBase);
            }
        }

        return For(baseUnit, values.Select(Math.Abs).DefaultIfEmpty().Max());
    }

    /// <summary>A value with its unit, to three digits.</summary>
    public static string Text(double value, string baseUnit)
    {
        var quantity = For(baseUnit, [value]);
        var number = double.IsInteger(value * quantity.PerBase) && Math.Abs(value * quantity.PerBase) < 1e6
            ? Plain(value * quantity.PerBase)
            : ThreeDigits(value * quantity.PerBase);
        return string.Concat(number, quantity.Unit.Length == 0 || quantity.Unit == "×" ? quantity.Unit : " " + quantity.Unit);
    }

    /// <summary>A number for a tick: as it is where it is short, else to five digits.</summary>
    public static string Plain(double value)
    {
        if (value == 0)
            return "0"; // and not -0
        var text = value.ToString(Math.Abs(value) is >= 1e7 or < 1e-5 ? "0.###E+0" : "0.#########", CultureInfo.InvariantCulture);
        return text.Length <= 9 ? text : value.ToString("G5", CultureInfo.InvariantCulture);
    }

    /// <summary>Three significant digits, without an exponent from a thousandth to a million.</summary>
    public static string ThreeDigits(double value)
    {
        var size = Math.Abs(value);
        if (size is >= 1e6 or < 1e-3 && size != 0)
            return value.ToString("0.00E+0", CultureInfo.InvariantCulture);
        var decimals = size == 0 ? 0 : 2 - (int)Math.Floor(Math.Log10(size * 1.0005)); // 9.996 is shown as 10.0
        return value.ToString("F" + Math.Max(0, decimals).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }
}
