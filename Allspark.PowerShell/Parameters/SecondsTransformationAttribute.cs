using System.Globalization;
using System.Management.Automation;
using System.Numerics;
using System.Text.RegularExpressions;

namespace Allspark.PowerShell.Parameters;

/// <summary>
/// Takes a bare number, whatever its type, for seconds where a time span is wanted; PowerShell itself would take it for ticks of 100 ns. A
/// text may have a unit: <c>500ms</c>, <c>10s</c>, <c>2min</c>, <c>1h</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed partial class SecondsTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Called by the shell before it converts an argument.</summary>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
        {
            TimeSpan span => FromSeconds(span.TotalSeconds),
            BigInteger number => FromSeconds((double)number),
            IConvertible number when number.GetTypeCode() is >= TypeCode.SByte and <= TypeCode.Decimal =>
                FromSeconds(number.ToDouble(CultureInfo.InvariantCulture)),
            string text when Quantity().Match(text) is { Success: true } match =>
                FromSeconds(double.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture) * InSeconds(match.Groups["unit"].Value)),
            string text when TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) => FromSeconds(span.TotalSeconds),
            _ => throw new ArgumentTransformationMetadataException(
                $"'{inputData}' is not a time. Give seconds (10), a number with a unit (500ms, 10s, 2min, 1h) or a time span (00:00:10)."),
        };

    private static double InSeconds(string unit) => unit.ToUpperInvariant() switch
    {
        "MS" => 1e-3,
        "MIN" => 60,
        "H" => 3600,
        _ => 1,
    };

    private static TimeSpan FromSeconds(double seconds) => seconds is > 0 and < 1e9
        ? TimeSpan.FromSeconds(seconds)
        : throw new ArgumentTransformationMetadataException(
            string.Create(CultureInfo.InvariantCulture, $"A time of {seconds} s is not possible; it must be above 0."));

    [GeneratedRegex(@"^\s*(?<number>[+-]?[0-9]{1,15}(\.[0-9]{1,15})?([eE][+-]?[0-9]{1,2})?)\s*(?<unit>ms|s|min|h)?\s*$",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Quantity();
}
