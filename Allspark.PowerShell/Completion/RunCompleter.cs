using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using Allspark.Engine.Experiments;
using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Scheduling;

namespace Allspark.PowerShell.Completion;

/// <summary>
/// Completes what a run store holds of a run's property that is called as the parameter is (Experiment, Model, Id …), newest first, and then presets. The
/// store is the one that -LogTo, -From or -Path names, or runs.db.
/// </summary>
public sealed class RunCompleter : NameCompleter
{
    private static readonly string[] StoreParameters = ["LogTo", "From", "LiteralPath", "Path"];

    private protected override IEnumerable<(string Name, string Description)> CandidatesFor(
        string parameter, string word, CommandAst command, IDictionary bound) =>
        Logged(parameter, bound).Concat(Presets(parameter)).DistinctBy(candidate => candidate.Name);

    /// <summary>What a store holds of a property.</summary>
    internal static IEnumerable<(string Name, string Description)> Logged(string parameter, IDictionary bound)
    {
        var property = typeof(Run).GetProperty(parameter);
        if (property is null)
            return [];
        var given = StoreParameters.Where(bound.Contains).Select(name => bound[name]).FirstOrDefault() ?? "runs.db";
        var paths = given is IEnumerable list and not string ? list.Cast<object?>() : [given];
        return paths.SelectMany(path => Runs($"{path}")).Reverse()
            .Select(run => (Convert.ToString(property.GetValue(run), CultureInfo.InvariantCulture) ?? "", Describe(run)))
            .Where(candidate => candidate.Item1.Length > 0);
    }

    private static string Describe(Run run) =>
        string.Create(CultureInfo.InvariantCulture, $"run {run.Id}: {run.Model} on {run.Array}, {run.Scheme}, {run.LatencySeconds * 1e3:F3} ms");

    private static IEnumerable<(string Name, string Description)> Presets(string parameter)
    {
        IReadOnlyList<string> names = parameter switch
        {
            "Model" => ModelCatalog.Names,
            "Array" => ArrayCatalog.Names,
            "Scheme" => Enum.GetNames<PartitionScheme>(),
            "Solver" => [.. Scheduler.Solvers.Select(solver => solver.Name)],
            _ => [],
        };
        return names.Select(name => (name, $"the {parameter.ToLowerInvariant()} {name}"));
    }

    // What is no store completes nothing: the command will say what is wrong with it.
    private static IReadOnlyList<Run> Runs(string path)
    {
        using var shell = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
        if (shell.AddCommand("Convert-Path").AddParameter("LiteralPath", path).AddParameter("ErrorAction", "Ignore").Invoke<string>() is not [var file])
            return [];
        try
        {
            using var store = RunStore.Open(file, RunStoreMode.ReadOnly);
            return store.Runs(new RunFilter());
        }
        catch (RunStoreException)
        {
            return [];
        }
    }
}
