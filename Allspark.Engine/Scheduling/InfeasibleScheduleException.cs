namespace Allspark.Engine.Scheduling;

/// <summary>No choice of options fits the nodes' memory.</summary>
public sealed class InfeasibleScheduleException : Exception
{
    private const int MostNamed = 4;

    /// <summary>Creates the exception.</summary>
    /// <param name="phases">Phases that do not fit together, of which none can be left out.</param>
    /// <param name="phase">The one of them that needs most.</param>
    /// <param name="neededBytes">Least memory that any choice needs.</param>
    /// <param name="capacityBytes">Memory of a node.</param>
    /// <param name="remedy">What would fit; <see langword="null"/> where that was not looked for.</param>
    public InfeasibleScheduleException(IReadOnlyList<string> phases, string phase, long neededBytes, long capacityBytes, string? remedy = null)
        : base($"The schedule needs at least {neededBytes:N0} bytes on the fullest node, which has {capacityBytes:N0}: {neededBytes - capacityBytes:N0} bytes are missing. "
            + $"{Binding(phases, phase)} {remedy ?? "Use an array with more memory per node or more nodes, a lower precision, or a smaller model."}") =>
        (Phases, Phase, NeededBytes, CapacityBytes) = (phases.ToArray().AsReadOnly(), phase, neededBytes, capacityBytes);

    /// <summary>Phases that do not fit together; without any of them the others would.</summary>
    public IReadOnlyList<string> Phases { get; }

    /// <summary>The one of <see cref="Phases"/> that needs most.</summary>
    public string Phase { get; }

    /// <summary>Least memory that any choice needs, in bytes.</summary>
    public long NeededBytes { get; }

    /// <summary>Memory of a node, in bytes.</summary>
    public long CapacityBytes { get; }

    /// <summary>Bytes that are missing.</summary>
    public long MissingBytes => NeededBytes - CapacityBytes;

    private static string Binding(IReadOnlyList<string> phases, string phase) => phases.Count == 1
        ? $"{phase} alone does not fit."
        : $"{phases.Count} phases do not fit together, {phase} above all: {string.Join(", ", phases.Take(MostNamed))}{(phases.Count > MostNamed ? ", …" : "")}.";
}
