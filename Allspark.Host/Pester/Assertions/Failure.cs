using System.Text.RegularExpressions;
using Allspark.Host.Pester.Reports;

namespace Allspark.Host.Pester.Assertions;

/// <summary>Errors that end a script as its own <c>throw</c> would: no cmdlet's name in the id, no preference asked.</summary>
internal static class Failure
{
    public static RuntimeException Throw(string message) =>
        Throw(new ErrorRecord(new RuntimeException(message), message, ErrorCategory.OperationStopped, message));

    /// <summary>An error at a Pester command, with where that command stands for the report.</summary>
    public static RuntimeException Of(PSCmdlet command, string errorId, string message) =>
        Throw(Record(command, errorId, message));

    public static ErrorRecord Assertion(PSCmdlet should, string message) => Record(should, FailureText.AssertionFailed, message);

    public static RuntimeException Throw(ErrorRecord record) =>
        new(record.Exception.Message, innerException: null, record) { WasThrownFromThrowStatement = true };

    private static ErrorRecord Record(PSCmdlet command, string errorId, string message)
    {
        var site = new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase)
        {
            ["Message"] = message,
            ["File"] = command.MyInvocation.ScriptName,
            ["Line"] = command.MyInvocation.ScriptLineNumber,
            ["LineText"] = command.MyInvocation.Line.TrimEnd('\r', '\n'),
            ["Terminating"] = true,
        };
        return new ErrorRecord(new Exception(message), errorId, ErrorCategory.InvalidResult, site);
    }
}

/// <summary>The part of a message that says why something was expected.</summary>
internal static partial class Reason
{
    public static string Clause(string? because) =>
        because?.Trim() is { Length: > 0 } reason ? $" because {Because().Replace(reason, "")}," : "";

    [GeneratedRegex(@"because\s", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Because();
}
