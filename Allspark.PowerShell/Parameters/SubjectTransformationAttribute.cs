using System.Management.Automation;
using Allspark.Engine.Hardware;
using Allspark.Engine.Models;

namespace Allspark.PowerShell.Parameters;

/// <summary>
/// Takes networks and arrays, and their presets' names, with wildcards too, where either may be meant: the two are told apart by what they are, and
/// no network is called as an array is.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SubjectTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Whether a name that is both, such as a wildcard, and one that is neither are taken for an array's.</summary>
    public bool ArraysFirst { get; set; }

    /// <summary>Called by the shell before it converts an argument.</summary>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData) => ArraysFirst
        ? PresetNames.Replace(inputData, several: true, name => Either(name, PresetNames.Arrays, PresetNames.Models), typeof(PimArray), typeof(DnnModel))
        : PresetNames.Replace(inputData, several: true, name => Either(name, PresetNames.Models, PresetNames.Arrays), typeof(DnnModel), typeof(PimArray));

    private static IReadOnlyList<object> Either(
        string name, Func<string, IReadOnlyList<object>> first, Func<string, IReadOnlyList<object>> second)
    {
        try
        {
            return first(name) is { Count: > 0 } found ? found : second(name);
        }
        catch (UnknownPresetException unknown)
        {
            try
            {
                return second(name);
            }
            catch (UnknownPresetException)
            {
                throw unknown;
            }
        }
    }
}
