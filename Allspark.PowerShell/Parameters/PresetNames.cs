using System.Management.Automation;

namespace Allspark.PowerShell.Parameters;

/// <summary>Presets in the place of their names, in an argument that may be a list.</summary>
internal static class PresetNames
{
    public static object? Replace(object? argument, Func<string, object> preset) => argument switch
    {
        PSObject { BaseObject: var inner } when inner is string or object[] => Replace(inner, preset),
        string name => preset(name),
        object[] list => Array.ConvertAll(list, item => Replace(item, preset)),
        _ => argument,
    };
}
