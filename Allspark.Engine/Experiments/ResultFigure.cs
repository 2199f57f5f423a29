using Allspark.Engine.Hardware;

namespace Allspark.Engine.Experiments;

/// <summary>One thing that is known of a result: a metric, or a parameter of what was asked.</summary>
/// <param name="Name">Its name: a metric's (<see cref="MetricName"/>), a parameter's as YAML names it (<c>node.bandwidth</c>), or <c>Model</c> ….</param>
/// <param name="Number">Its value in the base unit; null for a text.</param>
/// <param name="Text">Its value as it is written.</param>
/// <param name="Unit">The base unit's symbol; empty for texts and plain numbers.</param>
public sealed record ResultFigure(string Name, double? Number, string Text, string Unit)
{
    /// <summary>The names that a measurement on an array of the catalogue has.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "Model", "Array", "Scheme", "Fidelity", "Solver", "Objective", "Precision",
        .. typeof(MetricName).GetFields().Select(field => (string)field.GetRawConstantValue()!),
        .. ArrayParameter.Of(ArrayCatalog.Get(ArrayCatalog.Names[0])).Select(parameter => parameter.Key),
    ];
}
