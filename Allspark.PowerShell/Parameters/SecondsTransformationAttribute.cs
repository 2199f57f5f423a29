using System.Globalization;
using System.Management.Automation;

namespace Allspark.PowerShell.Parameters;

/// <summary>Takes a bare number for seconds where a time span is wanted; PowerShell itself would take it for ticks of 100 ns.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecondsTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Called by the shell before it converts an argument.</summary>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value switch
        {
            int or long or double or float or decimal => FromSeconds(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
            string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) => FromSeconds(seconds),
            _ => inputData,
        };
    }

    private static TimeSpan FromSeconds(double seconds) => seconds is > 0 and < 1e9
        ? TimeSpan.FromSeconds(seconds)
        : throw new ArgumentTransformationMetadataException(
            string.Create(CultureInfo.InvariantCulture, $"A time of {seconds} s is not possible; it must be above 0."));
}
