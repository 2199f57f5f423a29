using System.Resources;

namespace Microsoft.PowerShell.Commands;

/// <summary>The engine's own message texts for its providers, so that an error reads the same wherever it is raised.</summary>
internal static class EngineText
{
    private static readonly ResourceManager SessionState =
        new("System.Management.Automation.resources.SessionStateStrings", typeof(PSObject).Assembly);

    public static string Template(string name) =>
        SessionState.GetString(name, CultureInfo.InvariantCulture) ?? throw new MissingManifestResourceException(name);

    public static string Format(string name, params object[] arguments) =>
        string.Format(CultureInfo.InvariantCulture, Template(name), arguments);
}
