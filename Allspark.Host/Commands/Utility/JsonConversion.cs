using System.Numerics;
using System.Reflection;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Microsoft.PowerShell.Commands;

/// <summary>Reduces objects to the dictionaries, lists and values that a JSON writer takes, to a depth.</summary>
internal sealed class JsonReduction(int maxDepth, PSCmdlet cmdlet)
{
    private bool _warned;

    public object? Reduce(object? value, int depth = 0)
    {
        var wrapper = value as PSObject;
        var plain = wrapper?.BaseObject ?? value;
        if (plain is null || ReferenceEquals(value, System.Management.Automation.Internal.AutomationNull.Value))
            return null;
        if (plain is DBNull or System.Management.Automation.Language.NullString)
            return WithProperties(wrapper, null, depth);
        // JavaScript's numbers do not hold all values of a 64-bit enumeration.
        if (plain is Enum && Enum.GetUnderlyingType(plain.GetType()) is var underlying && (underlying == typeof(long) || underlying == typeof(ulong)))
            return WithProperties(wrapper, plain.ToString(), depth);
        if (IsLeaf(plain))
            return WithProperties(wrapper, plain, depth);
        if (depth > maxDepth)
            return Truncate(wrapper, plain, depth);
        object reduced = plain switch
        {
            IDictionary table => FromDictionary(table, depth),
            IEnumerable items => FromItems(items, depth),
            PSCustomObject => new Dictionary<string, object?>(),
            _ => FromMembers(plain, depth),
        };
        return WithProperties(wrapper, reduced, depth, adapted: plain is not (IDictionary or IEnumerable));
    }

    private static bool IsLeaf(object value) => value is string or DateTime or DateTimeOffset or Guid or Uri or decimal or BigInteger or JToken
        || value.GetType().IsPrimitive || value.GetType().IsEnum;

    private object? Truncate(PSObject? wrapper, object plain, int depth)
    {
        if (!_warned)
        {
            _warned = true;
            cmdlet.WriteWarning($"Resulting JSON is truncated as serialization has exceeded the set depth of {maxDepth}.");
        }
        if (plain is PSCustomObject)
            return LanguagePrimitives.ConvertTo(wrapper, typeof(string), CultureInfo.InvariantCulture);
        return WithProperties(wrapper, LanguagePrimitives.ConvertTo(plain, typeof(string), CultureInfo.InvariantCulture), depth);
    }

    private Dictionary<string, object?> FromDictionary(IDictionary table, int depth)
    {
        var result = new Dictionary<string, object?>(table.Count);
        foreach (DictionaryEntry entry in table)
        {
            if (entry.Key is not string name)
            {
                var message = $"The type '{table.GetType().FullName}' is not supported for serialization or deserialization of a dictionary. Keys must be strings.";
                cmdlet.ThrowTerminatingError(new ErrorRecord(new InvalidOperationException(message), "NonStringKeyInDictionary",
                    ErrorCategory.InvalidOperation, table));
                continue;
            }
            result.Add(name, Reduce(entry.Value, depth + 1));
        }
        return result;
    }

    private List<object?> FromItems(IEnumerable items, int depth)
    {
        var result = new List<object?>();
        foreach (var item in items)
            result.Add(Reduce(item, depth + 1));
        return result;
    }

    private Dictionary<string, object?> FromMembers(object value, int depth)
    {
        var result = new Dictionary<string, object?>();
        const BindingFlags Members = BindingFlags.Public | BindingFlags.Instance;
        foreach (var field in value.GetType().GetFields(Members).Where(IsWritten))
            result[field.Name] = Reduce(Read(() => field.GetValue(value)), depth + 1);
        foreach (var property in value.GetType().GetProperties(Members).Where(IsWritten))
        {
            if (property.GetMethod is { IsPublic: true } && property.GetIndexParameters().Length == 0)
                result[property.Name] = Reduce(Read(() => property.GetValue(value)), depth + 1);
        }
        return result;

        static bool IsWritten(MemberInfo member) => !member.IsDefined(typeof(JsonIgnoreAttribute), inherit: true)
            && !member.IsDefined(typeof(HiddenAttribute), inherit: false);
    }

    // Members that scripts added to an object, and for custom objects all of theirs, are written as the object's own.
    private object? WithProperties(PSObject? wrapper, object? value, int depth, bool adapted = false)
    {
        if (wrapper is null || wrapper.BaseObject is string or DateTime)
            return value;
        var target = value as Dictionary<string, object?>;
        var result = target ?? new Dictionary<string, object?> { ["value"] = value };
        var custom = wrapper.BaseObject is PSCustomObject;
        foreach (var property in wrapper.Properties)
        {
            var wanted = custom || property.MemberType is not PSMemberTypes.Property || adapted;
            if (wanted && !result.ContainsKey(property.Name))
                result[property.Name] = Reduce(Read(() => property.Value), depth + 1);
        }
        return target is null && result.Count == 1 ? value : result;
    }

    private static object? Read(Func<object?> read)
    {
        try
        {
            return read();
        }
        catch (Exception)
        {
            // A member that throws has no value.
            return null;
        }
    }
}

/// <summary>Turns parsed JSON into PowerShell's objects; names that the target cannot hold are reported as an error record.</summary>
internal static class JsonObjects
{
    public static object? Create(object? parsed, bool asHashtable, ref ErrorRecord? error)
    {
        switch (parsed)
        {
            case JObject members:
                return asHashtable ? ToTable(members, ref error) : ToCustom(members, ref error);
            case JArray items:
                var list = new object?[items.Count];
                for (var i = 0; i < list.Length && error is null; i++)
                    list[i] = Create(items[i], asHashtable, ref error);
                return list;
            case JValue value:
                return value.Value;
            default:
                return parsed;
        }
    }

    private static OrderedHashtable ToTable(JObject members, ref ErrorRecord? error)
    {
        var table = new OrderedHashtable();
        foreach (var (name, value) in members)
            table.Add(name, Create(value, asHashtable: true, ref error));
        return table;
    }

    private static PSObject ToCustom(JObject members, ref ErrorRecord? error)
    {
        var result = new PSObject();
        var seen = new HashSet<string>(members.Count, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in members)
        {
            if (name.Length == 0)
            {
                error ??= Error("EmptyKeyInJsonString",
                    "The provided JSON includes a property whose name is an empty string, this is only supported using the -AsHashTable switch.");
                return result;
            }
            if (!seen.Add(name))
            {
                seen.TryGetValue(name, out var known);
                error ??= Error("KeysWithDifferentCasingInJsonString",
                    $"Cannot convert the JSON string because it contains keys with different casing. Please use the -AsHashTable switch instead. The key that was attempted to be added to the existing key '{known}' was '{name}'.");
                return result;
            }
            var converted = Create(value, asHashtable: false, ref error);
            if (error is not null)
                return result;
            result.Properties.Add(new PSNoteProperty(name, converted), preValidated: true);
        }
        return result;
    }

    private static ErrorRecord Error(string id, string message) =>
        new(new InvalidOperationException(message), id, ErrorCategory.InvalidOperation, targetObject: null);
}
