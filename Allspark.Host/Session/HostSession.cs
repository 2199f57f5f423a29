using System.Collections.Frozen;
using System.Management.Automation.Runspaces;
using System.Reflection;

namespace Allspark.Host.Session;

/// <summary>
/// What a runspace of this host starts with: the engine's commands and the cmdlets of this assembly, the latter as the modules
/// that carry them in PowerShell. Other runspaces (jobs, <c>-Parallel</c>) find them through <c>Modules/</c> beside the program.
/// </summary>
internal static class HostSession
{
    private const string Utility = "Microsoft.PowerShell.Utility";

    /// <summary>Commands that PowerShell keeps outside Microsoft.PowerShell.Utility.</summary>
    private static readonly FrozenDictionary<string, string> Homes = CreateHomes();

    public static InitialSessionState Create()
    {
        var state = InitialSessionState.CreateDefault2();
        Refusals.RemoveFrom(state);
        var version = new Version(7, 0, 0, 0); // of the modules that carry the commands in PowerShell 7
        var snapIns = new Dictionary<string, PSSnapInInfo>(StringComparer.Ordinal);
        foreach (var (name, type) in Cmdlets())
        {
            var module = ModuleOf(name);
            if (!snapIns.TryGetValue(module, out var snapIn))
                snapIns.Add(module, snapIn = EngineAccess.CreateSnapIn(module, version));
            var entry = new SessionStateCmdletEntry(name, type, helpFileName: null);
            EngineAccess.SetSnapIn(entry, snapIn);
            state.Commands.Add(entry);
        }
        return state;
    }

    /// <summary>The public cmdlet classes of this assembly by command name, without those that the Pester module brings.</summary>
    public static IEnumerable<(string Name, Type Type)> Cmdlets()
    {
        foreach (var type in typeof(HostSession).Assembly.GetTypes())
        {
            if (type.IsPublic && type.Namespace?.StartsWith("Allspark.Host.Pester", StringComparison.Ordinal) is not true
                && type.GetCustomAttribute<CmdletAttribute>(inherit: false) is { } cmdlet)
                yield return ($"{cmdlet.VerbName}-{cmdlet.NounName}", type);
        }
    }

    /// <summary>The name of the PowerShell module that carries a command.</summary>
    public static string ModuleOf(string command) => Homes.GetValueOrDefault(command, Utility);

    private static FrozenDictionary<string, string> CreateHomes()
    {
        var homes = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        Add("Microsoft.PowerShell.Management",
            "Add-Content", "Clear-Content", "Clear-Item", "Clear-ItemProperty", "Convert-Path", "Copy-Item", "Copy-ItemProperty",
            "Debug-Process", "Get-ChildItem", "Get-Clipboard", "Get-Content", "Get-Item", "Get-ItemProperty",
            "Get-ItemPropertyValue", "Get-Location", "Get-Process", "Get-PSDrive", "Get-PSProvider", "Get-TimeZone", "Invoke-Item",
            "Join-Path", "Move-Item", "Move-ItemProperty", "New-Item", "New-ItemProperty", "New-PSDrive", "Pop-Location",
            "Push-Location", "Remove-Item", "Remove-ItemProperty", "Remove-PSDrive", "Rename-Item", "Rename-ItemProperty",
            "Resolve-Path", "Set-Clipboard", "Set-Content", "Set-Item", "Set-ItemProperty", "Set-Location", "Split-Path",
            "Start-Process", "Stop-Process", "Test-Connection", "Test-Path", "Wait-Process");
        Add("Microsoft.PowerShell.Security",
            "ConvertFrom-SecureString", "ConvertTo-SecureString", "Get-Credential", "Get-ExecutionPolicy", "Set-ExecutionPolicy");
        Add("Microsoft.PowerShell.Host", "Start-Transcript", "Stop-Transcript");
        Add("Microsoft.PowerShell.ThreadJob", "Start-ThreadJob");
        return homes.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

        void Add(string module, params ReadOnlySpan<string> commands)
        {
            foreach (var command in commands)
                homes.Add(command, module);
        }
    }
}
