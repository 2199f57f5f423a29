using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Scheduling;

namespace Engine.Tests.Scheduling;

/// <summary>Programs of few phases, few options and small integers, so that ties and tight memory are common.</summary>
internal static class RandomProgram
{
    private static readonly PimArray s_array = ArrayCatalog.Get("stack-4x4");
    private static readonly Workload s_workload = Partitioner.Split(ModelCatalog.Get("swin_t"), s_array);

    /// <summary>Every choice of one option for each phase.</summary>
    public static IEnumerable<int[]> Choices(ScheduleProgram program) => program.Phases.Aggregate(
        (IEnumerable<int[]>)[[]],
        (choices, phase) => choices.SelectMany(choice => Enumerable.Range(0, phase.Options.Count).Select(option => (int[])[.. choice, option])));

    /// <summary>The best value of any choice that fits, by every combination of layout, residents and largest transient there is; one region.</summary>
    public static Coefficient? BestByEnumeration(ScheduleProgram program)
    {
        var states = new Dictionary<(int Layout, long Resident, long Transient), Coefficient> { [(0, 0, 0)] = default };
        foreach (var phase in program.Phases)
        {
            var next = new Dictionary<(int Layout, long Resident, long Transient), Coefficient>();
            foreach (var (state, value) in states)
            {
                foreach (var option in phase.Options)
                {
                    var key = (option.LayoutClass, state.Resident + option.ResidentBytes, Math.Max(state.Transient, option.TransientBytes));
                    var total = value + phase.TransitionFrom(state.Layout, option.LayoutClass) + option.Coefficient;
                    if (key.Item2 + key.Item3 <= program.CapacityBytes && (!next.TryGetValue(key, out var known) || total < known))
                        next[key] = total;
                }
            }

            states = next;
        }

        return states.Select(end => (Coefficient?)(end.Value + program.TransitionsOut[end.Key.Layout])).Min();
    }

    /// <summary>The lower left of the convex hull, from least latency to least energy, points on an edge left out.</summary>
    public static List<Coefficient> Hull(Coefficient[] points)
    {
        List<Coefficient> hull = [points.Min()];
        var end = points.MinBy(point => (point.TieBreak, point.Objective));
        while (hull[^1] != end)
        {
            var from = hull[^1];
            hull.Add(points.Where(point => point.Objective > from.Objective && point.TieBreak < from.TieBreak)
                .MinBy(point => (-(double)(from.TieBreak - point.TieBreak) / (point.Objective - from.Objective), -point.Objective)));
        }

        return hull;
    }

    public static ScheduleProgram Make(int seed, int regions, int mostPhases = 6)
    {
        var random = new Random(seed);
        var tilings = Tiling.Rectangles(s_array);
        var phases = new List<ProgramPhase>();
        var count = random.Next(regions, mostPhases + 1);
        for (var p = 0; p < count; p++)
        {
            var layouts = random.Next(1, 4);
            var options = Enumerable.Range(0, random.Next(layouts, 6)).Select(o => Option(random, tilings, o < layouts ? o : random.Next(layouts))).ToArray();
            phases.Add(new ProgramPhase
            {
                Phase = s_workload.Phases[p],
                Options = options,
                GeneratedOptions = options.Length,
                Layouts = [.. tilings.Take(layouts)],
                Region = p * regions / count,
                TransitionsIn = [.. Enumerable.Range(0, layouts * (p == 0 ? 1 : phases[p - 1].Layouts.Count)).Select(_ => new Coefficient(random.Next(8), random.Next(3)))],
            });
        }

        return new ScheduleProgram
        {
            Workload = s_workload,
            Objective = ScheduleObjective.Latency,
            Phases = phases,
            TransitionsOut = [.. phases[^1].Layouts.Select(_ => new Coefficient(random.Next(4), random.Next(3)))],
            CapacityBytes = random.Next(8, 45) * (mostPhases / 6),
        };
    }

    private static ProgramOption Option(Random random, IReadOnlyList<Tiling> tilings, int layout)
    {
        var objective = random.Next(20);
        var cost = new PhaseCost
        {
            LatencySeconds = objective,
            ComputeSeconds = objective,
            ExchangeSeconds = 0,
            FetchSeconds = 0,
            TemporalLayers = 1,
            Chunks = 1,
            ResidentBytes = random.Next(12),
            TransientBytes = random.Next(10),
            DramBytes = 0,
            NocByteHops = 0,
            OffStackBytes = 0,
            Energy = default,
        };
        return new ProgramOption(new PhaseOption { Tiling = tilings[layout], HeadParts = tilings[layout].GroupSize }, cost, layout, new Coefficient(objective, random.Next(5)));
    }
}
