namespace Microsoft.PowerShell.Commands;

/// <summary>One entry of a -Property argument: a property name, a script block, or a hashtable that calculates a value.</summary>
internal sealed record PropertyParameter(PSPropertyExpression Expression, string? Name = null, bool? Ascending = null)
{
    public string? Width { get; private init; }

    public string? Alignment { get; private init; }

    private static readonly Type[] AcceptedTypes = [typeof(string), typeof(ScriptBlock)];

    /// <summary>Reads a whole -Property argument; a malformed entry ends the command.</summary>
    /// <param name="cmdlet">The command that the argument was given to.</param>
    /// <param name="values">The argument.</param>
    /// <param name="keys">The keys that a calculated property may have beside the mandatory expression.</param>
    public static List<PropertyParameter> Parse(PSCmdlet cmdlet, object[]? values, params string[] keys)
    {
        var parameters = new List<PropertyParameter>();
        foreach (var value in values ?? [])
            parameters.Add(ParseOne(cmdlet, value, keys));
        return parameters;
    }

    private static PropertyParameter ParseOne(PSCmdlet cmdlet, object? value, string[] keys)
    {
        switch ((value as PSObject)?.BaseObject ?? value)
        {
            case string text when text.Length == 0:
                throw Fail(cmdlet, "ExpressionEmptyString1", "An empty string value is not allowed.");
            case string text:
                return new(new PSPropertyExpression(text));
            case ScriptBlock script:
                return new(new PSPropertyExpression(script));
            case PSPropertyExpression expression:
                return new(expression);
            case IDictionary table:
                return ParseTable(cmdlet, table, keys);
            case null:
                throw Fail(cmdlet, "DictionaryKeyUnknownType", $"The value of a parameter was null; one of the following types was expected: {Names}.");
            case var other:
                throw Fail(cmdlet, "DictionaryKeyUnknownType", $"Cannot convert {other.GetType()} to one of the following types {Names}.");
        }
    }

    private static PropertyParameter ParseTable(PSCmdlet cmdlet, IDictionary table, string[] keys)
    {
        PSPropertyExpression? expression = null;
        string? name = null, width = null, alignment = null;
        bool? ascending = null;
        foreach (DictionaryEntry entry in table)
        {
            if (entry.Key is not string key)
                throw Fail(cmdlet, "DictionaryKeyNonString", $"The {entry.Key.GetType().Name} key type is not valid. The key must be a string.");
            var value = (entry.Value as PSObject)?.BaseObject ?? entry.Value;
            switch (Match(cmdlet, key, keys))
            {
                case "expression":
                    expression = ToExpression(cmdlet, key, value);
                    break;
                case "name" or "label":
                    name = value as string ?? throw WrongType(cmdlet, key, value, "System.String");
                    break;
                case "ascending":
                    ascending = value as bool? ?? throw WrongType(cmdlet, key, value, "System.Boolean");
                    break;
                case "width":
                    width = value is string or int ? LanguagePrimitives.ConvertTo<string>(value) : throw WrongType(cmdlet, key, value, "System.String");
                    break;
                case "alignment":
                    alignment = value as string ?? throw WrongType(cmdlet, key, value, "System.String");
                    break;
                case "descending":
                    var descending = value as bool? ?? throw WrongType(cmdlet, key, value, "System.Boolean");
                    ascending = ascending == descending ? null : !descending;
                    break;
            }
        }
        return new(expression ?? throw Fail(cmdlet, "DictionaryKeyMandatoryEntry", "A mandatory entry for expression is missing."),
            name, ascending)
        {
            Width = width, Alignment = alignment,
        };
    }

    private static string Match(PSCmdlet cmdlet, string key, string[] keys)
    {
        var matches = keys.Prepend("expression")
            .Where(known => key.Length > 0 && known.StartsWith(key, StringComparison.OrdinalIgnoreCase)).ToArray();
        return matches switch
        {
            [var only] => only,
            [] => throw Fail(cmdlet, "DictionaryKeyIllegal", $"The {key} key is not valid."),
            _ => throw Fail(cmdlet, "DictionaryKeyAmbiguous", $"The {key} key is ambiguous; {matches[0]} and {matches[1]} conflict."),
        };
    }

    private static PSPropertyExpression ToExpression(PSCmdlet cmdlet, string key, object? value) => value switch
    {
        string { Length: 0 } => throw Fail(cmdlet, "ExpressionEmptyString2", $"The \"{key}\" key cannot have an empty string value."),
        string text => new PSPropertyExpression(text),
        ScriptBlock script => new PSPropertyExpression(script),
        PSPropertyExpression expression => expression,
        null => throw Fail(cmdlet, "DictionaryKeyMissingValue", $"The {key} key has no value."),
        _ => throw Fail(cmdlet, "DictionaryKeyIllegalValue1",
            $"The \"{key}\" key has a type, {value.GetType()}, that is not valid; expected types are {Names}."),
    };

    private static string Names => "{" + string.Join(", ", AcceptedTypes.Select(type => type.FullName)) + "}";

    private static NotSupportedException WrongType(PSCmdlet cmdlet, string key, object? value, string expected) => Fail(cmdlet,
        "DictionaryKeyIllegalValue2", $"The \"{key}\" key has a type, {value?.GetType().FullName}, that is not valid; expected type is {expected}.");

    private static NotSupportedException Fail(PSCmdlet cmdlet, string id, string message)
    {
        cmdlet.ThrowTerminatingError(new ErrorRecord(new NotSupportedException(), id, ErrorCategory.InvalidArgument, targetObject: null)
        {
            ErrorDetails = new ErrorDetails(message),
        });
        return new NotSupportedException(message);
    }
}
