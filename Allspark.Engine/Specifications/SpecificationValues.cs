using System.Globalization;
using System.Text.RegularExpressions;
using Allspark.Engine.Models;

namespace Allspark.Engine.Specifications;

/// <summary>Turns scalars into numbers, words and quantities, refusing what is out of bounds.</summary>
internal static partial class SpecificationValues
{
    /// <summary>A whole number between two bounds, both allowed.</summary>
    public static int Integer(this SpecificationNode node, int least, int most)
    {
        var scalar = node.AsScalar();
        if (!int.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
            throw scalar.Error($"'{Shown(scalar)}' is not a whole number. Allowed: {least} to {most}.");
        return value >= least && value <= most ? value : throw scalar.Error($"{value} is out of bounds. Allowed: {least} to {most}.");
    }

    /// <summary>True or false.</summary>
    public static bool Truth(this SpecificationNode node) => node.AsScalar().Text switch
    {
        "true" => true,
        "false" => false,
        _ => throw node.Error($"'{Shown(node.AsScalar())}' is not a truth value. Allowed: true, false."),
    };

    /// <summary>A word that is the name of an enumeration's value; case matters not.</summary>
    public static T Word<T>(this SpecificationNode node)
        where T : struct, Enum
    {
        var scalar = node.AsScalar();
        foreach (var name in Enum.GetNames<T>())
        {
            if (string.Equals(name, scalar.Text, StringComparison.OrdinalIgnoreCase))
                return Enum.Parse<T>(name);
        }

        throw scalar.Error(SpecificationMap.Unknown(Words(typeof(T).Name), scalar.Text, Enum.GetNames<T>()));
    }

    // AttentionKind is an attention kind.
    private static string Words(string name) => CapitalWithin().Replace(name, " ").ToLowerInvariant();

    /// <summary>A text of at most so many characters, not empty, without control characters.</summary>
    public static string Sentence(this SpecificationNode node, int most)
    {
        var text = node.AsScalar().Text;
        if (string.IsNullOrWhiteSpace(text) || text.Length > most)
            throw node.Error($"must be a text of 1 to {most} characters.");
        return text.Any(char.IsControl) ? throw node.Error("has a control character.") : text;
    }

    /// <summary>A name: letters, digits, <c>-</c>, <c>_</c> and <c>.</c>.</summary>
    public static string Identifier(this SpecificationNode node)
    {
        var text = node.AsScalar().Text;
        return IdentifierPattern().IsMatch(text)
            ? text
            : throw node.Error($"'{Shown(node.AsScalar())}' is not a name. Allowed: 1 to 64 letters, digits, '-', '_' and '.'.");
    }

    /// <summary>A number with its unit, in the base unit, between two bounds, both allowed.</summary>
    public static double Quantity(this SpecificationNode node, Unit unit, double least, double most)
    {
        var (number, suffix) = Split(node, unit);
        var shifted = DecimalText.Shift(number, suffix.Exponent);
        var value = double.Parse(shifted, NumberStyles.Float, CultureInfo.InvariantCulture) * suffix.Factor;
        return value >= least && value <= most
            ? value
            : throw node.Error($"'{Shown(node.AsScalar())}' is out of bounds. Allowed: {unit.Format(least)} to {unit.Format(most)}.");
    }

    /// <summary>A whole number of the base unit with its unit, between two bounds, both allowed.</summary>
    public static long WholeQuantity(this SpecificationNode node, Unit unit, long least, long most)
    {
        var (number, suffix) = Split(node, unit);
        var shifted = DecimalText.Shift(number, suffix.Exponent);
        if (!decimal.TryParse(shifted, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            || value < least / (decimal)suffix.Factor || value > most / (decimal)suffix.Factor)
        {
            throw node.Error($"'{Shown(node.AsScalar())}' is out of bounds. Allowed: {unit.Format(least)} to {unit.Format(most)}.");
        }

        value *= suffix.Factor;
        return value == decimal.Truncate(value)
            ? (long)value
            : throw node.Error($"'{Shown(node.AsScalar())}' is not a whole number of {unit.Suffixes[0].Text}.");
    }

    /// <summary>The elements of a list, each read in the same way.</summary>
    public static ValueList<T> Each<T>(this SpecificationNode node, int least, int most, Func<SpecificationNode, T> read)
    {
        var items = node.AsList().Items;
        return items.Count >= least && items.Count <= most
            ? items.Select(read).ToValueList()
            : throw node.Error($"has {items.Count} elements. Allowed: {(least == most ? $"{least}" : $"{least} to {most}")}.");
    }

    private static (string Number, UnitSuffix Suffix) Split(SpecificationNode node, Unit unit)
    {
        var scalar = node.AsScalar();
        var match = QuantityPattern().Match(scalar.Text);
        if (!match.Success)
            throw scalar.Error($"'{Shown(scalar)}' is not {unit.Name}. "
                + $"Allowed: a number with a unit of {unit.Spellings}, such as {unit.Format(1L)}.");
        var written = match.Groups["unit"].Value;
        foreach (var suffix in unit.Suffixes)
        {
            if (suffix.Text == written)
                return (match.Groups["number"].Value, suffix);
        }

        throw scalar.Error(written.Length == 0
            ? $"'{Shown(scalar)}' has no unit. Allowed: {unit.Spellings}."
            : $"'{Shown(scalar)}' has the wrong unit for {unit.Name}. Allowed: {unit.Spellings}.");
    }

    private static string Shown(SpecificationScalar scalar) =>
        scalar.Text.Length <= 60 ? scalar.Text : string.Concat(scalar.Text.AsSpan(0, 60), "…");

    [GeneratedRegex(
        @"^(?<number>[+-]?[0-9]{1,40}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?) ?(?<unit>[A-Za-z/]{0,12})$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex QuantityPattern();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex IdentifierPattern();

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex CapitalWithin();
}
