namespace Allspark.Host.Pester.Assertions;

/// <summary>How a value appears in the message of a failed assertion.</summary>
internal static class ValueText
{
    private const int MaximumItems = 10;

    // A collection that holds itself is endless.
    private const int MaximumDepth = 100;

    public static string Of(object? value) => Of(value, depth: 1);

    private static string Of(object? value, int depth) => Bare(value) switch
    {
        null => "$null",
        bool flag => flag ? "$true" : "$false",
        "" => "<empty>",
        string text => $"'{text}'",
        DateTime time => time.ToString("o", CultureInfo.InvariantCulture),
        Type type => $"[{Plain(type)}]",
        ScriptBlock script => $"{{{script}}}",
        var bare when Enumerate(bare) is { } items => Collection(items, depth),
        _ => Plain(value),
    };

    public static string List(IReadOnlyList<string> items, int threshold = 2) =>
        items.Count < threshold ? string.Join(", ", items) : $"{string.Join(", ", items.SkipLast(1))} and {items[^1]}";

    /// <summary>The object itself, without the engine's wrapping; custom objects are nothing but wrapping and stay.</summary>
    public static object? Bare(object? value) => value switch
    {
        PSObject { BaseObject: PSCustomObject } custom => custom,
        PSObject wrapped => wrapped.BaseObject,
        _ => value,
    };

    private static string Collection(IEnumerable items, int depth)
    {
        if (depth > MaximumDepth)
            throw new ScriptCallDepthException();
        var shown = items.Cast<object?>().ToArray();
        if (shown is [var only] && Bare(only) is ValueType or string or ScriptBlock)
            return Plain(only);   // a single plain value shows as itself, also inside a collection
        var texts = shown.Take(MaximumItems).Select(item => Of(item, depth + 1));
        var rest = shown.Length > MaximumItems ? $", ...{shown.Length - MaximumItems} more" : "";
        return $"@({string.Join(", ", texts)}{rest})";
    }

    private static IEnumerable? Enumerate(object? value) =>
        value is ValueType or IDictionary ? null : LanguagePrimitives.GetEnumerable(value);

    /// <summary>The text that a string with the value in it gets.</summary>
    private static string Plain(object? value) => LanguagePrimitives.ConvertTo<string>(value);
}
