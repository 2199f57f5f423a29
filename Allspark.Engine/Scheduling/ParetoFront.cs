namespace Allspark.Engine.Scheduling;

/// <summary>The schedules that trade latency against energy and memory best: corners of the convex front of latency and energy at falling memory.</summary>
/// <param name="program">A program of least latency.</param>
/// <param name="solver">Solves each weighting.</param>
/// <param name="settings">Settings of the solver, but for the time limit.</param>
/// <param name="resolution">Step by which what is shown differs; see <see cref="CornerSearch"/>.</param>
/// <param name="clock">The time for all of it.</param>
internal sealed class ParetoFront(ScheduleProgram program, IScheduleSolver solver, SolverSettings settings, double resolution, Clock clock)
{
    private readonly List<(SolverResult Result, Coefficient Value, long Memory)> _rows = [];

    /// <summary>The choices, those of a memory size as soon as it is done with, by latency.</summary>
    /// <param name="progress">Told the part done, from 0 to 1.</param>
    public IEnumerable<SolverResult> Rows(Action<double> progress)
    {
        var sizes = Sizes();
        for (var size = 0; size < sizes.Count && (size == 0 || !clock.IsUp); size++)
        {
            var first = _rows.Count;
            // A little more memory is as good, but for the least that there is.
            var likeIt = size == sizes.Count - 1 ? sizes[size] : sizes[size] * (1 + resolution);
            AddRows(sizes[size], _rows.Where(row => row.Memory <= likeIt), done => progress((size + done) / sizes.Count));
            progress((size + 1.0) / sizes.Count);
            for (var row = first; row < _rows.Count; row++)
                yield return _rows[row].Result;
        }
    }

    private List<long> Sizes()
    {
        var least = MemoryFloor.Of(program).Bytes;
        List<long> sizes = [program.CapacityBytes];
        while (sizes[^1] > least)
            sizes.Add(Math.Max(least, sizes[^1] / 2));
        return sizes;
    }

    private void AddRows(long capacity, IEnumerable<(SolverResult Result, Coefficient Value, long Memory)> shown, Action<double> progress)
    {
        var sized = program with { CapacityBytes = capacity };
        var known = settings with { Known = [.. _rows.Select(row => row.Result.Choice)] };
        var front = new ConvexFront(sized, solver, known, clock);
        var search = new CornerSearch(front, resolution, shown.Select(row => row.Value), clock);
        foreach (var point in search.Search(ends: _rows.Count == 0, progress))
            _rows.Add((new SolverResult(point.Choice, Report(point)), point.Value, program.MemoryOf(point.Choice)));
    }

    // Best under its weighting, a corner is the fastest of all that need no more energy.
    private static SolverReport Report(FrontPoint point) => point.Report with
    {
        Objective = point.Value.Objective,
        Bound = point.Report.Status == SolverStatus.Optimal ? point.Value.Objective : 0,
    };
}
