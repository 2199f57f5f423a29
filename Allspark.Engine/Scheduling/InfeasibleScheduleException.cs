namespace Allspark.Engine.Scheduling;

/// <summary>No choice of options fits the nodes' memory.</summary>
public sealed class InfeasibleScheduleException : Exception
{
    /// <summary>Creates the exception for the phase that binds.</summary>
    public InfeasibleScheduleException(string phase, long neededBytes, long capacityBytes)
        : base($"The schedule needs at least {neededBytes:N0} bytes on the fullest node, which has {capacityBytes:N0}: {neededBytes - capacityBytes:N0} bytes are missing. "
            + $"The phase that binds is {phase}. Use an array with more memory per node or more nodes, a lower precision, or a smaller model.") =>
        (Phase, NeededBytes, CapacityBytes) = (phase, neededBytes, capacityBytes);

    /// <summary>The phase that binds.</summary>
    public string Phase { get; }

    /// <summary>Least memory that any choice needs, in bytes.</summary>
    public long NeededBytes { get; }

    /// <summary>Memory of a node, in bytes.</summary>
    public long CapacityBytes { get; }

    /// <summary>Bytes that are missing.</summary>
    public long MissingBytes => NeededBytes - CapacityBytes;
}
