using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;

namespace Allspark.PowerShell.Parameters;

/// <summary>Takes a fraction as a number (<c>0.01</c>) or in percent (<c>1%</c>): from 0 to less than 1.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed partial class FractionTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Called by the shell before it converts an argument.</summary>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
        {
            IConvertible number when number.GetTypeCode() is >= TypeCode.SByte and <= TypeCode.Decimal =>
                Checked(number.ToDouble(CultureInfo.InvariantCulture), inputData),
            string text when Fraction().Match(text) is { Success: true } match => Checked(
                double.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture) / (match.Groups["percent"].Success ? 100 : 1), inputData),
            _ => throw new ArgumentTransformationMetadataException($"'{inputData}' is no fraction. Give a number such as 0.01, or a percentage such as 1%."),
        };

    private static double Checked(double fraction, object given) => fraction switch
    {
        >= 0 and < 1 => fraction,
        >= 1 and < 100 when given is not string text || !text.Contains('%', StringComparison.Ordinal) => throw new ArgumentTransformationMetadataException(
            string.Create(CultureInfo.InvariantCulture, $"{fraction} is {fraction:P0}; it must be from 0 to less than 1. For {fraction} percent write {fraction}%.")),
        _ => throw new ArgumentTransformationMetadataException(
            string.Create(CultureInfo.InvariantCulture, $"{given} is not possible; it must be from 0 to less than 1, or from 0% to less than 100%.")),
    };

    [GeneratedRegex(@"^\s*(?<number>[+-]?([0-9]{1,15}(\.[0-9]{0,15})?|\.[0-9]{1,15})([eE][+-]?[0-9]{1,2})?)\s*(?<percent>%)?\s*$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Fraction();
}
