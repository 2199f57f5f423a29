using System.Globalization;
using System.Runtime.InteropServices;

namespace Allspark.Engine.Specifications;

/// <summary>What a number is measured in, and the spellings of it: each a suffix and what one of it is in the base unit.</summary>
/// <param name="Name">What it is a unit of.</param>
/// <param name="Suffixes">The spellings; the first is the one that numbers are written in, unless they are binary.</param>
internal sealed record Unit(string Name, params UnitSuffix[] Suffixes)
{
    public static readonly Unit Bytes = new("a size",
        new("B", 0), new("KiB", 0, 1L << 10), new("MiB", 0, 1L << 20), new("GiB", 0, 1L << 30));
    public static readonly Unit BytesPerSecond = new("a bandwidth",
        new("GB/s", 9), new("B/s", 0), new("KB/s", 3), new("MB/s", 6), new("TB/s", 12));
    public static readonly Unit BytesPerCycle = new("a link width", new UnitSuffix("B/cycle", 0));
    public static readonly Unit Hertz = new("a frequency", new("GHz", 9), new("Hz", 0), new("kHz", 3), new("MHz", 6));
    public static readonly Unit Seconds = new("a time", new("ns", -9), new("s", 0), new("ms", -3), new("us", -6), new("ps", -12));
    public static readonly Unit Joules = new("an energy", new("pJ", -12), new("J", 0), new("nJ", -9), new("fJ", -15));
    public static readonly Unit JoulesPerBit = new("an energy per bit", new("pJ/bit", -12), new("J/bit", 0), new("nJ/bit", -9), new("fJ/bit", -15));
    public static readonly Unit Watts = new("a power", new("mW", -3), new("W", 0), new("uW", -6));
    public static readonly Unit Cycles = new("a number of cycles", new UnitSuffix("cycles", 0), new UnitSuffix("cycle", 0));
    public static readonly Unit Count = new("a count", new UnitSuffix("", 0), new UnitSuffix("M", 6), new UnitSuffix("G", 9));

    /// <summary>The spelling of the base unit.</summary>
    public string Base => Suffixes.First(suffix => suffix is { Exponent: 0, Factor: 1 }).Text;

    /// <summary>The spellings as a message lists them.</summary>
    public string Spellings => string.Join(", ", Suffixes.Select(suffix => suffix.Text).Where(text => text.Length > 0));

    /// <summary>A number in the first spelling, so that reading it back gives the same bits.</summary>
    public string Format(double value)
    {
        var suffix = Suffixes[0];
        var number = DecimalText.Shift(value.ToString("R", CultureInfo.InvariantCulture), -suffix.Exponent);
        return suffix.Text.Length == 0 ? number : $"{number} {suffix.Text}";
    }

    /// <summary>A whole number in the largest spelling that leaves it whole.</summary>
    public string Format(long value)
    {
        var best = Suffixes[0];
        foreach (var suffix in Suffixes)
        {
            if (suffix.Exponent == 0 && suffix.Factor > best.Factor && value != 0 && value % suffix.Factor == 0)
                best = suffix;
        }

        var number = (value / best.Factor).ToString(CultureInfo.InvariantCulture);
        return best.Text.Length == 0 ? number : $"{number} {best.Text}";
    }
}

/// <summary>One spelling of a unit: 1 of it is 10^<paramref name="Exponent"/> · <paramref name="Factor"/> of the base unit.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct UnitSuffix(string Text, int Exponent, long Factor = 1);
