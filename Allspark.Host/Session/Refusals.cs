using System.Collections.Frozen;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;

namespace Allspark.Host.Session;

/// <summary>A use of something that this host does not carry.</summary>
internal sealed record Refusal(string Name, IScriptExtent Extent, string Reason)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{(Extent.File is { Length: > 0 } file ? file : "command line")}:{Extent.StartLineNumber}:{Extent.StartColumnNumber}: " +
        $"'{Name}' {Reason}");
}

/// <summary>
/// Finds, before a script runs, what PowerShell 7.6 has and this host has not, so that no script stops half-way for it.
/// </summary>
internal static class Refusals
{
    public const string NotCarried = "is not supported by the embedded host; run this script with pwsh 7.6.";

    // The engine compiles chains such as a + b + c + … by recursion without a check; this many fit every stack.
    private const int MaximumChain = 3000;

    private static readonly string[] RemotingParameters =
    [
        "ComputerName", "Session", "HostName", "VMId", "VMName", "ContainerId", "SSHConnection", "ConnectionUri", "CimSession",
        "UseSSL", "ThrottleLimit", "InDisconnectedSession", "ConfigurationName",
    ];

    private static readonly FrozenSet<string> Commands = new[]
    {
        // Remoting.
        "Enter-PSSession", "Exit-PSSession", "New-PSSession", "Get-PSSession", "Remove-PSSession", "Connect-PSSession",
        "Disconnect-PSSession", "Receive-PSSession", "Import-PSSession", "Export-PSSession", "New-PSSessionOption",
        "New-PSTransportOption", "New-PSSessionConfigurationFile", "New-PSRoleCapabilityFile", "Register-PSSessionConfiguration",
        "Unregister-PSSessionConfiguration", "Get-PSSessionConfiguration", "Set-PSSessionConfiguration",
        "Enable-PSSessionConfiguration", "Disable-PSSessionConfiguration", "Test-PSSessionConfigurationFile", "Enable-PSRemoting",
        "Disable-PSRemoting", "Get-PSSessionCapability", "Enter-PSHostProcess", "Exit-PSHostProcess", "Get-PSHostProcessInfo",
        "etsn", "exsn", "nsn", "gsn", "rsn", "rcsn",
        // CIM and WS-Management.
        "Get-CimInstance", "New-CimInstance", "Set-CimInstance", "Remove-CimInstance", "Invoke-CimMethod", "Get-CimClass",
        "Get-CimAssociatedInstance", "Get-CimSession", "New-CimSession", "Remove-CimSession", "New-CimSessionOption",
        "Register-CimIndicationEvent", "Connect-WSMan", "Disconnect-WSMan", "Get-WSManInstance", "Set-WSManInstance",
        "New-WSManInstance", "Remove-WSManInstance", "Invoke-WSManAction", "New-WSManSessionOption", "Test-WSMan",
        "Set-WSManQuickConfig", "Get-WSManCredSSP", "Enable-WSManCredSSP", "Disable-WSManCredSSP", "Get-WmiObject",
        "Invoke-WmiMethod", "Register-WmiEvent", "Remove-WmiObject", "Set-WmiInstance",
        // Scheduled jobs, services, event logs and other parts of Windows.
        "Register-ScheduledJob", "Unregister-ScheduledJob", "Get-ScheduledJob", "Set-ScheduledJob", "Enable-ScheduledJob",
        "Disable-ScheduledJob", "New-JobTrigger", "Add-JobTrigger", "Get-Service", "Start-Service", "Stop-Service",
        "Restart-Service", "Set-Service", "New-Service", "Remove-Service", "Suspend-Service", "Resume-Service", "Get-WinEvent",
        "New-WinEvent", "Get-Counter", "Export-Counter", "Import-Counter", "Get-ComputerInfo", "Rename-Computer",
        "Restart-Computer", "Stop-Computer", "Set-TimeZone", "Clear-RecycleBin", "Get-HotFix", "Get-Acl", "Set-Acl",
        "Get-AuthenticodeSignature", "Set-AuthenticodeSignature", "Get-CmsMessage", "Protect-CmsMessage", "Unprotect-CmsMessage",
        "Get-PfxCertificate", "New-FileCatalog", "Test-FileCatalog",
        // Desired state configuration.
        "Invoke-DscResource", "Get-DscResource", "Start-DscConfiguration", "New-DscChecksum",
        // The web.
        "Invoke-WebRequest", "Invoke-RestMethod", "iwr", "irm", "Send-MailMessage",
        // Packages and help from the network.
        "Install-Module", "Update-Module", "Uninstall-Module", "Find-Module", "Save-Module", "Publish-Module", "Install-Script",
        "Install-PSResource", "Find-PSResource", "Update-PSResource", "Uninstall-PSResource", "Save-PSResource",
        "Publish-PSResource", "Get-PSResource", "Register-PSResourceRepository", "Install-Package", "Find-Package", "Update-Help",
        "Save-Help",
        // Debugging, tracing and the console's own tools.
        "Get-PSBreakpoint", "Set-PSBreakpoint", "Enable-PSBreakpoint", "Disable-PSBreakpoint", "Remove-PSBreakpoint", "gbp", "sbp",
        "ebp", "dbp", "rbp", "Debug-Runspace", "Enable-RunspaceDebug", "Disable-RunspaceDebug", "Get-RunspaceDebug",
        "Wait-Debugger", "Debug-Process", "Trace-Command", "Get-TraceSource", "Set-TraceSource", "Get-PSReadLineOption",
        "Set-PSReadLineOption", "Get-PSReadLineKeyHandler", "Set-PSReadLineKeyHandler", "Remove-PSReadLineKeyHandler",
        "PSConsoleHostReadLine",
        // Text and the machine.
        "ConvertFrom-Markdown", "Show-Markdown", "Get-MarkdownOption", "Set-MarkdownOption", "ConvertFrom-SddlString",
        "Get-Clipboard", "Set-Clipboard", "Test-Connection", "Set-Date", "Unblock-File",
        // Parts of Pester.
        "New-Fixture", "ConvertTo-Pester4Result",
        // The desktop.
        "Out-GridView", "Show-Command", "Out-Printer", "Switch-Process",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly string[] Drives = ["HKLM:", "HKCU:", "HKCR:", "HKU:", "HKCC:", "Registry::", "Cert:", "WSMan:"];

    private static readonly Dictionary<string, string[]> Parameters = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Invoke-Command"] = RemotingParameters, ["icm"] = RemotingParameters, ["Test-Json"] = ["Schema", "SchemaFile"],
    };

