using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Placement;
using Allspark.Engine.Specifications;

namespace Allspark.Engine.Scheduling;

/// <summary>Schedules as JSON, a line for each phase: to keep, to compare line by line, to edit and to measure again.</summary>
/// <remarks>
/// The file says which options were chosen and where windows lie; costs are evaluated anew when it is read, so an edited schedule has
/// the costs of what it says. Whether it is legal is for the legality check to say. The schema is in docs/schedules.md.
/// </remarks>
public static class ScheduleFile
{
    /// <summary>First entry of a file: what it is, and the version of its schema.</summary>
    public const string Format = "allspark.schedule/2";

    // The first version named neither texts' lengths nor batches; what it names means the same.
    private const string FirstFormat = "allspark.schedule/1";

    /// <summary>Solver name of schedules that were read.</summary>
    public const string SolverName = "Import";

    private const int LongestName = 200;
    private const int LargestSide = 4096;
    private const int LargestCount = 1 << 20;

    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes a schedule.</summary>
    public static string Write(Schedule schedule)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        var (model, array) = (schedule.Model, schedule.Array);
        var text = new StringBuilder("{\n");
        Entry("format", Format);
        Entry("model", new
        {
            model.Name,
            Resolution = model.SequenceLength is null ? model.InputHeight : (int?)null,
            Tokens = model.SequenceLength,
            model.Batch,
            Precision = model.Precision.ToString(),
            Hash = model.ContentHash,
        });
        Entry("array", new { array.Name, Hash = array.ContentHash });
        Entry("scheme", schedule.Scheme.ToString());
        Entry("objective", schedule.Objective.ToString());
        text.Append("  \"phases\": [\n    ").AppendJoin(",\n    ", schedule.Phases.Select(phase => JsonSerializer.Serialize(Line(phase), s_json)));
        return text.Append("\n  ]\n}\n").ToString();

