namespace Allspark.Engine.Placement;

/// <summary>Searches of a <see cref="PlacementProblem"/>. All keep the number of windows on each slot.</summary>
public static class PlacementSearch
{
    private const int MostSweeps = 8;

    /// <summary>
    /// Greedy binding and pairwise exchange, phase by phase from the structured layout, until a sweep over all phases changes nothing.
    /// </summary>
    /// <param name="problem">The problem.</param>
    /// <param name="accept">Asked before a phase (by index) takes new slots; everything is accepted if omitted.</param>
    /// <param name="stop">Asked before each phase; the search ends with what it has.</param>
    public static int[][] Bind(PlacementProblem problem, Func<int, int[], bool>? accept = null, Func<bool>? stop = null)
    {
        ArgumentNullException.ThrowIfNull(problem);
        var slots = problem.Structured();
        var changed = true;
        for (var sweep = 0; sweep < MostSweeps && changed; sweep++)
        {
            changed = false;
            for (var phase = 0; phase < slots.Length; phase++)
            {
                if (stop?.Invoke() == true)
                    return slots;
                if (!problem.IsMovable(phase))
                    continue;
                var costs = problem.CostMatrix(phase, slots);
                var bound = Better(problem, phase, slots, costs);
                if (bound is null || accept?.Invoke(phase, bound) == false)
                    continue;
                (slots[phase], changed) = (bound, true);
            }
        }

        return slots;
    }

    /// <summary>Windows by decreasing volume, each to the cheapest slot that has room; of equal ones the first.</summary>
    public static int[] Greedy(PlacementProblem problem, int phase, ReadOnlySpan<long> costs)
    {
        ArgumentNullException.ThrowIfNull(problem);
        var (volumes, room) = (problem.VolumesOf(phase), problem.RoomOf(phase));
        var slots = new int[volumes.Length];
        foreach (var share in Enumerable.Range(0, slots.Length).OrderByDescending(share => volumes[share]).ThenBy(share => share).ToArray())
        {
            var best = -1;
            for (var slot = 0; slot < room.Length; slot++)
            {
                if (room[slot] > 0 && (best < 0 || costs[share * room.Length + slot] < costs[share * room.Length + best]))
                    best = slot;
            }

            slots[share] = best;
            room[best]--;
        }

        return slots;
    }

    /// <summary>Lets windows trade slots while that lowers the cost.</summary>
    public static void Exchange(int[] slots, ReadOnlySpan<long> costs)
    {
        ArgumentNullException.ThrowIfNull(slots);
        var groups = costs.Length / slots.Length;
        for (var improved = true; improved;)
        {
            improved = false;
            for (var first = 0; first < slots.Length; first++)
            {
                for (var second = first + 1; second < slots.Length; second++)
                {
                    var (one, two) = (slots[first], slots[second]);
                    if (costs[first * groups + two] + costs[second * groups + one] >= costs[first * groups + one] + costs[second * groups + two])
                        continue;
                    (slots[first], slots[second], improved) = (two, one, true);
                }
            }
        }
    }

    /// <summary>Simulated annealing over trades, from the structured layout: the same seed gives the same placement.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="seed">Seed of the random numbers.</param>
    /// <param name="steps">Trades tried.</param>
    public static int[][] Anneal(PlacementProblem problem, int seed, int steps = 100_000)
    {
        ArgumentNullException.ThrowIfNull(problem);
        var random = new Random(seed);
        var slots = problem.Structured();
        var movable = Enumerable.Range(0, problem.Count).Where(problem.IsMovable).ToArray();
        if (movable.Length == 0)
            return slots;
        var (cost, best, kept) = (0L, 0L, Copy(slots));
        var hot = Math.Max(1, Enumerable.Range(0, 200).Average(_ => Math.Abs((double)Trade().Saving)) / 20);
        for (var step = 0; step < steps; step++)
        {
            var (phase, first, second, saving) = Trade();
            // Cool enough from the start not to undo the structured layout, down to a thousandth of that.
            if (saving < 0 && random.NextDouble() >= Math.Exp(saving / (hot * Math.Pow(1e-3, (double)step / steps))))
                continue;
            (slots[phase][first], slots[phase][second]) = (slots[phase][second], slots[phase][first]);
            cost -= saving;
            if (cost < best)
                (best, kept) = (cost, Copy(slots));
        }

        return kept;

        (int Phase, int First, int Second, long Saving) Trade()
        {
            var phase = movable[random.Next(movable.Length)];
            var (first, second) = (random.Next(slots[phase].Length), random.Next(slots[phase].Length));
            return (phase, first, second, problem.Saving(phase, first, second, slots));
        }
    }

    // The better of a greedy binding and the present one, both after exchange; null where neither is better than the present one.
    private static int[]? Better(PlacementProblem problem, int phase, int[][] slots, long[] costs)
    {
        var greedy = Greedy(problem, phase, costs);
        var present = (int[])slots[phase].Clone();
        Exchange(greedy, costs);
        Exchange(present, costs);
        var before = Cost(slots[phase], costs);
        var better = Cost(greedy, costs) < Cost(present, costs)
            || (Cost(greedy, costs) == Cost(present, costs) && HeaviestLink(greedy) < HeaviestLink(present)) ? greedy : present;
        return Cost(better, costs) < before ? better : null;

        long HeaviestLink(int[] bound)
        {
            int[][] all = [.. slots];
            all[phase] = bound;
            return problem.CostOf(all).HeaviestLinkBytes;
        }
    }

    private static long Cost(int[] slots, long[] costs)
    {
        var sum = 0L;
        for (var share = 0; share < slots.Length; share++)
            sum += costs[share * (costs.Length / slots.Length) + slots[share]];
        return sum;
    }

    private static int[][] Copy(int[][] slots) => Array.ConvertAll(slots, phase => (int[])phase.Clone());
}
