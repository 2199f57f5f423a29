using Allspark.Engine.Scheduling;

namespace Allspark.PowerShell.Completion;

/// <summary>Completes the names of solvers.</summary>
public sealed class SolverNameCompleter : NameCompleter
{
    private protected override IEnumerable<(string Name, string Description)> Candidates =>
        Scheduler.Solvers.Select(solver => (solver.Name, $"the solver {solver.Name}"));
}
