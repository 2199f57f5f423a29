namespace Allspark.Engine.Scheduling;

/// <summary>A solver of the schedule program.</summary>
public interface IScheduleSolver
{
    /// <summary>Name of the solver.</summary>
    string Name { get; }

    /// <summary>Version of a solver from outside; <see langword="null"/> for those that are part of the engine.</summary>
    string? Version => null;

    /// <summary>Chooses one option for each phase.</summary>
    /// <exception cref="InfeasibleScheduleException">No choice fits the nodes' memory.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    SolverResult Solve(ScheduleProgram program, SolverSettings settings, CancellationToken cancellationToken);
}
