using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;

namespace Allspark.Host.Session;

/// <summary>What a runspace of this host starts with: the engine's own commands and the cmdlets of this assembly.</summary>
internal static class HostSession
{
    public static InitialSessionState Create()
    {
        var state = InitialSessionState.CreateDefault2();
        foreach (var type in typeof(HostSession).Assembly.GetTypes())
        {
            if (type.IsPublic && type.GetCustomAttribute<CmdletAttribute>(inherit: false) is { } cmdlet)
                state.Commands.Add(new SessionStateCmdletEntry($"{cmdlet.VerbName}-{cmdlet.NounName}", type, helpFileName: null));
        }
        return state;
    }
}
