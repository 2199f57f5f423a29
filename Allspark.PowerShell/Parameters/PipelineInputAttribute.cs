using System.Collections;
using System.Management.Automation;
using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.PowerShell.Errors;

namespace Allspark.PowerShell.Parameters;

/// <summary>Tells, of an object that a parameter does not take, which step of the pipeline was left out.</summary>
/// <param name="taken">The types that it takes, the usual one first.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PipelineInputAttribute(params Type[] taken) : ArgumentTransformationAttribute
{
    /// <summary>The types that the parameter takes.</summary>
    public IReadOnlyList<Type> Taken { get; } = taken;

    /// <summary>Called by the shell before it converts an argument.</summary>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        Check(inputData, Taken);
        return inputData;
    }

    /// <summary>Refuses an argument, or an element of it, that is of none of the types; of nothing the shell itself has a word.</summary>
    internal static void Check(object? argument, IReadOnlyList<Type> taken)
    {
        var given = argument is PSObject wrapped ? wrapped.BaseObject : argument;
        if (given is null)
            return;
        if (given is IList items)
        {
            foreach (var item in items)
                Check(item, taken);
        }
        else if (given is DnnModel { Layers.Count: 0 } or PimArray { NodeCount: 0 })
        {
            throw new ArgumentTransformationMetadataException(
                $"'{given}' is a name alone, to compare names with. Get-DnnModel and Get-PimArray get what is called so.");
        }
        else if (PipelineStep.Refusal(given, taken) is { } refusal)
        {
            throw new ArgumentTransformationMetadataException(refusal);
        }
    }
}
