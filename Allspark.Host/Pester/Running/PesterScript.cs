using System.Management.Automation.Language;

namespace Allspark.Host.Pester.Running;

/// <summary>
/// Script of Pester's own around that of tests. It has no session state, so it runs in that of its caller, and a file name by
/// which a stack trace shows where the test's part ends.
/// </summary>
internal static class PesterScript
{
    private const string File = "Pester.psm1";

    public static ScriptBlock Create(string text) => Parser.ParseInput(text, File, out _, out _).GetScriptBlock();

    public static bool IsFrame(string stackFrame) => stackFrame.Contains($", {File}: line ", StringComparison.Ordinal);
}
