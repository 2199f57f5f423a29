namespace Allspark.Host.Pester.Assertions;

internal sealed partial record Assertion
{
    /// <summary>All operators, in the order in which they are listed; replaced as a whole when a script adds one.</summary>
    private static Dictionary<string, Assertion> _operators = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Be"] = new(expectation => Equality(expectation, caseSensitive: false), TakesAll: true),
        ["BeExactly"] = new(expectation => Equality(expectation, caseSensitive: true), TakesAll: true),
        ["BeGreaterThan"] = new(expectation => expectation.Negate ? AtMost(expectation) : Above(expectation)),
        ["BeLessOrEqual"] = new(expectation => expectation.Negate ? Above(expectation) : AtMost(expectation)),
        ["BeIn"] = new(Membership),
        ["BeLessThan"] = new(expectation => expectation.Negate ? AtLeast(expectation) : Below(expectation)),
        ["BeGreaterOrEqual"] = new(expectation => expectation.Negate ? Below(expectation) : AtLeast(expectation)),
        ["BeLike"] = new(expectation => Pattern(expectation, "like", "like wildcard", "")),
        ["BeLikeExactly"] = new(expectation => Pattern(expectation, "clike", "case sensitive like wildcard", "")),
        ["BeNullOrEmpty"] = new(Emptiness, TakesAll: true, TakesExpected: false),
        ["BeOfType"] = new(TypeOf),
        ["BeTrue"] = new(expectation => Truth(expectation, wanted: !expectation.Negate), TakesExpected: false),
        ["BeFalse"] = new(expectation => Truth(expectation, wanted: expectation.Negate), TakesExpected: false),
        ["Contain"] = new(Containment, TakesAll: true),
        ["Exist"] = new(FileAssertions.Existence, TakesExpected: false),
        ["FileContentMatch"] = new(expectation => FileAssertions.Content(expectation, "match", wholeFile: false)),
        ["FileContentMatchExactly"] = new(expectation => FileAssertions.Content(expectation, "cmatch", wholeFile: false)),
        ["FileContentMatchMultiline"] = new(expectation => FileAssertions.Content(expectation, "match", wholeFile: true)),
        ["FileContentMatchMultilineExactly"] = new(expectation => FileAssertions.Content(expectation, "cmatch", wholeFile: true)),
        ["HaveCount"] = new(Count, TakesAll: true),
        ["HaveParameter"] = new(ParameterAssertion.Explain) { Arguments = ["Type", "DefaultValue", "InParameterSet", "Alias"] },
        ["Match"] = new(expectation => Pattern(expectation, "match", "regular expression", "")),
        ["MatchExactly"] = new(expectation => Pattern(expectation, "cmatch", "regular expression", "case sensitively ")),
        ["Throw"] = new(ThrowAssertion.Explain) { Arguments = ["ErrorId", "ExceptionType", "Because"] },
        ["InvokeVerifiable"] = new(MockAssertion.Verifiable, TakesExpected: false),
        ["Invoke"] = new(MockAssertion.Invocations) { Arguments = ["Times", "ParameterFilter"] },
    };

    public static IReadOnlyDictionary<string, Assertion> All => _operators;

    public static void Add(string name, Assertion assertion) =>
        _operators = new Dictionary<string, Assertion>(_operators, StringComparer.OrdinalIgnoreCase) { [name] = assertion };

    /// <summary>Parameters that only one operator has: they name it where its switch is missing.</summary>
    private static readonly Dictionary<string, string> Owners = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ErrorId"] = "Throw", ["ExceptionType"] = "Throw", ["PassThru"] = "Throw", ["LiteralPath"] = "Exist",
        ["Mandatory"] = "HaveParameter", ["Type"] = "HaveParameter", ["DefaultValue"] = "HaveParameter",
        ["Alias"] = "HaveParameter", ["HasArgumentCompleter"] = "HaveParameter", ["InParameterSet"] = "HaveParameter",
        ["Times"] = "Invoke", ["Exactly"] = "Invoke", ["ParameterFilter"] = "Invoke", ["ExclusiveFilter"] = "Invoke",
        ["ModuleName"] = "Invoke", ["Scope"] = "Invoke",
    };

    private static string? Equality(Expectation it, bool caseSensitive)
    {
        if (Operator.ArraysEqual(it.Actual, it.Expected, caseSensitive) != it.Negate)
            return null;
        var exactly = caseSensitive ? "exactly " : "";
        if (it.Negate)
        {
            return $"Expected {it.ExpectedText} to be different from the actual value,{it.Reason} but got "
                + $"{exactly}the same value.";
        }
        var (actual, expected) = (Single(it.Actual), Single(it.Expected));
        if (ValueText.Bare(actual) is string actualText && ValueText.Bare(expected) is string expectedText)
        {
            return StringDifference.Describe(expectedText, actualText, caseSensitive, it.Reason,
                it.Command.Host.UI.RawUI.BufferSize.Width, Running.PesterSession.Current?.CurrentTest?.Path.Count ?? 0);
        }
        return $"Expected {exactly}{ValueText.Of(expected)},{it.Reason} but got {ValueText.Of(actual)}.";
    }

    /// <summary>The only item of a collection of one, null for an empty one, else the value itself.</summary>
    private static object? Single(object? value)
    {
        if (LanguagePrimitives.GetEnumerable(value) is not { } items)
            return value;
        return items.Cast<object?>().Take(2).ToArray() switch { [] => null, [var only] => only, _ => value };
    }

    private static string? Emptiness(Expectation it)
    {
        var values = it.Actual as object?[] ?? [];
        var empty = values switch
        {
            [] => true,
            [var only] => ValueText.Bare(only) switch
            {
                System.Collections.Hashtable table => table.Count == 0,
                _ => string.IsNullOrEmpty(LanguagePrimitives.ConvertTo<string>(only)),
            },
            _ => false,
        };
        if (empty != it.Negate)
            return null;
        return it.Negate
            ? $"Expected a value,{it.Reason} but got $null or empty."
            : $"Expected $null or empty,{it.Reason} but got {it.ActualText}.";
    }

    private static string? Truth(Expectation it, bool wanted) => LanguagePrimitives.IsTrue(it.Actual) == wanted
        ? null
        : $"Expected {(wanted ? "$true" : "$false")},{it.Reason} but got {it.ActualText}.";

    private static string? Above(Expectation it) => Order(it, "le", "greater than");

    private static string? AtMost(Expectation it) => Order(it, "gt", "less than or equal to");

    private static string? Below(Expectation it) => Order(it, "ge", "less than");

    private static string? AtLeast(Expectation it) => Order(it, "lt", "greater than or equal to");

    private static string? Order(Expectation it, string opposite, string words) =>
        Operator.Holds(it.Actual, opposite, it.Expected)
            ? $"Expected the actual value to be {words} {it.ExpectedText},{it.Reason} but got {it.ActualText}."
            : null;

    private static string? Membership(Expectation it) => Operator.Holds(it.Expected, "contains", it.Actual) != it.Negate
        ? null
        : $"Expected collection {it.ExpectedText} to {it.Not}contain {it.ActualText},{it.Reason} but it was "
            + (it.Negate ? "found." : "not found.");

    private static string? Containment(Expectation it) => Operator.Holds(it.Actual, "contains", it.Expected) != it.Negate
        ? null
        : $"Expected {it.ExpectedText} to {it.Not}be found in collection {it.ActualText},{it.Reason} but it was "
            + (it.Negate ? "found." : "not found.");

    private static string? Count(Expectation it)
    {
        if (!LanguagePrimitives.TryConvertTo<int>(it.Expected, out var expected))
        {
            throw new ArgumentException("Cannot process argument transformation on parameter 'ExpectedValue'. Cannot convert value "
                + $"\"{it.Expected}\" to type \"System.Int32\".");
        }
        if (expected < 0)
            throw new ArgumentException("Excpected collection size must be greater than or equal to 0.");
        var count = (it.Actual as object?[])?.Length ?? 0;
        if (count == expected != it.Negate)
            return null;
        var wanted = (it.Negate, expected) switch
        {
            (true, 0) => "Expected a non-empty collection",
            (true, _) => $"Expected a collection with size different from {expected}",
            (false, 0) => "Expected an empty collection",
            (false, _) => $"Expected a collection with size {expected}",
        };
        var found = (it.Negate, count) switch
        {
            (_, 0) => "but got an empty collection.",
            (true, _) => $"but got collection with that size {it.ActualText}.",
            (false, _) => $"but got collection with size {count} {it.ActualText}.",
        };
        return $"{wanted},{it.Reason} {found}";
    }

    private static string? TypeOf(Expectation it)
    {
        var type = TypeNamed(it.Expected);
        if (Operator.Holds(it.Actual, "is", type) != it.Negate)
            return null;
        var actualType = ValueText.Of(it.Actual is null ? null : PSObject.AsPSObject(it.Actual).BaseObject.GetType());
        return $"Expected the value to {it.Not}have type {ValueText.Of(type)} or any of its subtypes,{it.Reason} but got "
            + $"{it.ActualText} with type {actualType}.";
    }

    /// <summary>A type, or the type that a name means, with or without brackets.</summary>
    public static Type TypeNamed(object? value)
    {
        if (ValueText.Bare(value) is not string name)
            return LanguagePrimitives.ConvertTo<Type>(value);
        var plain = name is ['[', .., ']'] ? name[1..^1] : name;
        return LanguagePrimitives.TryConvertTo<Type>(plain, out var type)
            ? type
            : throw new ArgumentException(
                $"Could not find type [{plain}]. Make sure that the assembly that contains that type is loaded.");
    }

    private static string? Pattern(Expectation it, string operation, string kind, string manner) =>
        Operator.Holds(it.Actual, operation, it.Expected) != it.Negate
            ? null
            : $"Expected {kind} {it.ExpectedText} to {it.Not}{manner}match {it.ActualText},{it.Reason} but it did "
                + (it.Negate ? "match." : "not match.");
}
