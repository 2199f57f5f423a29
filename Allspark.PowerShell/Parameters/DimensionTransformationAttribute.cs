using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace Allspark.PowerShell.Parameters;

/// <summary>Takes <c>name=size</c> strings where a table of dimensions is wanted.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DimensionTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Called by the shell before it converts an argument.</summary>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var given = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        var table = new Hashtable(StringComparer.Ordinal);
        switch (given)
        {
            case IDictionary dictionary:
                foreach (DictionaryEntry entry in dictionary)
                    Add(table, Text(entry.Key), Text(entry.Value));
                return table;
            case string text:
                AddPair(table, text);
                return table;
            case IEnumerable items:
                foreach (var item in items)
                    AddPair(table, Text(item));
                return table;
            default:
                return inputData;
        }
    }

    private static string Text(object? value) =>
        Convert.ToString(value is PSObject wrapped ? wrapped.BaseObject : value, CultureInfo.InvariantCulture) ?? "";

    private static void AddPair(Hashtable table, string text)
    {
        var equals = text.LastIndexOf('=');
        if (equals <= 0)
            throw Bad($"'{text}' is not a dimension and its size. Write it as batch=1, or as @{{ batch = 1 }}.");
        Add(table, text[..equals].Trim(), text[(equals + 1)..].Trim());
    }

    private static void Add(Hashtable table, string name, string size)
    {
        if (!long.TryParse(size, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) || value is < 1 or > int.MaxValue)
            throw Bad($"The dimension '{name}' cannot have the size '{size}'; a whole number from 1 to {int.MaxValue} is needed.");
        table[name] = value;
    }

    private static ArgumentTransformationMetadataException Bad(string message) => new(message);
}
