namespace Allspark.Engine.Scheduling;

/// <summary>The convex front of latency and energy: the choices that are best under some weighting of the two.</summary>
/// <remarks>
/// Dichotomic search (Aneja and Nair, Bicriteria transportation problem, Management Science 25, 1979): between two corners, the weighting
/// under which both are equally good is solved; what is better than both is a new corner, otherwise there is none between them.
/// Each solution proves a line below which no choice lies. The product of latency and energy is quasi-concave, so that its minimum over
/// all choices is at a corner, and over the triangle between two corners and the meeting point of their lines at one of the three.
/// </remarks>
internal sealed class ConvexFront
{
    /// <summary>What rounding a weighted program's coefficients can be off by, relative to its objective.</summary>
    public const double Rounding = 1e-11;

    // 10⁻¹² s · 10⁻¹² J in 10⁻¹⁵ J·s.
    private const double PerUnit = 1e-9;

    private readonly ScheduleProgram _program;
    private readonly IScheduleSolver _solver;
    private readonly SolverSettings _settings;
    private readonly Clock _clock;

    /// <param name="program">A program of least latency.</param>
    /// <param name="solver">Solves each weighting.</param>
    /// <param name="settings">What the solver is given each time, but for the time that is left.</param>
    /// <param name="clock">The time for all of them together.</param>
    public ConvexFront(ScheduleProgram program, IScheduleSolver solver, SolverSettings settings, Clock clock) =>
        (_program, _solver, _settings, _clock) = (program, solver, settings, clock);

    private ConvexFront(ScheduleProgram program, IScheduleSolver solver, SolverSettings settings, CancellationToken cancellationToken)
        : this(program, solver, settings, new Clock(settings.TimeLimit, cancellationToken))
    {
    }

    /// <summary>Whether every solution so far was proven optimal.</summary>
    private bool Proven { get; set; } = true;

    /// <summary>The choice of least latency · energy.</summary>
    /// <param name="program">A program of least latency.</param>
    /// <param name="solver">Solves each weighting.</param>
    /// <param name="settings">The time limit is for all of them together.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>The choice; objective and bound in femtojoule-seconds.</returns>
    public static SolverResult LeastProduct(ScheduleProgram program, IScheduleSolver solver, SolverSettings settings, CancellationToken cancellationToken) =>
        new ConvexFront(program, solver, settings, cancellationToken).LeastProduct();

