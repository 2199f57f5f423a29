using Allspark.Engine.Models;
using Allspark.Engine.Specifications;

namespace Allspark.Engine.Partitioning;

/// <summary>What a user wants of a schedule: options fixed or forbidden, nodes left idle, an energy budget.</summary>
public sealed record ScheduleConstraints
{
    /// <summary>Nothing fixed, nothing forbidden.</summary>
    public static ScheduleConstraints None { get; } = new();

    /// <summary>The phases that a rule names take an option as it says.</summary>
    public ValueList<OptionRule> Fix { get; init; } = [];

    /// <summary>The phases that a rule names take no option as it says.</summary>
    public ValueList<OptionRule> Forbid { get; init; } = [];

    /// <summary>
    /// Most nodes that a phase may use. Under <see cref="PartitionScheme.Allspark"/> as many groups as fit are used, the first along the
    /// space-filling curve; the other schemes, whose groups are given, lose the options that use more.
    /// </summary>
    public int? MaxNodes { get; init; }

    /// <summary>Energy of an inference at most, in joules; <see langword="null"/> for any.</summary>
    public double? MaxEnergyJoules { get; init; }

    /// <summary>Reads constraints as a user writes them; see <see cref="OptionRule"/>.</summary>
    /// <exception cref="ArgumentException">A text is not a rule.</exception>
    public static ScheduleConstraints Parse(IEnumerable<string> fix, IEnumerable<string> forbid, int? maxNodes) => new()
    {
        Fix = fix.Select(OptionRule.Parse).ToValueList(),
        Forbid = forbid.Select(OptionRule.Parse).ToValueList(),
        MaxNodes = maxNodes,
    };

    /// <summary>The workload with the options that the constraints leave.</summary>
    /// <exception cref="ArgumentException">A rule names no phase, a phase is left without an option, or fewer than one node is allowed.</exception>
    public Workload Apply(Workload workload)
    {
        ArgumentNullException.ThrowIfNull(workload);
        if (MaxNodes < 1)
            throw new ArgumentException($"At most {MaxNodes} nodes is no array. Allow 1 or more.", nameof(workload));
        foreach (var rule in Fix.Concat(Forbid))
            CheckNames(rule, workload);
        var options = MaxNodes < workload.Array.NodeCount ? SchemeOptions.For(workload.Scheme, workload.Array, workload.Phases, MaxNodes.Value) : workload.Options;
        var known = new Dictionary<(IReadOnlyList<PhaseOption> Options, string Tests), IReadOnlyList<PhaseOption>>();
        return workload with { Constraints = this, Options = workload.Phases.Select(phase => Allowed(phase, options[phase.Index], known)).ToArray() };
    }

    private static void CheckNames(OptionRule rule, Workload workload)
    {
        if (workload.Phases.Any(rule.Names))
            return;
        var near = NearNames.Of(rule.Pattern, workload.Phases.SelectMany(phase => (string[])[phase.Block, OptionRule.NameOf(phase)]).Distinct());
        var phases = workload.Phases;
        throw new ArgumentException(
            $"'{rule}' names no phase of {workload.Model.Name}. "
            + (near.Count > 0 ? $"Did you mean {string.Join(", ", near)}?" : $"Phases are named {OptionRule.NameOf(phases[0])} … {OptionRule.NameOf(phases[^1])}."),
            nameof(workload));
    }

    // Phases that share a list and are under the same rules share what is left of it.
    private IReadOnlyList<PhaseOption> Allowed(
        Phase phase, IReadOnlyList<PhaseOption> options, Dictionary<(IReadOnlyList<PhaseOption> Options, string Tests), IReadOnlyList<PhaseOption>> known)
    {
        var tests = Tests(phase);
        if (tests.Count == 0)
            return options;
        var key = (options, string.Join('\n', tests.Select(test => test.Text)));
        if (known.TryGetValue(key, out var same))
            return same;
        var allowed = WithoutInterleaving(phase, options).Where(option => tests.TrueForAll(test => test.Allows(option))).ToArray();
        return known[key] = allowed.Length > 0 ? allowed : throw Empty(phase, options, tests);
    }

    // The schemes list an interleaved option alone, which is never the slower one; its twin stands in where it is forbidden.
    private IEnumerable<PhaseOption> WithoutInterleaving(Phase phase, IReadOnlyList<PhaseOption> options) =>
        Forbid.Any(rule => (rule.Traits & OptionTraits.Interleaved) != OptionTraits.None && rule.Names(phase))
            ? options.Concat(options.Where(option => option.Interleaved).Select(option => option with { Interleaved = false }))
            : options;

    private List<(string Text, Func<PhaseOption, bool> Allows)> Tests(Phase phase)
    {
        var tests = new List<(string Text, Func<PhaseOption, bool> Allows)>();
        tests.AddRange(Fix.Where(rule => rule.Names(phase)).Select(rule => ($"fix {rule}", (Func<PhaseOption, bool>)rule.Describes)));
        tests.AddRange(Forbid.Where(rule => rule.Names(phase)).Select(rule => ($"forbid {rule}", (Func<PhaseOption, bool>)(option => !rule.Describes(option)))));
        if (MaxNodes is { } most)
            tests.Add(($"at most {most} nodes", option => phase.ActiveGroups(option.Tiling) * option.Tiling.GroupSize <= most));
        return tests;
    }

    private static ArgumentException Empty(
        Phase phase, IReadOnlyList<PhaseOption> options, List<(string Text, Func<PhaseOption, bool> Allows)> tests)
    {
        var alone = tests.FindAll(test => !options.Any(test.Allows));
        var reason = alone.Count > 0
            ? $"none of its {options.Count} is as '{alone[0].Text}' wants"
            : $"'{string.Join("', '", tests.Select(test => test.Text))}' contradict each other";
        return new ArgumentException($"The phase {OptionRule.NameOf(phase)} is left without an option: {reason}. Drop or loosen a constraint.", nameof(phase));
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Texts().DefaultIfEmpty("none"));

    private IEnumerable<string> Texts()
    {
        foreach (var rule in Fix)
            yield return $"fix {rule}";
        foreach (var rule in Forbid)
            yield return $"forbid {rule}";
        if (MaxNodes is { } nodes)
            yield return $"at most {nodes} nodes";
        if (MaxEnergyJoules is { } joules)
            yield return $"at most {new PhysicalQuantity(joules, "J")}";
    }
}
