using System.Globalization;
using Allspark.Engine.Experiments;
using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Scheduling;
using Allspark.Engine.Simulation;

namespace Allspark.PowerShell.Errors;

/// <summary>A step of the pipeline: what it makes, and how it is called.</summary>
internal sealed record PipelineStep(Type Made, string Name, string Command)
{
    // The order in which one is made of the other.
    private static readonly PipelineStep[] Way =
    [
        new(typeof(DnnModel), "a network", "Get-DnnModel swin_t"),
        new(typeof(Workload), "a workload", "Split-VitWorkload -Array stack-16x16"),
        new(typeof(Schedule), "a schedule", "Invoke-AllsparkSchedule"),
        new(typeof(Measurement), "a measurement", "Measure-PimInference"),
        new(typeof(Comparison), "a comparison", "Compare-PimInference -Reference V100"),
    ];

    private static readonly PipelineStep Array = new(typeof(PimArray), "an array", "Get-PimArray");
    private static readonly PipelineStep Run = new(typeof(Run), "a run", "Get-AllsparkRun");

    /// <summary>What to say of an object that came to a step that does not take it, or null where the step takes it.</summary>
    /// <param name="given">The object.</param>
    /// <param name="taken">The types that the step takes, the usual one first.</param>
    public static string? Refusal(object given, params IReadOnlyList<Type> taken) =>
        taken.Any(type => type.IsInstanceOfType(given))
            ? null
            : $"{Sentence.Capitalized(Describe(given))} is not {string.Join(" or ", taken.Select(type => Of(type).Name))}. {Remedy(given, taken[0])}";

    private static PipelineStep Of(Type made) => Way.Append(Array).Append(Run).Single(step => step.Made == made);

    private static string Describe(object given) => given switch
    {
        DnnModel model => $"the network {model}",
        PimArray array => $"the array {array}",
        Workload workload => $"the workload {workload}",
        Schedule schedule => $"the schedule of {schedule}",
        Measurement measurement => $"the measurement of {measurement}",
        Comparison comparison => $"the comparison of {comparison.Model} with {comparison.Reference}",
        Run run => $"the run {run.Id} of {run.Model} on {run.Array}",
        FileSystemInfo file => $"the file {file.Name}",
        string text => $"the text '{text}'",
        ValueType value => string.Create(CultureInfo.InvariantCulture, $"the value {value}"),
        _ => Sentence.WithArticle(given.GetType().Name),
    };

    private static string Remedy(object given, Type wanted)
    {
        if (given is FileSystemInfo && (wanted == typeof(DnnModel) || wanted == typeof(Schedule)))
            return $"Read it: Get-ChildItem … | Import-{(wanted == typeof(DnnModel) ? "DnnModel" : "AllsparkSchedule")}.";
        if (wanted == typeof(PimArray))
            return Holder(given, wanted) ?? "Get-PimArray lists arrays, New-PimArray makes them.";
        if (wanted == typeof(Run))
            return given is Measurement ? "Log it with Measure-PimInference -LogTo runs.db; Get-AllsparkRun runs.db gets the run." : "Get-AllsparkRun gets runs.";
        if (given is Run)
            return "A run holds figures: Compare-PimInference, Export-AllsparkChart and Export-AllsparkRun take it.";
        var target = System.Array.FindIndex(Way, step => step.Made == wanted);
        if (given is PimArray && target > 0)
            return $"Split a network for it: {Commands(Way[1..(target + 1)]).Replace("-Array stack-16x16", $"swin_t -Array {given}", StringComparison.Ordinal)}.";
        var place = System.Array.FindIndex(Way, step => step.Made.IsInstanceOfType(given));
        return place >= 0 && place < target
            ? $"Pipe it through {Commands(Way[(place + 1)..(target + 1)])} first."
            : Holder(given, wanted) ?? $"Pipe what this gives: {Commands(Way[..(target + 1)])}.";
    }

    // Each object holds those before it.
    private static string? Holder(object given, Type wanted) =>
        System.Array.Find(given.GetType().GetProperties(), property => property.PropertyType == wanted) is { } held
            ? $"It holds one: … | ForEach-Object {held.Name}."
            : null;

    private static string Commands(PipelineStep[] steps) => string.Join(" | ", steps.Select(step => step.Command));
}
