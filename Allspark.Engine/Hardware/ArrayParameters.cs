using System.Globalization;
using Allspark.Engine.Specifications;

namespace Allspark.Engine.Hardware;

/// <summary>The parameters of an array by the names that its YAML gives them, such as <c>node.dram.banks</c>.</summary>
public static class ArrayParameters
{
    private static readonly Unit[] Units =
    [
        Unit.Bytes, Unit.BytesPerSecond, Unit.BytesPerCycle, Unit.Hertz, Unit.Seconds, Unit.Joules, Unit.JoulesPerBit, Unit.Watts, Unit.Cycles,
    ];

    /// <summary>Every parameter, in the order of the YAML; numbers in the base unit.</summary>
    public static IEnumerable<(string Name, double? Number, string Text, string Unit)> Of(PimArray array)
    {
        ArgumentNullException.ThrowIfNull(array);
        var sections = new Stack<string>();
        foreach (var line in PimArrayYaml.Write(array with { Sources = [] }).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var depth = (line.Length - line.TrimStart().Length) / 2;
            while (sections.Count > depth)
                sections.Pop();
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var (key, value) = (line[..colon].Trim(), line[(colon + 1)..].Trim());
            if (value.Length == 0)
            {
                sections.Push(key);
                continue;
            }

            var (number, unit) = Parse(value);
            yield return (string.Join('.', [.. sections.Reverse(), key]), number, value, unit);
        }
    }

    private static (double? Number, string Unit) Parse(string text)
    {
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        if (!double.TryParse(space < 0 ? text : text[..space], NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return (null, "");
        if (space < 0)
            return (number, "");
        var suffix = text[(space + 1)..];
        foreach (var unit in Units)
        {
            foreach (var spelling in unit.Suffixes.Where(spelling => spelling.Text == suffix))
                return (number * Math.Pow(10, spelling.Exponent) * spelling.Factor, Symbol(unit));
        }

        return (null, "");
    }

    // The spelling of one base unit; energies per bit have none of their own.
    private static string Symbol(Unit unit) =>
        unit.Suffixes.Where(spelling => spelling is { Exponent: 0, Factor: 1 }).Select(spelling => spelling.Text).FirstOrDefault() ?? "J/bit";
}
