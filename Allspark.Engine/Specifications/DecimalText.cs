using System.Globalization;

namespace Allspark.Engine.Specifications;

/// <summary>
/// Moves the decimal point of a number in its text, where that is exact; a multiplication by a power of ten would round
/// a second time and 0.55 pJ written and read would come back as another number.
/// </summary>
internal static class DecimalText
{
    private const int LongestPlain = 18;

    /// <summary>The text of number · 10^exponent.</summary>
    /// <param name="number">Digits with an optional sign, point and exponent.</param>
    /// <param name="exponent">By how many places the point moves to the right.</param>
    public static string Shift(string number, int exponent)
    {
        var mark = number.AsSpan().IndexOfAny('e', 'E');
        var mantissa = mark < 0 ? number : number[..mark];
        var power = exponent;
        if (mark >= 0)
            power += int.Parse(number.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var sign = mantissa.StartsWith('-') ? "-" : "";
        var digits = mantissa.TrimStart('-', '+');
        var point = digits.IndexOf('.', StringComparison.Ordinal);
        if (point >= 0)
        {
            power -= digits.Length - point - 1;
            digits = digits.Remove(point, 1);
        }

        var significant = digits.TrimStart('0').TrimEnd('0');
        if (significant.Length == 0)
            return "0";
        power += digits.Length - digits.TrimEnd('0').Length;
        return sign + Place(significant, power);
    }

    private static string Place(string digits, int power)
    {
        if (power >= 0)
        {
            return digits.Length + power <= LongestPlain
                ? digits + new string('0', power)
                : string.Create(CultureInfo.InvariantCulture, $"{digits}e{power}");
        }

        var whole = digits.Length + power;
        if (whole > 0)
            return $"{digits[..whole]}.{digits[whole..]}";
        return -whole <= LongestPlain
            ? $"0.{new string('0', -whole)}{digits}"
            : string.Create(CultureInfo.InvariantCulture, $"{digits}e{power}");
    }
}
