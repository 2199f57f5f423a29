using System.Globalization;

namespace Allspark.Engine.Specifications;

/// <summary>
/// A value with its unit, to be read: shown with the prefix that suits it and four digits, such as <c>1.085 ms</c>, <c>4 MiB</c> or
/// <c>8 GB/s</c>; sorted and compared by its value in the base unit.
/// </summary>
/// <param name="Value">The value in the base unit.</param>
/// <param name="Unit">The base unit: s, J, W, Hz, B (with binary prefixes), B/s …</param>
public readonly record struct PhysicalQuantity(double Value, string Unit) : IComparable<PhysicalQuantity>, IComparable
{
    private static readonly string[] Decimal = ["f", "p", "n", "µ", "m", "", "k", "M", "G", "T", "P"];
    private static readonly string[] Binary = ["", "Ki", "Mi", "Gi", "Ti", "Pi"];

    /// <summary>The value in the base unit.</summary>
    public static implicit operator double(PhysicalQuantity quantity) => quantity.Value;

    /// <summary>A value without a unit, to compare with.</summary>
    public static implicit operator PhysicalQuantity(double value) => new(value, "");

    /// <summary>Compares values.</summary>
    public static bool operator <(PhysicalQuantity left, PhysicalQuantity right) => left.Value < right.Value;

    /// <summary>Compares values.</summary>
    public static bool operator >(PhysicalQuantity left, PhysicalQuantity right) => left.Value > right.Value;

    /// <summary>Compares values.</summary>
    public static bool operator <=(PhysicalQuantity left, PhysicalQuantity right) => left.Value <= right.Value;

    /// <summary>Compares values.</summary>
    public static bool operator >=(PhysicalQuantity left, PhysicalQuantity right) => left.Value >= right.Value;

    /// <summary>The value in the base unit.</summary>
    public double ToDouble() => Value;

    /// <summary>A value without a unit, to compare with.</summary>
    public static PhysicalQuantity FromDouble(double value) => value;

    /// <inheritdoc/>
    public int CompareTo(PhysicalQuantity other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => obj switch
    {
        null => 1,
        PhysicalQuantity other => CompareTo(other),
        _ => Value.CompareTo(Convert.ToDouble(obj, CultureInfo.InvariantCulture)),
    };

    /// <summary>Whether both have the same value, and the same unit where both have one.</summary>
    public bool Equals(PhysicalQuantity other) =>
        Value.Equals(other.Value) && (Unit.Length == 0 || other.Unit.Length == 0 || Unit == other.Unit);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode();

    /// <inheritdoc/>
    public override string ToString()
    {
        var (prefixes, step, one) = Unit == "B" ? (Binary, 1024.0, 0) : (Decimal, 1000.0, 5);
        var size = Math.Abs(Value);
        if (size == 0 || !double.IsFinite(size) || Unit.Length == 0)
            return string.Create(CultureInfo.InvariantCulture, $"{Value} {Unit}").TrimEnd();

        // By the digits that are shown: 999.96 µs is 1 ms.
        var shown = double.Parse(size.ToString("E3", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        var place = Math.Clamp(one + (int)Math.Floor(Math.Round(Math.Log(shown, step), 12)), 0, prefixes.Length - 1);
        var scaled = Value / Math.Pow(step, place - one);
        var decimals = Math.Clamp(3 - (int)Math.Floor(Math.Log10(Math.Abs(scaled)) + 1e-9), 0, 3);
        var digits = Math.Round(scaled, decimals).ToString("0.###", CultureInfo.InvariantCulture);
        return $"{digits} {prefixes[place]}{Unit}";
    }
}
