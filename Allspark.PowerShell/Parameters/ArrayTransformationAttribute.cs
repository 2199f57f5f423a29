using System.Management.Automation;
using Allspark.Engine.Hardware;

namespace Allspark.PowerShell.Parameters;

/// <summary>Takes a preset's name where an array is wanted.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ArrayTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Called by the shell before it converts an argument.</summary>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        PresetNames.Replace(inputData, ArrayCatalog.Get);
}