    /// <summary>The corners on either side of an energy limit, and whether it is proven that there is none between them.</summary>
    /// <param name="program">A program whose ties energy breaks.</param>
    /// <param name="limit">The limit in picojoules.</param>
    /// <param name="fastest">The optimum, which is above the limit.</param>
    /// <param name="thriftiest">The choice of least energy, which is not.</param>
    /// <param name="solver">Solves each weighting.</param>
    /// <param name="settings">The time limit is for all of them together.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public static (FrontPoint Above, FrontPoint Below, bool Proven) Around(
        ScheduleProgram program, long limit, SolverResult fastest, SolverResult thriftiest,
        IScheduleSolver solver, SolverSettings settings, CancellationToken cancellationToken)
    {
        var front = new ConvexFront(program, solver, settings, cancellationToken) { Proven = fastest.Report.Status == SolverStatus.Optimal };
        var (above, below) = (front.EndOf(fastest, 1, 0), front.EndOf(thriftiest, 0, 1));
        while (front.Between(above, below) is { } corner)
            (above, below) = corner.Value.TieBreak > limit ? (corner, below) : (above, corner);
        return (above, below, front.Proven);
    }

    /// <summary>The weights under which two choices are equally good.</summary>
    public static (double PerObjective, double PerEnergy) WeightsBetween(Coefficient fast, Coefficient thrifty) =>
        (fast.TieBreak - thrifty.TieBreak, thrifty.Objective - fast.Objective);

    /// <summary>Latency · energy of a choice in femtojoule-seconds.</summary>
    /// <param name="value">Picoseconds and picojoules.</param>
    public static long ProductOf(Coefficient value) => Units((double)value.Objective * value.TieBreak);

    private SolverResult LeastProduct()
    {
        var (left, right) = Ends();
        var best = Product(left) <= Product(right) ? left : right;
        var open = new PriorityQueue<(FrontPoint Left, FrontPoint Right), double>();
        Open(left, right);
        while (open.TryPeek(out var between, out var bound) && bound < Product(best) * (1 - Rounding) && !_clock.IsUp)
        {
            open.Dequeue();
            if (Between(between.Left, between.Right) is not { } corner)
                continue;
            if (Product(corner) < Product(best))
                best = corner;
            Open(between.Left, corner);
            Open(corner, between.Right);
        }

        var least = open.TryPeek(out _, out var rest) && rest < Product(best) * (1 - Rounding) ? rest : Product(best);
        var objective = Units(Product(best));
        return new SolverResult(best.Choice, Report(objective, Proven ? Units(least) : Math.Min(Units(least), Units(Apex(left, right)))));

        void Open(FrontPoint a, FrontPoint b)
        {
            if (a.Value != b.Value)
                open.Enqueue((a, b), Apex(a, b));
        }
    }

    /// <summary>The choices of least latency and of least energy.</summary>
    public (FrontPoint Left, FrontPoint Right) Ends() =>
        (EndOf(Solve(_program, []), 1, 0), EndOf(Solve(WeightedProgram.OfEnergy(_program), []), 0, 1));

    private FrontPoint EndOf(SolverResult result, double perObjective, double perEnergy) =>
        new(result.Choice, _program.ValueOf(result.Choice), new SupportLine(perObjective, perEnergy, result.Report.Bound), result.Report);

    /// <summary>The corner furthest below the line through two corners; <see langword="null"/> where there is none, or no time to look.</summary>
    public FrontPoint? Between(FrontPoint left, FrontPoint right)
    {
        if (_clock.IsUp)
        {
            Proven = false;
            return null;
        }

        var (perPicosecond, perPicojoule) = WeightsBetween(left.Value, right.Value);
        if (perPicosecond <= 0 || perPicojoule <= 0)
            return null;
        var weighted = WeightedProgram.Of(_program, perPicosecond, perPicojoule, left.Value, out var unit);
        var result = Solve(weighted, [left.Choice, right.Choice]);
        var value = _program.ValueOf(result.Choice);
        var onLine = Weighted(left.Value);
        return Weighted(value) < onLine * (1 - Rounding)
            ? new FrontPoint(result.Choice, value, new SupportLine(perPicosecond, perPicojoule, result.Report.Bound * unit), result.Report)
            : null;

        double Weighted(Coefficient point) => (perPicosecond * point.Objective) + (perPicojoule * point.TieBreak);
    }

    private SolverResult Solve(ScheduleProgram program, IEnumerable<IReadOnlyList<int>> known)
    {
        var settings = _settings with { TimeLimit = _clock.Rest, Known = [.. _settings.Known, .. known] };
        var result = _solver.Solve(program, settings, _clock.CancellationToken);
        Proven &= result.Report.Status == SolverStatus.Optimal;
        return result;
    }

    private SolverReport Report(long objective, long bound) => new()
    {
        Name = _solver.Name,
        Version = _solver.Version,
        Status = Proven && bound >= objective ? SolverStatus.Optimal : SolverStatus.Feasible,
        Objective = objective,
        Bound = Math.Min(objective, bound),
        SolveSeconds = _clock.Elapsed.TotalSeconds,
        Seed = _settings.Seed,
    };

    private static double Product(FrontPoint point) => (double)point.Value.Objective * point.Value.TieBreak;

    private static double Apex(FrontPoint left, FrontPoint right)
    {
        var (picoseconds, picojoules) = left.Line.Meet(right.Line);
        return Math.Max(0, picoseconds) * Math.Max(0, picojoules);
    }

    private static long Units(double product) => (long)Math.Round(product * PerUnit, MidpointRounding.AwayFromZero);
}
