using System.Collections.Concurrent;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;

namespace Allspark.Host.Session;

/// <summary>
/// Refuses, when a command is looked up, what the reading of the main script could not see: a script file with refused uses before
/// any of it runs, and a refused command whose name was made at run time or stands in a module.
/// </summary>
internal sealed class LookupRefusals
{
    // The text of each file that was read and accepted, so that a script in a loop is read once.
    private readonly ConcurrentDictionary<string, string> accepted = new(StringComparer.Ordinal);

    public LookupRefusals(Runspace runspace)
    {
        var commands = ((EngineIntrinsics)runspace.SessionStateProxy.GetVariable("ExecutionContext")).InvokeCommand;
        commands.PostCommandLookupAction = (_, lookup) => JudgeScript(lookup);
        commands.CommandNotFoundAction = static (_, lookup) => JudgeName(lookup);
    }

    /// <summary>Remembers a script that has been read already.</summary>
    public void Accept(string path, string text) => accepted[path] = text;

    private void JudgeScript(CommandLookupEventArgs lookup)
    {
        if (lookup.Command is not ExternalScriptInfo script
            || accepted.TryGetValue(script.Path, out var known) && known == script.ScriptContents)
            return;
        var text = script.ScriptContents;
        if (ScriptReading.Of(text, script.Path).Refusals is { Count: > 0 } found)
            Refuse(lookup, string.Join(Environment.NewLine, found));
        else
            Accept(script.Path, text);
    }

    private static void JudgeName(CommandLookupEventArgs lookup)
    {
        if (Refusals.Refuses(lookup.CommandName))
            Refuse(lookup, $"'{lookup.CommandName}' {Refusals.NotCarried}");
    }

    // The engine drops an exception of this place, so a script that throws is run instead.
    private static void Refuse(CommandLookupEventArgs lookup, string reason) =>
        lookup.CommandScriptBlock = ScriptBlock.Create($"throw '{CodeGeneration.EscapeSingleQuotedStringContent(reason)}'");
}
