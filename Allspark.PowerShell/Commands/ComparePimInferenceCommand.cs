using System.Globalization;
using System.Management.Automation;
using Allspark.Engine.Experiments;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Simulation;
using Allspark.PowerShell.Completion;
using Allspark.PowerShell.Errors;
using Allspark.PowerShell.Parameters;

namespace Allspark.PowerShell.Commands;

/// <summary>Holds results against references: how many times faster they are, and how many times less energy they need.</summary>
/// <remarks>
/// A reference is a scheme, a machine with published figures (V100), or the number of a logged run. The reference result of a scheme is
/// the one of the same model on the same array: in the pipeline, or in the run store that -From names. Results of a scheme that is a
/// reference serve as such and are not compared themselves.
///
/// The published figures of a graphics processor are batched throughput; where a figure for single images is published too, both readings
/// are given. Caveat says what a reader must know of them.
/// </remarks>
/// <example>
/// <summary>A network against two baseline schemes.</summary>
/// <code>
/// Split-VitWorkload swin_t -Array stack-16x16 -Scheme Allspark, TokenParallel, TensorParallel | Invoke-AllsparkSchedule |
///     Measure-PimInference | Compare-PimInference -Reference TokenParallel, TensorParallel
/// </code>
/// </example>
/// <example>
/// <summary>Networks against a graphics processor.</summary>
/// <code>
/// Get-DnnModel swin-* | Split-VitWorkload -Array stack-16x16 | Invoke-AllsparkSchedule | Measure-PimInference |
///     Compare-PimInference -Reference V100
/// </code>
/// </example>
/// <example>
/// <summary>Logged runs against a baseline in the same store.</summary>
/// <code>
/// Split-VitWorkload deit_s -Array stack-16x16 -Scheme Allspark, WholeBranch | Invoke-AllsparkSchedule |
///     Measure-PimInference -LogTo runs.db | Out-Null
/// Get-AllsparkRun runs.db -Scheme Allspark | Compare-PimInference -Reference WholeBranch -From runs.db
/// </code>
/// </example>
[Cmdlet(VerbsData.Compare, "PimInference")]
[OutputType(typeof(Comparison))]
public sealed class ComparePimInferenceCommand : AllsparkCommand
{
    private readonly List<ResultInput> results = [];
    private readonly List<Func<ResultInput, IEnumerable<Comparison>>> references = [];
    private readonly HashSet<string> referenceSchemes = new(StringComparer.Ordinal);
    private RunStore? store;
    private bool usesStore;

    /// <summary>The results: measurements or runs.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public object[] InputObject { get; set; } = [];

    /// <summary>What they are held against: schemes, machines with published figures, numbers of runs. Wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    public string[] Reference { get; set; } = [];

    /// <summary>The run store in which reference results are looked for that the pipeline does not have.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? From { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (From is not null)
            store = Require(From, () => RunStore.Open(FilePath(From), RunStoreMode.ReadOnly));
        foreach (var name in Reference)
            references.AddRange(Require(name, () => Expand(name).Select(Resolve).ToArray()));
        RequireEffect(nameof(From), usesStore, "the figures of a machine are published, not logged. It is for references that are schemes or runs");
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var input in InputObject)
            ForItem(input, () => Accept(input));
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        foreach (var result in results)
            Compare(result);
        base.EndProcessing();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            store?.Dispose();
        base.Dispose(disposing);
    }

    private void Accept(object input)
    {
        var result = ResultInput.From(input)
            ?? throw CommandException.WrongInput(input, typeof(Measurement), typeof(Run));
        // A scheme's result may still come; without one among the references nothing is waited for.
        if (referenceSchemes.Count == 0)
            Compare(result);
        else
            results.Add(result);
    }

    private void Compare(ResultInput result)
    {
        if (referenceSchemes.Contains(result.Point.Scheme))
            return;
        foreach (var reference in references)
            ForItem(result.Point, () => WriteObject(reference(result), enumerateCollection: true));
    }

    private static IReadOnlyList<string> Expand(string name) => WildcardPattern.ContainsWildcardCharacters(name)
        && NamePattern.Expand(name, "reference", [.. GpuReference.Machines, .. Enum.GetNames<PartitionScheme>()]) is { Count: > 0 } names
            ? names
            : [name];

    private Func<ResultInput, IEnumerable<Comparison>> Resolve(string name)
    {
        var wanted = NearNames.Normalize(name);
        if (long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            return OfRun(id);
        if (GpuReference.Machines.FirstOrDefault(machine => NearNames.Normalize(machine) == wanted) is { } machine)
            return result => AgainstMachine(result, machine);
        usesStore = true;
        if (Enum.GetNames<PartitionScheme>().FirstOrDefault(scheme => NearNames.Normalize(scheme) == wanted) is not { } scheme)
            throw new UnknownPresetException("reference", name, GpuReference.Machines.Concat(Enum.GetNames<PartitionScheme>()));
        referenceSchemes.Add(scheme);
        return result => AgainstScheme(result, scheme);
    }

    private Func<ResultInput, IEnumerable<Comparison>> OfRun(long id)
    {
        if (store is null)
            throw CommandException.NoReference($"The reference {id} is the number of a run. Name its store with -From.");
        if (store.Runs(new RunFilter { Ids = [id] }) is not [var run])
            throw CommandException.NoReference($"There is no run {id} in {store.Path}.");
        usesStore = true;
        var reference = ResultInput.From(run)!;
        return result => result.SharesSubjectWith(reference)
            ? [Comparison.Of(result.Point, reference.Point, alike: true) with { Reference = $"run {id} ({reference.Point.Scheme})" }]
            : throw CommandException.NoReference(
                $"Run {id} is of {reference.Point.Model} on {reference.Point.Array}, not of the {result.Point.Model} on {result.Point.Array} that was measured.");
    }

    private static IEnumerable<Comparison> AgainstMachine(ResultInput result, string machine) =>
        GpuReference.Find(machine, result.Point.Model, result.Point.Resolution) is { } published
            ? Comparison.Of(result.Point, published)
            : throw CommandException.NoReference(
                $"There is no published figure of {machine} for {result.Point.Model} at {result.Point.Resolution}². There are figures for: "
                + $"{string.Join(", ", GpuReference.All.Where(known => known.Machine == machine).Select(known => known.Model))}.");

    private IEnumerable<Comparison> AgainstScheme(ResultInput result, string scheme)
    {
        var reference = results.LastOrDefault(other => other.Point.Scheme == scheme && other.SharesSubjectWith(result))
            ?? Stored(result, scheme)
            ?? throw CommandException.NoReference(
                $"There is no result of {scheme} for {result.Point.Model} on {result.Point.Array}, neither in the pipeline nor in a store that -From names. "
                + "Measure it with Split-VitWorkload -Scheme.");
        return [Comparison.Of(result.Point, reference.Point, alike: true)];
    }

    private ResultInput? Stored(ResultInput result, string scheme) =>
        store?.Runs(new RunFilter { Scheme = scheme, Status = RunStatus.Completed })
            .Select(run => ResultInput.From(run)!)
            .LastOrDefault(other => other.SharesSubjectWith(result));
}
