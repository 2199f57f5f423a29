using System.Collections;
using System.Management.Automation;
using Allspark.Engine.Partitioning;

namespace Allspark.PowerShell.Parameters;

/// <summary>Takes names of schemes, with wildcards too.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SchemeTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Called by the shell before it converts an argument.</summary>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var given = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return given is IList list
            ? list.Cast<object?>().SelectMany(Schemes).ToArray()
            : Schemes(given).ToArray();
    }

    private static IEnumerable<PartitionScheme> Schemes(object? argument) => (argument is PSObject wrapped ? wrapped.BaseObject : argument) switch
    {
        PartitionScheme scheme => [scheme],
        var text => NamePattern.Expand($"{text}", "scheme", Enum.GetNames<PartitionScheme>()) is { Count: > 0 } names
            ? names.Select(Enum.Parse<PartitionScheme>)
            : throw new ArgumentTransformationMetadataException(
                $"No scheme matches '{text}'. There are: {string.Join(", ", Enum.GetNames<PartitionScheme>())}."),
    };
}