    /// <summary>True for a command that PowerShell 7.6 has and this host has not.</summary>
    public static bool Refuses(string command) => Commands.Contains(command) && !Carried.Value.Contains(command);

    /// <summary>The refused uses in a parsed script.</summary>
    public static List<Refusal> Find(ScriptBlockAst? script, Token[] tokens)
    {
        var visitor = new Visitor();
        // The parser makes no tree of a configuration without the modules of DSC; the keyword is known all the same.
        foreach (var token in tokens)
        {
            if (token.Kind == TokenKind.Configuration && token.TokenFlags.HasFlag(TokenFlags.Keyword))
                visitor.Refuse(token.Text, token.Extent);
        }
        // A text that the parser gives up on has no tree; running it reports why.
        script?.Visit(visitor);
        return visitor.Result();
    }

    /// <summary>Takes the engine's own remoting commands out of a session, so that a call made up at run time is refused too.</summary>
    public static void RemoveFrom(InitialSessionState state)
    {
        foreach (var name in Commands)
            state.Commands.Remove(name, type: null);
    }

    private static readonly Lazy<HashSet<string>> Carried = new(() =>
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, _) in HostSession.Cmdlets())
            names.Add(name);
        return names;
    });

    private sealed class Visitor : AstVisitor2
    {
        private readonly List<Refusal> found = [];
        private readonly HashSet<string> defined = new(StringComparer.OrdinalIgnoreCase);
        private readonly Stack<Ast> chain = new();

        public void Refuse(string name, IScriptExtent extent) => found.Add(new Refusal(name, extent, NotCarried));

        public List<Refusal> Result() => found.FindAll(refusal => !defined.Contains(refusal.Name));

        public override AstVisitAction DefaultVisit(Ast ast)
        {
            if (ast is not (BinaryExpressionAst or UnaryExpressionAst or ConvertExpressionAst or TernaryExpressionAst
                or MemberExpressionAst))
                return AstVisitAction.Continue;
            while (chain.TryPeek(out var above) && above != ast.Parent)
                chain.Pop();
            chain.Push(ast);
            if (chain.Count <= MaximumChain)
                return AstVisitAction.Continue;
            found.Add(new Refusal(Beginning(ast), ast.Extent, string.Create(CultureInfo.InvariantCulture,
                $"is part of an expression of more than {MaximumChain} operators, the embedded host's limit; break it up.")));
            return AstVisitAction.StopVisit;
        }

        public override AstVisitAction VisitFunctionDefinition(FunctionDefinitionAst functionDefinitionAst)
        {
            defined.Add(functionDefinitionAst.Name);
            return DefaultVisit(functionDefinitionAst);
        }

        public override AstVisitAction VisitCommand(CommandAst commandAst)
        {
            if (commandAst.GetCommandName() is { } name)
                Judge(name[(name.LastIndexOf('\\') + 1)..], commandAst);
            return DefaultVisit(commandAst);
        }

        private static string Beginning(Ast ast)
        {
            var text = ast.Extent.Text;
            var end = text.AsSpan(0, Math.Min(text.Length, 20)).IndexOf('\n');
            return text.Length <= 20 && end < 0 ? text : text[..(end < 0 ? 20 : end)] + "…";
        }

        private void Judge(string name, CommandAst command)
        {
            if (Refuses(name))
                Refuse(name, command.CommandElements[0].Extent);
            else if (name.Equals("pwsh", StringComparison.OrdinalIgnoreCase) && command.CommandElements.FirstOrDefault(
                static element => element is ScriptBlockExpressionAst) is { } block)
                Refuse("pwsh { … }", block.Extent);
            else if (Parameters.TryGetValue(name, out var refused))
                JudgeParameters(name, command, refused);
            else if (!name.Equals("Test-Path", StringComparison.OrdinalIgnoreCase))
                JudgeDrives(command);
        }

        private void JudgeParameters(string name, CommandAst command, string[] refused)
        {
            foreach (var element in command.CommandElements)
            {
                if (element is CommandParameterAst { ParameterName: { Length: > 1 } given } parameter
                    && Array.Find(refused, known => known.StartsWith(given, StringComparison.OrdinalIgnoreCase)) is { } full)
                    Refuse($"{name} -{full}", parameter.Extent);
            }
        }

        private void JudgeDrives(CommandAst command)
        {
            for (var i = 1; i < command.CommandElements.Count; i++)
            {
                var text = command.CommandElements[i] switch
                {
                    StringConstantExpressionAst constant => constant.Value,
                    ExpandableStringExpressionAst expandable => expandable.Value,
                    _ => "",
                };
                if (Array.Find(Drives, drive => text.StartsWith(drive, StringComparison.OrdinalIgnoreCase)) is { } refused)
                    Refuse(refused, command.CommandElements[i].Extent);
            }
        }
    }
}
