using System.Management.Automation.Runspaces;
using System.Reflection;

namespace Allspark.Host.Session;

/// <summary>What pwsh sets up around its session: the search path, the assemblies of its cmdlets, <c>$PROFILE</c>.</summary>
internal static class Surroundings
{
    /// <summary>As pwsh: its folder comes first on the path, so that <c>pwsh</c> in a script is this program.</summary>
    public static void Prepare()
    {
        var home = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar) + Path.PathSeparator;
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        if (!path.StartsWith(home, StringComparison.Ordinal))
            Environment.SetEnvironmentVariable("PATH", home + path);
        EngineAccess.StopCommandLog();
        AppDomain.CurrentDomain.AssemblyResolve += static (_, wanted) => StandIn(wanted.Name);
    }

    /// <summary>Opens the session without the pipe through which other processes could debug it: nothing here serves that.</summary>
    public static void Open(Runspace runspace)
    {
        const string optOut = "POWERSHELL_DIAGNOSTICS_OPTOUT";
        var before = Environment.GetEnvironmentVariable(optOut);
        Environment.SetEnvironmentVariable(optOut, "1");
        runspace.Open();
        Environment.SetEnvironmentVariable(optOut, before);
        runspace.SessionStateProxy.SetVariable("PROFILE", ProfilePaths());
    }

    /// <summary><c>$PROFILE</c>: where pwsh would look for profiles, none of which this host runs.</summary>
    private static PSObject ProfilePaths()
    {
        const string everyHost = "profile.ps1";
        const string thisHost = "Microsoft.PowerShell_profile.ps1";
        var home = AppContext.BaseDirectory;
        var user = Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify), "powershell");
        var profile = PSObject.AsPSObject(Path.Combine(user, thisHost));
        profile.Properties.Add(new PSNoteProperty("AllUsersAllHosts", Path.Combine(home, everyHost)));
        profile.Properties.Add(new PSNoteProperty("AllUsersCurrentHost", Path.Combine(home, thisHost)));
        profile.Properties.Add(new PSNoteProperty("CurrentUserAllHosts", Path.Combine(user, everyHost)));
        profile.Properties.Add(new PSNoteProperty("CurrentUserCurrentHost", Path.Combine(user, thisHost)));
        return profile;
    }

    /// <summary>
    /// Sessions that a script makes itself (<c>[powershell]::Create()</c>) ask for the four assemblies in which PowerShell has its
    /// cmdlets: one is this one, for the others any assembly without cmdlets does.
    /// </summary>
    private static Assembly? StandIn(string name)
    {
        if (name.StartsWith("Microsoft.PowerShell.Commands.Utility", StringComparison.Ordinal))
            return typeof(Surroundings).Assembly;
        return name.StartsWith("Microsoft.PowerShell.Commands.Management", StringComparison.Ordinal)
            || name.StartsWith("Microsoft.PowerShell.Security", StringComparison.Ordinal)
            || name.StartsWith("Microsoft.PowerShell.ConsoleHost", StringComparison.Ordinal)
                ? typeof(System.Console).Assembly
                : null;
    }
}
