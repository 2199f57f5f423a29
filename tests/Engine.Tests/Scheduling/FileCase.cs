using Google.OrTools.LinearSolver;

namespace Engine.Tests.Scheduling;

/// <summary>Some of the solutions of a program's file, of one region.</summary>
/// <param name="Excluded">Columns that are 0.</param>
/// <param name="MostResident">Bytes of a node that are kept for the whole inference, at most.</param>
/// <param name="Counts">How many options are taken that keep so many bytes, at least and at most.</param>
internal sealed record FileCase(
    IReadOnlySet<string> Excluded, long MostResident, IReadOnlyDictionary<long, (int Least, int Most)> Counts)
{
    // Relative; what GLOP's values can be off by is far below.
    private const double Tolerance = 1e-6;

    /// <summary>All of them.</summary>
    public static FileCase All { get; } = new(new HashSet<string>(), long.MaxValue, new Dictionary<long, (int, int)>());

    /// <summary>
    /// Cases that hold every solution with an objective of at most <paramref name="limit"/>, with little left to search in them: the
    /// optimum of a file is the least of the cases', if that is within the limit.
    /// </summary>
    /// <remarks>
    /// What makes these programs hard for branch and bound are the memory rows over many equal blocks, where any one of a hundred columns
    /// can be the fraction. So the largest transient is told apart first (those above are excluded, and its bytes are no one's
    /// residents), then the number of options that keep so many bytes, as in branch and bound; the relaxation is GLOP's.
    /// </remarks>
    public static IEnumerable<FileCase> Within(ProgramFile file, long limit)
    {
        var beyond = BeyondReach(file, limit);
        var memory = file.Rows.Where(row => row.Key.StartsWith("memory.", StringComparison.Ordinal)).Select(row => row.Value).ToArray();
        var transients = memory.SelectMany(row => row.Terms)
            .Where(term => file.Binaries.Contains(term.Key) && !beyond.Contains(term.Key)).ToArray();
        return transients.Select(term => term.Value).Append(0).Distinct().Order().SelectMany(largest =>
        {
            var above = transients.Where(term => term.Value > largest).Select(term => term.Key);
            return new FileCase(beyond.Concat(above).ToHashSet(), memory[0].Limit - largest, All.Counts).Split(file, limit);
        });
    }

    /// <summary>Gives a solver the case.</summary>
    /// <param name="solver">An empty solver.</param>
    /// <param name="file">The file.</param>
    /// <param name="relaxed">
    /// Whether columns may be fractions. The rows say that no binary is above 1; a relaxation that hears it from the columns too has
    /// dual values for it, and smaller reduced costs.
    /// </param>
    /// <returns>The columns by name.</returns>
    public Dictionary<string, Variable> Load(Solver solver, ProgramFile file, bool relaxed)
    {
        var names = file.Rows.Values.SelectMany(row => row.Terms.Keys).Concat(file.Objective.Keys).Distinct();
        var columns = names.ToDictionary(name => name, Column);
        foreach (var (name, (terms, sense, limit)) in file.Rows)
            Row(sense == 'E' ? limit : double.NegativeInfinity, limit, name, terms);
        foreach (var (bytes, (least, most)) in Counts)
            Row(least, most, $"count.{bytes}", Keeping(file, bytes).ToDictionary(name => name, _ => 1L));
        foreach (var (column, coefficient) in file.Objective)
            solver.Objective().SetCoefficient(columns[column], coefficient);
        solver.Objective().SetMinimization();
        return columns;

        Variable Column(string name)
        {
            var isBinary = !relaxed && file.Binaries.Contains(name);
            return solver.MakeVar(0, MostOf(name) ?? (isBinary ? 1 : double.PositiveInfinity), isBinary, name);
        }

        void Row(double least, double most, string name, Dictionary<string, long> terms)
        {
            var row = solver.MakeConstraint(least, most, name);
            foreach (var (column, coefficient) in terms)
                row.SetCoefficient(columns[column], coefficient);
        }
    }

    /// <summary>What the case holds a column to; <see langword="null"/> where it is as the file says.</summary>
    public double? MostOf(string column) => Excluded.Contains(column) ? 0
        : MostResident < long.MaxValue && column.StartsWith("resident.", StringComparison.Ordinal) ? MostResident
        : null;

    /// <summary>The options that keep so many bytes.</summary>
    public static IEnumerable<string> Keeping(ProgramFile file, long bytes) =>
        Residents(file).Where(term => term.Value == bytes).Select(term => term.Key);

    private static IEnumerable<KeyValuePair<string, long>> Residents(ProgramFile file) =>
        file.Rows.Single(row => row.Key.StartsWith("residents.", StringComparison.Ordinal)).Value.Terms
            .Where(term => file.Binaries.Contains(term.Key));

    // Where the optimum of the relaxation and a column's reduced cost are together above the limit, so is every solution in which the
    // column is 1; without those columns the relaxation rules out more.
    private static HashSet<string> BeyondReach(ProgramFile file, long limit)
    {
        var beyond = new HashSet<string>();
        for (var before = -1; before < beyond.Count;)
        {
            before = beyond.Count;
            using var relaxation = Solver.CreateSolver("GLOP");
            var columns = (All with { Excluded = beyond }).Load(relaxation, file, relaxed: true);
            if (!Solve(relaxation))
                break;
            var bound = relaxation.Objective().Value();
            beyond.UnionWith(columns
                .Where(column => column.Value.SolutionValue() < Tolerance)
                .Where(column => bound + column.Value.ReducedCost() > limit * (1 + Tolerance))
                .Select(column => column.Key));
        }

        return beyond;
    }

    private IEnumerable<FileCase> Split(ProgramFile file, long limit)
    {
        using var relaxation = Solver.CreateSolver("GLOP");
        var columns = Load(relaxation, file, relaxed: true);
        if (!Solve(relaxation) || relaxation.Objective().Value() > limit * (1 + Tolerance))
            return [];
        var (bytes, count) = Residents(file).GroupBy(term => term.Value, term => columns[term.Key].SolutionValue())
            .Select(group => (group.Key, Count: group.Sum())).MaxBy(group => Math.Abs(group.Count - Math.Round(group.Count)));
        if (Math.Abs(count - Math.Round(count)) < Tolerance)
            return [this];
        var (least, most) = Counts.GetValueOrDefault(bytes, (0, file.Binaries.Count));
        var below = (int)Math.Floor(count);
        return With(least, below).Split(file, limit).Concat(With(below + 1, most).Split(file, limit));

        FileCase With(int least, int most) =>
            this with { Counts = new Dictionary<long, (int, int)>(Counts) { [bytes] = (least, most) } };
    }

    private static bool Solve(Solver relaxation) => relaxation.Solve() switch
    {
        Solver.ResultStatus.OPTIMAL => true,
        Solver.ResultStatus.INFEASIBLE => false,
        var status => throw new InvalidOperationException($"GLOP says {status}."),
    };
}
