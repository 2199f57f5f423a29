namespace Allspark.Engine.Scheduling;

/// <summary>A solver of the schedule program.</summary>
public interface IScheduleSolver
{
    /// <summary>Name of the solver.</summary>
    string Name { get; }

    /// <summary>Chooses one option for each phase.</summary>
    /// <exception cref="InfeasibleScheduleException">No choice fits the nodes' memory.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    SolverResult Solve(ScheduleProgram program, SolverSettings settings, CancellationToken cancellationToken);
}
