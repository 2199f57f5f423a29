using System.Management.Automation;
using Allspark.Engine.Models;

namespace Allspark.PowerShell.Parameters;

/// <summary>Takes a preset's name where a model is wanted.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ModelTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Called by the shell before it converts an argument.</summary>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        PresetNames.Replace(inputData, name => ModelCatalog.Get(name));
}
