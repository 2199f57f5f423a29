using System.Globalization;

namespace Allspark.PowerShell.Errors;

/// <summary>Small grammar of messages.</summary>
internal static class Sentence
{
    /// <summary>The text with a large first letter.</summary>
    public static string Capitalized(string text) =>
        text.Length == 0 ? text : string.Concat(text[..1].ToUpper(CultureInfo.InvariantCulture), text.AsSpan(1));

    /// <summary>A noun with the article that its sound takes.</summary>
    public static string WithArticle(string noun) =>
        noun.Length > 0 && "AEIOUaeiou".Contains(noun[0], StringComparison.Ordinal) ? $"an {noun}" : $"a {noun}";
}
