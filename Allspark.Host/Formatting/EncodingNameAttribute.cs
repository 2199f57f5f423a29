using System.Globalization;
using System.Management.Automation;
using System.Text;
using Microsoft.PowerShell.Commands.Internal.Format;

namespace Microsoft.PowerShell.Commands;

/// <summary>Takes an encoding by name (<c>utf8NoBOM</c>, <c>ascii</c>, a registered name) or by code page.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class EncodingNameAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value switch
        {
            string { Length: > 0 } name when !int.TryParse(name, CultureInfo.InvariantCulture, out _) => EngineFormatting.FindEncoding(name),
            string { Length: > 0 } page => Encoding.GetEncoding(int.Parse(page, CultureInfo.InvariantCulture)),
            int page => Encoding.GetEncoding(page),
            _ => inputData,
        };
    }
}