        void Entry(string key, object value) =>
            text.Append("  \"").Append(key).Append("\": ").Append(JsonSerializer.Serialize(value, s_json)).Append(",\n");
    }

    /// <summary>Reads a schedule and evaluates its costs.</summary>
    /// <param name="path">The file.</param>
    /// <param name="schedulerOf">The scheduler that keeps an array's costs.</param>
    /// <param name="workload">
    /// The network and the machine that the schedule is for, of the same phases and grid as those in the file; <see langword="null"/> for the presets that it names.
    /// </param>
    /// <exception cref="SpecificationException">
    /// It is not a schedule, it names what is not a preset or has changed since, or it is of other phases or another scheme than the workload.
    /// </exception>
    public static Schedule Read(string path, Func<PimArray, Scheduler> schedulerOf, Workload? workload = null)
    {
        ArgumentNullException.ThrowIfNull(schedulerOf);
        var root = JsonSpecification.ReadFile(path).Allow("format", "model", "array", "scheme", "objective", "phases");
        if (root["format"].AsScalar().Text is not (Format or FirstFormat))
            throw root["format"].Error($"is not '{Format}', which this version reads.");
        var scheme = root["scheme"].Word<PartitionScheme>();
        var objective = root["objective"].Word<ScheduleObjective>();
        if (workload is not null && workload.Scheme != scheme)
            throw root["scheme"].Error($"is {scheme}, the workload is split under {workload.Scheme}.");
        workload ??= Partitioner.Split(Model(root["model"].AsMap()), Array(root["array"].AsMap()), scheme);

        var lines = root["phases"].AsList();
        if (lines.Items.Count != workload.Phases.Count)
            throw lines.Error($"has {lines.Items.Count} elements; {workload} has {workload.Phases.Count} phases.");
        var tilings = new Dictionary<TilingShape, Tiling>();
        var chosen = workload.Phases.Select(phase => Choice(lines.Items[phase.Index], phase, workload.Array, tilings)).ToArray();
        return schedulerOf(workload.Array).Assemble(workload, objective, chosen);
    }

    private static PhaseLine Line(ScheduledPhase scheduled)
    {
        var (option, shape) = (scheduled.Option, scheduled.Option.Tiling.Shape);
        return new PhaseLine(
            scheduled.Block,
            scheduled.Kind.ToString(),
            shape.IsRectangle ? new GroupLine(shape.GroupRows, shape.GroupColumns, option.Tiling.Groups) : null,
            shape.IsRectangle ? null : new RunLine(shape.GroupColumns, shape.FirstNode, shape.NodeSpan),
            new SplitLine(option.HeadParts, option.RowParts, option.ChannelParts),
            option.SharingDegree,
            option.Streamed,
            option.PassThrough,
            option.Interleaved,
            option.WindowsPerStep,
            option.Region,
            scheduled.Placement.IsStructured(scheduled.Phase) ? null : scheduled.Placement.WindowSlots);
    }

    private static DnnModel Model(SpecificationMap map)
    {
        map.Allow("name", "resolution", "tokens", "batch", "precision", "hash");
        var name = map["name"].Sentence(LongestName);
        var precision = map["precision"].Word<Precision>();
        var batch = map.TryGet("batch", out var together) ? together.Integer(1, ModelCatalog.LargestBatch) : 1;
        var model = Preset(map["name"], "model", () => map.TryGet("tokens", out var tokens)
            ? ModelCatalog.Get(name, null, precision, tokens.Integer(1, ModelCatalog.LongestSequence))
            : ModelCatalog.Get(name, map["resolution"].Integer(1, ModelCatalog.HighestResolution), precision)) with { Batch = batch };
        CheckHash(map, "model", model.ContentHash);
        return model;
    }

    private static PimArray Array(SpecificationMap map)
    {
        map.Allow("name", "hash");
        var array = Preset(map["name"], "array", () => ArrayCatalog.Get(map["name"].Sentence(LongestName)));
        CheckHash(map, "array", array.ContentHash);
        return array;
    }

    private static T Preset<T>(SpecificationNode name, string kind, Func<T> find)
    {
        try
        {
            return find();
        }
        catch (UnknownPresetException unknown)
        {
            throw name.Error($"{unknown.Message} For a {kind} of your own, read the schedule with the workload that it is for.");
        }
        catch (ArgumentException unfit)
        {
            throw name.Error(unfit.Message.Split(" (Parameter '")[0]);
        }
    }

    private static void CheckHash(SpecificationMap map, string kind, string hash)
    {
        if (map["hash"].AsScalar().Text != hash)
            throw map["hash"].Error($"is not that of the {kind} {map["name"].AsScalar().Text} as it is now. Read the schedule with the workload that it is for.");
    }

    private static (PhaseOption Option, IReadOnlyList<int>? WindowSlots) Choice(
        SpecificationNode line, Phase phase, PimArray array, Dictionary<TilingShape, Tiling> tilings)
    {
        var map = line.AsMap().Allow(
            "block", "kind", "group", "run", "split", "sharing", "streamed", "passThrough", "interleaved", "windowsPerStep", "region", "windows");
        if (map["block"].AsScalar().Text != phase.Block)
            throw map["block"].Error($"is not '{phase.Block}', the layer whose phase is at this place.");
        if (map["kind"].Word<PhaseKind>() is var kind && kind != phase.Kind)
            throw map["kind"].Error($"is {kind}; the phase at this place is {phase.Kind}.");
        var tiling = Tiling(map, array);
        if (!tilings.TryAdd(tiling.Shape, tiling))
            tiling = tilings[tiling.Shape];
        var split = map["split"].AsMap().Allow("heads", "rows", "channels");
        var option = new PhaseOption
        {
            Tiling = tiling,
            HeadParts = split["heads"].Integer(1, phase.SplitWidth),
            RowParts = split["rows"].Integer(1, phase.QueryTokens),
            ChannelParts = split["channels"].Integer(1, phase.HeadDimension),
            SharingDegree = map["sharing"].Integer(1, array.NodeCount),
            Streamed = map["streamed"].Truth(),
            PassThrough = map["passThrough"].Truth(),
            Interleaved = map["interleaved"].Truth(),
            WindowsPerStep = map["windowsPerStep"].Integer(1, phase.Windows),
            Region = map["region"].Integer(0, array.NodeCount),
        };
        if ((long)option.HeadParts * option.RowParts * option.ChannelParts != tiling.GroupSize)
            throw split.Error($"has {option.HeadParts}·{option.RowParts}·{option.ChannelParts} parts; a group has {tiling.GroupSize} nodes, one for each part.");
        if (option.PassThrough && option.Steps(phase) > 1)
            throw map["passThrough"].Error($"is true; weights can pass through only in a phase of one step, this one has {option.Steps(phase)}.");
        var slots = map.TryGet("windows", out var windows) ? windows.Each(1, LargestCount, slot => slot.Integer(0, LargestCount)) : null;
        return (option, slots);
    }

    private static Tiling Tiling(SpecificationMap map, PimArray array)
    {
        if (map.TryGet("run", out var runNode))
        {
            var run = runNode.AsMap().Allow("length", "first", "span");
            var (length, first) = (run["length"].Integer(1, array.NodeCount), run["first"].Integer(0, array.NodeCount - 1));
            return Partitioning.Tiling.Runs(length, first, run["span"].Integer(length, array.NodeCount - first));
        }

        var group = map["group"].AsMap().Allow("rows", "columns", "count");
        var (rows, columns) = (group["rows"].Integer(1, LargestSide), group["columns"].Integer(1, LargestSide));
        if (array.Rows % rows != 0 || array.Columns % columns != 0)
            throw group.Error($"is of {rows}x{columns} nodes, which does not tile the {array.Rows}x{array.Columns} array.");
        var tiling = Partitioning.Tiling.Rectangle(array, rows, columns);
        return tiling.First(group["count"].Integer(1, tiling.Groups));
    }

    private sealed record GroupLine(int Rows, int Columns, int Count);

    private sealed record RunLine(int Length, int First, int Span);

    private sealed record SplitLine(int Heads, int Rows, int Channels);

    private sealed record PhaseLine(
        string Block,
        string Kind,
        GroupLine? Group,
        RunLine? Run,
        SplitLine Split,
        int Sharing,
        bool Streamed,
        bool PassThrough,
        bool Interleaved,
        int WindowsPerStep,
        int Region,
        IReadOnlyList<int>? Windows);
}
