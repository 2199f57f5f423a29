using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Scheduling;
using Allspark.Engine.Simulation;

namespace Allspark.PowerShell.Completion;

/// <summary>
/// What a command works on, as far as its line tells without being run: its arguments, and the variables and presets' names in the pipeline
/// before it.
/// </summary>
internal sealed class Upstream(CommandAst command, IDictionary bound)
{
    /// <summary>The networks.</summary>
    public IEnumerable<DnnModel> Models => Values().SelectMany(value => value switch
    {
        DnnModel model => [model],
        Workload workload => [workload.Model],
        Schedule schedule => [schedule.Model],
        Measurement measurement => [measurement.Model],
        string text => ModelCatalog.Names.Where(name => IsNamed(name, text)).Select(name => ModelCatalog.Get(name)),
        _ => Enumerable.Empty<DnnModel>(),
    });

    /// <summary>The arrays.</summary>
    public IEnumerable<PimArray> Arrays => Values().SelectMany(value => value switch
    {
        PimArray array => [array],
        Workload workload => [workload.Array],
        Schedule schedule => [schedule.Array],
        Measurement measurement => [measurement.Array],
        string text => ArrayCatalog.Names.Where(name => IsNamed(name, text)).Select(ArrayCatalog.Get),
        _ => Enumerable.Empty<PimArray>(),
    });

    private static bool IsNamed(string name, string text) => NearNames.Normalize(name) == NearNames.Normalize(text);

    private IEnumerable<object> Values() => bound.Values.Cast<object?>().Concat(BeforeInPipeline()).SelectMany(Unwrapped);

    private IEnumerable<object?> BeforeInPipeline()
    {
        if (command.Parent is not PipelineAst pipeline)
            yield break;
        foreach (var part in pipeline.PipelineElements.TakeWhile(element => element != command)
            .SelectMany(element => element.FindAll(part => part is VariableExpressionAst or StringConstantExpressionAst, searchNestedScriptBlocks: true)))
        {
            yield return part is VariableExpressionAst variable ? ValueOf(variable) : ((StringConstantExpressionAst)part).Value;
        }
    }

    private static PSObject[] ValueOf(VariableExpressionAst variable)
    {
        using var shell = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
        return shell.AddCommand("Get-Variable").AddParameter("Name", WildcardPattern.Escape(variable.VariablePath.UserPath))
            .AddParameter("ValueOnly").AddParameter("ErrorAction", "Ignore").Invoke().ToArray();
    }

    private static IEnumerable<object> Unwrapped(object? value) => value switch
    {
        null => [],
        PSObject wrapped => Unwrapped(wrapped.BaseObject is PSCustomObject ? null : wrapped.BaseObject),
        object[] list => list.SelectMany(Unwrapped),
        _ => [value],
    };
}
