namespace Allspark.Engine.Scheduling;

/// <summary>Why a solver gave no choice.</summary>
public enum SolverFailure
{
    /// <summary>Its library is missing on this machine, or cannot be loaded.</summary>
    NotAvailable,

    /// <summary>It ended without an answer, or with one that cannot be true.</summary>
    Failed,
}

/// <summary>A solver from outside could not do what was asked. The message is one line.</summary>
public sealed class SolverException : Exception
{
    /// <summary>Makes the exception.</summary>
    public SolverException(SolverFailure failure, string message, Exception? innerException = null)
        : base(message, innerException) => Failure = failure;

    /// <summary>Why the solver gave no choice.</summary>
    public SolverFailure Failure { get; }
}
