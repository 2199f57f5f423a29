using System.Text.RegularExpressions;
using Allspark.Host.Pester.Running;
using Pester;

namespace Allspark.Host.Pester.Reports;

/// <summary>How an error is shown: its messages, the innermost exception's first, and the user's part of the stack.</summary>
internal static partial class FailureText
{
    public const string AssertionFailed = "PesterAssertionFailed";

    private static readonly string[] LineEnds = ["\r\n", "\n"];

    /// <summary>
    /// Adds the properties <c>DisplayErrorMessage</c> and <c>DisplayStackTrace</c>, which ends where Pester's own script begins.
    /// </summary>
    public static ErrorRecord Attach(ErrorRecord record, PesterConfiguration configuration, int skippedFrames = 0)
    {
        var full = configuration.Debug.ShowFullErrors.Value || configuration.Output.StackTraceVerbosity.Value is "Full";
        var properties = PSObject.AsPSObject(record).Properties;
        Set(properties, "DisplayErrorMessage", string.Join('\n', Messages(record)));
        Set(properties, "DisplayStackTrace", string.Join('\n', Frames(record, full, skippedFrames).Select(Navigable)));
        return record;
    }

    public static string Message(ErrorRecord record) => Get(record, "DisplayErrorMessage") ?? $"{record.Exception}";

    public static string StackTrace(ErrorRecord record) => Get(record, "DisplayStackTrace") ?? "";

    private static List<string> Messages(ErrorRecord record)
    {
        var lines = new List<string>();
        for (var exception = record.Exception; exception is not null; exception = exception.InnerException)
        {
            var own = exception.Message.Split(LineEnds, StringSplitOptions.RemoveEmptyEntries);
            if (own.Length > 0 && record.FullyQualifiedErrorId is not AssertionFailed)
                own[0] = $"{exception.GetType().Name}: {own[0]}";
            lines.InsertRange(0, own);
        }
        return lines;
    }

    private static IEnumerable<string> Frames(ErrorRecord record, bool full, int skipped)
    {
        if (record is { FullyQualifiedErrorId: AssertionFailed, TargetObject: IDictionary site })
            yield return $"at {$"{site["LineText"]}".Trim()}, {site["File"]}:{site["Line"]}";
        var frames = (record.ScriptStackTrace ?? "").Split(LineEnds, StringSplitOptions.RemoveEmptyEntries);
        var own = frames.Skip(skipped).TakeWhile(frame => !PesterScript.IsFrame(frame));
        foreach (var frame in full ? frames : own)
            yield return frame;
    }

    private static string Navigable(string frame) => LineNumber().Replace(frame, ":${line}");

    private static void Set(PSMemberInfoCollection<PSPropertyInfo> properties, string name, string value)
    {
        properties.Remove(name);
        properties.Add(new PSNoteProperty(name, value));
    }

    private static string? Get(ErrorRecord record, string name) => PSObject.AsPSObject(record).Properties[name]?.Value as string;

    [GeneratedRegex(@":\s*line\s*(?<line>\d+)\s*$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex LineNumber();
}
