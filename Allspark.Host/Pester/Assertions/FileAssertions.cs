using System.Text;

namespace Allspark.Host.Pester.Assertions;

/// <summary>Expectations of paths and of what files hold.</summary>
internal static class FileAssertions
{
    public static string? Existence(Expectation it) => Exists(it) != it.Negate
        ? null
        : $"Expected path {it.ActualText} to {it.Not}exist,{it.Reason} but it did {(it.Negate ? "" : "not ")}exist.";

    public static string? Content(Expectation it, string operation, bool wholeFile)
    {
        var found = Texts(it, wholeFile).Any(text => Operator.Holds(text, operation, it.Expected));
        if (found != it.Negate)
            return null;
        var manner = operation is "cmatch" ? "case sensitively " : "";
        var file = operation is "match" && !wholeFile ? $"'{it.Actual}'" : it.ActualText;
        return $"Expected {it.ExpectedText} to {it.Not}be {manner}found in file {file},{it.Reason} but it was "
            + (it.Negate ? "found." : "not found.");
    }

    private static bool Exists(Expectation it)
    {
        var path = LanguagePrimitives.ConvertTo<string>(it.Actual);
        if (string.IsNullOrEmpty(path))
            return false;
        try
        {
            return it.Command.InvokeProvider.Item.Exists(path, force: true, literalPath: it.Command.LiteralPath);
        }
        catch (Exception missing) when (missing is SessionStateException or ItemNotFoundException)
        {
            return false;
        }
    }

    private static string[] Texts(Expectation it, bool wholeFile)
    {
        var path = LanguagePrimitives.ConvertTo<string>(it.Actual);
        try
        {
            var files = it.Command.SessionState.Path.GetResolvedProviderPathFromPSPath(path, out _);
            return wholeFile
                ? [.. files.Select(file => File.ReadAllText(file, Encoding.UTF8))]
                : [.. files.SelectMany(file => File.ReadLines(file, Encoding.UTF8))];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or SessionStateException)
        {
            var id = failure is ItemNotFoundException ? "PathNotFound" : "GetContentReaderIOError";
            it.Command.WriteError(new ErrorRecord(failure, id, ErrorCategory.ReadError, path));
            return [];
        }
    }
}
