using System.Management.Automation;
using Allspark.Engine.Models;

namespace Allspark.PowerShell.Parameters;

/// <summary>Takes a preset's name where a model is wanted; where several are, wildcards too.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ModelTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Whether the parameter takes a list.</summary>
    public bool Several { get; set; }

    /// <summary>Called by the shell before it converts an argument.</summary>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        PresetNames.Replace(inputData, Several, PresetNames.Models, typeof(DnnModel));
}
