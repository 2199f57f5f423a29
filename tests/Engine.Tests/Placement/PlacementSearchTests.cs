using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Placement;
using Allspark.Engine.Scheduling;
using Allspark.Engine.Simulation;
using Allspark.Engine.Verification;
using Allspark.Engine.Verification.Numeric;
using Engine.Tests.Verification.Numeric;
using Xunit;

namespace Engine.Tests.Placement;

[Trait("Speed", "Slow")]
public sealed class PlacementSearchTests
{
    private static readonly Scheduler s_scheduler = new();

    [Fact]
    public void AssignmentEqualsBruteForce()
    {
        var random = new Random(3);
        for (var run = 0; run < 40; run++)
        {
            int[][] rooms = [[1, 1, 1, 1], [2, 1, 2], [3, 3], [1, 2, 1, 1, 1]];
            var room = rooms[run % rooms.Length];
            var items = room.Sum();
            var costs = Enumerable.Range(0, items * room.Length).Select(_ => (long)random.Next(-20, 100)).ToArray();
            var (slots, cost) = Assignment.Least(costs, room);

            Assert.Equal(room, Enumerable.Range(0, room.Length).Select(slot => slots.Count(taken => taken == slot)));
            Assert.Equal(cost, slots.Index().Sum(item => costs[item.Index * room.Length + item.Item]));
            Assert.Equal(Cheapest(costs, room, 0), cost);
        }
    }

    private static long Cheapest(long[] costs, int[] room, int item)
    {
        if (item * room.Length == costs.Length)
            return 0;
        var best = long.MaxValue;
        for (var slot = 0; slot < room.Length; slot++)
        {
            if (room[slot] == 0)
                continue;
            int[] left = [.. room];
            left[slot]--;
            best = Math.Min(best, costs[item * room.Length + slot] + Cheapest(costs, left, item + 1));
        }

        return best;
    }

    public static TheoryData<string, Topology> Problems => new()
    {
        { "swin_t", Topology.Mesh },
        { "swin_t", Topology.Torus },
        { "twins_svt_s", Topology.Mesh },
    };

    [Theory]
    [MemberData(nameof(Problems))]
    public void GreedyBindingAndExchangeAreWithinATenthOfTheExactAssignment(string model, Topology topology)
    {
        var problem = Problem(model, topology);
        var slots = problem.Random(1);
        var (bound, least) = (0L, 0L);
        foreach (var phase in Enumerable.Range(0, problem.Count).Where(problem.IsMovable))
        {
            var costs = problem.CostMatrix(phase, slots);
            var greedy = PlacementSearch.Greedy(problem, phase, costs);
            var groups = problem.RoomOf(phase).Length;
            var before = Cost(greedy);
            PlacementSearch.Exchange(greedy, costs);
            Assert.True(Cost(greedy) <= before);
            Assert.Equal(problem.RoomOf(phase), Enumerable.Range(0, groups).Select(slot => greedy.Count(taken => taken == slot)));
            bound += Cost(greedy);
            least += Assignment.Least(costs, problem.RoomOf(phase)).Cost;
            Assert.InRange(Cost(greedy), Assignment.Least(costs, problem.RoomOf(phase)).Cost, long.MaxValue);

            long Cost(int[] taken) => taken.Index().Sum(share => costs[share.Index * groups + share.Item]);
        }

        Assert.InRange(bound, least, least * 1.1);
    }

    [Theory]
    [MemberData(nameof(Problems))]
    public void ATradeSavesWhatTheCostFallsBy(string model, Topology topology)
    {
        var problem = Problem(model, topology);
        var slots = problem.Random(5);
        var random = new Random(11);
        var movable = Enumerable.Range(0, problem.Count).Where(problem.IsMovable).ToArray();
        Assert.NotEmpty(movable);
        for (var trade = 0; trade < 20; trade++)
        {
            var phase = movable[random.Next(movable.Length)];
            var (first, second) = (random.Next(slots[phase].Length), random.Next(slots[phase].Length));
            var (before, saving) = (problem.CostOf(slots).ByteHops, problem.Saving(phase, first, second, slots));
            (slots[phase][first], slots[phase][second]) = (slots[phase][second], slots[phase][first]);
            Assert.Equal(before - saving, problem.CostOf(slots).ByteHops);
        }
    }

