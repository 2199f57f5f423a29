using System.Management.Automation;
using Allspark.Engine.Hardware;

namespace Allspark.PowerShell.Parameters;

/// <summary>Takes a preset's name where an array is wanted; where several are, wildcards too.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ArrayTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Whether the parameter takes a list.</summary>
    public bool Several { get; set; }

    /// <summary>Called by the shell before it converts an argument.</summary>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        PresetNames.Replace(inputData, Several, PresetNames.Arrays, typeof(PimArray));
}
