namespace Allspark.Engine.Scheduling;

/// <summary>What a solver can say of its choice.</summary>
public enum SolverStatus
{
    /// <summary>Proven: no choice has a lower objective.</summary>
    Optimal,

    /// <summary>Fits, without a proof that it is the best.</summary>
    Feasible,

    /// <summary>Given from outside: that it fits is for the legality check to say, and nothing is known of how good it is.</summary>
    Given,
}
