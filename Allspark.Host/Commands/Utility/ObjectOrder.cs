using System.Management.Automation.Internal;

namespace Microsoft.PowerShell.Commands;

/// <summary>A value that objects are ordered by; a missing property is not the same as one that is null.</summary>
internal readonly record struct OrderKey(object? Value, bool Exists = true)
{
    public static readonly OrderKey Missing = new(null, Exists: false);
}

/// <summary>An input object and the values it is ordered by.</summary>
internal sealed record OrderEntry(PSObject Input, OrderKey[] Keys, int Index)
{
    /// <summary>False where none of the properties exists; such objects come last in a stable sort.</summary>
    public bool Comparable { get; } = Keys.Any(key => key.Exists);
}

/// <summary>Compares single values as PowerShell's operators do, and by their text where their types have no order.</summary>
internal sealed class ValueComparer(bool ascending, CultureInfo? culture, bool caseSensitive) : IComparer<OrderKey>
{
    private readonly CultureInfo _culture = culture ?? CultureInfo.CurrentCulture;

    public int Compare(OrderKey x, OrderKey y) =>
        x.Exists && y.Exists ? Compare(x.Value, y.Value) : x.Exists ? -1 : y.Exists ? 1 : 0;

    public int Compare(object? first, object? second)
    {
        first = Unwrap(first);
        second = Unwrap(second);
        var order = (first, second) switch
        {
            (null, null) => 0,
            // The common cases, which the general comparison decides the same way.
            (int x, int y) => x.CompareTo(y),
            (double x, double y) => x.CompareTo(y),
            (string x, string y) => string.Compare(x, y, !caseSensitive, _culture),
            _ when LanguagePrimitives.TryCompare(first, second, !caseSensitive, _culture, out var general) => general,
            _ => string.Compare(Text(first), Text(second), !caseSensitive, _culture),
        };
        return ascending ? order : -order;
    }

    private static object? Unwrap(object? value) =>
        ReferenceEquals(value, AutomationNull.Value) ? null : (value as PSObject)?.BaseObject ?? value;

    private static string Text(object? value) => value is null ? "" : PSObject.AsPSObject(value).ToString();
}

/// <summary>Compares entries key by key; each key may have a direction of its own.</summary>
internal sealed class EntryComparer(ValueComparer[] comparers) : IComparer<OrderEntry>
{
    public int Compare(OrderEntry? x, OrderEntry? y)
    {
        for (var k = 0; k < comparers.Length; k++)
        {
            var order = comparers[k].Compare(At(x!, k), At(y!, k));
            if (order != 0)
                return order;
        }
        return 0;
    }

    private static OrderKey At(OrderEntry entry, int k) => k < entry.Keys.Length ? entry.Keys[k] : OrderKey.Missing;
}

/// <summary>What Sort-Object, Group-Object and Compare-Object have in common.</summary>
public abstract class ObjectCmdletBase : PSCmdlet
{
    internal CultureInfo? ChosenCulture { get; private set; }

    [Parameter]
    public string? Culture
    {
        get => ChosenCulture?.ToString();
        set => ChosenCulture = string.IsNullOrEmpty(value) ? null : Parse(value.Trim());
    }

    [Parameter]
    public SwitchParameter CaseSensitive { get; set; }

    private static CultureInfo Parse(string name)
    {
        var hex = name.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        var style = hex ? NumberStyles.AllowHexSpecifier : NumberStyles.AllowThousands;
        return int.TryParse(hex ? name[2..] : name, style, CultureInfo.CurrentCulture, out var number)
            ? new CultureInfo(number) : new CultureInfo(name);
    }

    /// <summary>The properties that a type names as its keys in its type data, where it does.</summary>
    internal static object[]? DefaultKeys(PSObject input)
    {
        var standard = input.Members["PSStandardMembers"] as PSMemberSet;
        return (standard?.Members["DefaultKeyPropertySet"] as PSPropertySet)?.ReferencedPropertyNames.ToArray<object>();
    }

    /// <summary>Replaces entries with wildcards by the properties that <paramref name="inputs"/> have.</summary>
    internal static List<PropertyParameter> Expand(List<PropertyParameter> properties, IEnumerable<PSObject> inputs)
    {
        if (!properties.Exists(property => property.Expression.HasWildCardCharacters))
            return properties;
        var expanded = new List<PropertyParameter>();
        foreach (var property in properties)
        {
            if (!property.Expression.HasWildCardCharacters)
            {
                expanded.Add(property);
                continue;
            }
            var names = new SortedDictionary<string, PSPropertyExpression>(StringComparer.OrdinalIgnoreCase);
            foreach (var name in inputs.SelectMany(property.Expression.ResolveNames))
                names[name.ToString()] = name;
            expanded.AddRange(names.Values.Select(name => property with { Expression = name }));
        }
        return expanded;
    }

    internal OrderEntry Evaluate(PSObject input, List<PropertyParameter> properties, int index = -1)
    {
        if (properties.Count == 0)
            return new(input, [new OrderKey(input)], index);
        var keys = new List<OrderKey>(properties.Count);
        foreach (var property in properties)
        {
            var results = property.Expression.GetValues(input, expand: false, eatExceptions: true);
            if (results.Count == 0)
            {
                keys.Add(OrderKey.Missing);
                WriteDebug($"\"Sort-Object\" - \"{property.Expression}\" cannot be found in \"InputObject\".");
            }
            foreach (var result in results)
            {
                if (result.Exception is not null)
                    WriteError(new ErrorRecord(result.Exception, "ExpressionEvaluation", ErrorCategory.InvalidResult, input));
                keys.Add(new OrderKey(result.Exception is null ? result.Result : null));
            }
        }
        return new(input, [.. keys], index);
    }

    internal EntryComparer Comparer(List<PropertyParameter> properties, int keys, bool ascending)
    {
        var comparers = new ValueComparer[keys];
        for (var k = 0; k < keys; k++)
            comparers[k] = new((k < properties.Count ? properties[k].Ascending : null) ?? ascending, ChosenCulture, CaseSensitive);
        return new(comparers);
    }
}

/// <summary>Adds the input and the properties it is looked at by.</summary>
public abstract class ObjectBase : ObjectCmdletBase
{
    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; } = AutomationNull.Value;

    [Parameter(Position = 0)]
    public object[]? Property { get; set; }

    internal bool HasInput => InputObject is not null && !ReferenceEquals(InputObject, AutomationNull.Value);
}
