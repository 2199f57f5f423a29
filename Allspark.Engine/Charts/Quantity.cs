using System.Globalization;

namespace Allspark.Engine.Charts;

/// <summary>A unit with the decimal prefix that suits a set of values, so that an axis reads 4.2 ms and not 0.0042 s.</summary>
/// <param name="Unit">The unit with its prefix, such as <c>ms</c>.</param>
/// <param name="PerBase">How many of it make one of the base unit.</param>
internal readonly record struct Quantity(string Unit, double PerBase)
{
    private static readonly (string Prefix, double PerBase)[] Prefixes = [("", 1), ("m", 1e3), ("µ", 1e6), ("n", 1e9), ("p", 1e12)];

    /// <summary>The largest prefix under which the largest value is at least one.</summary>
    public static Quantity For(string baseUnit, double largest)
    {
        foreach (var (prefix, perBase) in Prefixes)
        {
            if (largest * perBase >= 1)
                return new Quantity(prefix + baseUnit, perBase);
        }

        return new Quantity(baseUnit, 1);
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
