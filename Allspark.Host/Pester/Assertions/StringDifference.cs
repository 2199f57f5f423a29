namespace Allspark.Host.Pester.Assertions;

/// <summary>Explains where two strings part: lengths, position, and an excerpt of both that fits the screen.</summary>
internal static class StringDifference
{
    private const string Ellipsis = "...";
    private const string Label = "Expected: ''";

    public static string Describe(string expected, string actual, bool caseSensitive, string reason, int screenWidth, int depth)
    {
        if (IndexOf(expected, actual, caseSensitive) is not { } position)
            return "";
        var lengths = expected.Length == actual.Length
            ? $"String lengths are both {expected.Length}."
            : $"Expected length: {expected.Length}\nActual length:   {actual.Length}";
        var (visibleExpected, visibleActual) = (Visible(expected), Visible(actual));
        var visiblePosition = IndexOf(visibleExpected, visibleActual, caseSensitive) ?? 0;
        var context = (int)Math.Round(screenWidth / 7.0);
        var room = screenWidth - Label.Length - (depth + 3);   // messages are indented by depth
        var (expectedExcerpt, _) = Excerpt(visibleExpected, visiblePosition, room, context);
        var (actualExcerpt, marked) = Excerpt(visibleActual, visiblePosition, room, context);
        return $"Expected strings to be the same,{reason} but they were different.\n{lengths}\n"
            + $"Strings differ at index {position}.\nExpected: '{expectedExcerpt}'\nBut was:  '{actualExcerpt}'\n"
            + new string(' ', Label.Length - 1) + new string('-', marked) + '^';
    }

    private static int? IndexOf(string expected, string actual, bool caseSensitive)
    {
        for (var i = 0; i < Math.Max(expected.Length, actual.Length); i++)
        {
            if (i >= expected.Length || i >= actual.Length || !Same(expected[i], actual[i], caseSensitive))
                return i;
        }
        return null;
    }

    private static bool Same(char left, char right, bool caseSensitive) =>
        left == right || (!caseSensitive && char.ToUpperInvariant(left) == char.ToUpperInvariant(right));

    private static string Visible(string text) => text.Replace("\n", "\\n", StringComparison.Ordinal)
        .Replace("\r", "\\r", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal)
        .Replace("\0", "\\0", StringComparison.Ordinal).Replace("\b", "\\b", StringComparison.Ordinal);

    /// <summary>Cuts a long text so that the difference and some context after it stay in view.</summary>
    private static (string Text, int Position) Excerpt(string text, int position, int room, int context)
    {
        if (room < (2 * context) + (2 * Ellipsis.Length) + 1 || text.Length <= room)
            return (text, position);
        var cut = Math.Clamp(position - (room - 1 - context - Ellipsis.Length), 0, text.Length);
        var shown = text[cut..];
        if (cut > 0 && shown.Length >= Ellipsis.Length)
            shown = Ellipsis + shown[Ellipsis.Length..];
        if (shown.Length > room)
            shown = shown[..(room - Ellipsis.Length)] + Ellipsis;
        return (shown, position - cut);
    }
}