    [Theory]
    [MemberData(nameof(Problems))]
    public void PlacementsCompareAsTheyMust(string model, Topology topology)
    {
        var schedule = Schedule(model, topology);
        var comparison = schedule.ComparePlacements(7);

        Assert.Equal(comparison.Structured, comparison.Scheduled);
        Assert.True(comparison.Bound.ByteHops <= comparison.Structured.ByteHops);
        Assert.True(comparison.Annealed.ByteHops <= comparison.Structured.ByteHops);
        Assert.True(comparison.Structured.ByteHops < comparison.Random.ByteHops);
        Assert.NotNull(comparison.GilmoreLawlerByteHops);
        Assert.All(
            [comparison.Bound, comparison.Raster, comparison.Random, comparison.Annealed],
            cost => Assert.InRange(cost.ByteHops, comparison.LowerBoundByteHops, long.MaxValue));
        Assert.Equal(comparison, schedule.ComparePlacements(7));
        Assert.NotEqual(comparison.Random, schedule.ComparePlacements(8).Random);
    }

    [Theory]
    [MemberData(nameof(Problems))]
    public void ABoundScheduleIsLegalAndNoSlowerInTimeAndEnergy(string model, Topology topology)
    {
        var schedule = Schedule(model, topology);
        var bound = s_scheduler.Bind(schedule);

        Assert.Empty(LegalityChecker.Check(bound).Findings);
        Assert.Equal(schedule.Phases.Select(phase => phase.Option), bound.Phases.Select(phase => phase.Option));
        Assert.True(Seconds(bound) <= Seconds(schedule) * (1 + 1e-12));
        Assert.True(Moves(bound).Sum(move => move.NocByteHops) <= Moves(schedule).Sum(move => move.NocByteHops) * (1 + 1e-12));
        Assert.All(bound.Phases, phase => Assert.True(phase.Placement.IsLegal(phase.Phase)));
        Assert.Equal(
            bound.Placement.Select(placement => placement.WindowSlots.ToArray()),
            s_scheduler.Bind(schedule).Placement.Select(placement => placement.WindowSlots.ToArray()));
    }

    // Bound as if time did not matter, so that windows do change places, the network still computes what it should.
    [Fact]
    public void WindowsThatChangedPlacesComputeTheSame()
    {
        var schedule = TinyNetworks.Schedule(TinyNetworks.Get("shifted"), PartitionScheme.Allspark);
        var problem = new PlacementProblem(schedule.Array, [.. schedule.Phases.Select(phase => (phase.Phase, phase.Option.Tiling))], schedule.Model.Precision);
        var slots = problem.Random(2);
        Assert.Contains(Enumerable.Range(0, problem.Count), phase => !slots[phase].SequenceEqual(problem.Structured()[phase]));
        var moved = schedule with
        {
            Phases = schedule.Phases.Select((phase, p) => phase with { Placement = phase.Placement with { WindowSlots = slots[p] } }).ToArray(),
        };
        var report = NumericChecker.Check(moved);
        Assert.True(report.Passed, string.Join('\n', report.Findings));
    }

    private static PlacementProblem Problem(string model, Topology topology)
    {
        var schedule = Schedule(model, topology);
        return new PlacementProblem(schedule.Array, [.. schedule.Phases.Select(phase => (phase.Phase, phase.Option.Tiling))], schedule.Model.Precision);
    }

    private static Schedule Schedule(string model, Topology topology)
    {
        var array = ArrayCatalog.Get("stack-8x8");
        array = array with { InterconnectSpec = array.InterconnectSpec with { Topology = topology } };
        return s_scheduler.Schedule(Partitioner.Split(ModelCatalog.Get(model, 224), array), new ExactSolver());
    }

    private static IEnumerable<TransitionCost> Moves(Schedule schedule) => schedule.Phases.Select(phase => phase.Transition).Append(schedule.Output);

    private static double Seconds(Schedule schedule) => Moves(schedule).Sum(move => move.LatencySeconds);
}
