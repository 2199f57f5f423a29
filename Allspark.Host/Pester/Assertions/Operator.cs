using System.Collections.Concurrent;

namespace Allspark.Host.Pester.Assertions;

/// <summary>PowerShell's own binary operators, with all their conversions and treatment of collections.</summary>
internal static class Operator
{
    private static readonly ConcurrentDictionary<string, ScriptBlock> Scripts = new(StringComparer.Ordinal);

    /// <summary>Whether <c>left -name right</c> is truthy.</summary>
    public static bool Holds(object? left, string name, object? right) =>
        LanguagePrimitives.IsTrue(Scripts.GetOrAdd(name, Script).InvokeReturnAsIs(left, right));

    private static ScriptBlock Script(string name) => ScriptBlock.Create($"param($left, $right) $left -{name} $right");

    private const int DeepestArray = 100;

    /// <summary>
    /// Whether two values are the same array, item by item; a value that is none counts as an array of itself, and an empty
    /// array or one that holds only null as null.
    /// </summary>
    public static bool ArraysEqual(object? first, object? second, bool caseSensitive, int depth = 1)
    {
        if (depth > DeepestArray)
        {
            throw Failure.Throw($"Reached the recursion depth limit of {DeepestArray} when comparing arrays {first} and "
                + $"{second}. Is one of your arrays cyclic?");
        }
        var (left, right) = (Items(first), Items(second));
        if (left.Length == 0 || right.Length == 0)
            return left.Length == right.Length;
        return left.Length == right.Length && left.Zip(right).All(pair =>
            ValueText.Bare(pair.First) is Array || ValueText.Bare(pair.Second) is Array
                ? ArraysEqual(pair.First, pair.Second, caseSensitive, depth + 1)
                : Holds(pair.Second, caseSensitive ? "ceq" : "eq", pair.First));
    }

    private static object?[] Items(object? value) =>
        LanguagePrimitives.ConvertTo<object?[]>(value) is { } items and not [null] ? items : [];
}
