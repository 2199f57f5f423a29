using Allspark.Engine.Specifications;

namespace Allspark.Engine.Hardware;

/// <summary>Timing of the DRAM banks that belong to one node, in cycles of the memory clock.</summary>
public sealed record DramTiming
{
    /// <summary>tCK in seconds.</summary>
    public required double ClockPeriodSeconds { get; init; }

    /// <summary>tRCD: from activating a row to reading it.</summary>
    public required int RowToColumnCycles { get; init; }

    /// <summary>tRP: closing a row.</summary>
    public required int PrechargeCycles { get; init; }

    /// <summary>CL: from a read to its first data.</summary>
    public required int CasLatencyCycles { get; init; }

    /// <summary>tRAS: the shortest time a row stays open.</summary>
    public required int RowActiveCycles { get; init; }

    /// <summary>tREFI: from one refresh to the next.</summary>
    public required int RefreshIntervalCycles { get; init; }

    /// <summary>tRFC: what one refresh takes.</summary>
    public required int RefreshCycles { get; init; }

    /// <summary>Bytes of one open row.</summary>
    public required int RowBytes { get; init; }

    /// <summary>Banks that a node can have rows open in.</summary>
    public required int BanksPerNode { get; init; }

    /// <summary>tRCD + CL: what the first access to a closed row waits.</summary>
    public double AccessLatencySeconds => (RowToColumnCycles + CasLatencyCycles) * ClockPeriodSeconds;

    /// <summary>The share of the time that refresh leaves: 1 − tRFC / tREFI.</summary>
    public double RefreshAvailability => 1 - ((double)RefreshCycles / RefreshIntervalCycles);

    /// <summary>
    /// The share of a bandwidth that a long sequential stream attains. A bank is busy for max(tRAS, tRCD + t) + tRP with one row,
    /// t being the row's transfer time; b banks take turns, so a row costs the larger of t and a b-th of that. With one bank
    /// tRP + tRCD are exposed at every row; with many, t alone counts. Refresh takes its share of either.
    /// </summary>
    /// <param name="bandwidthBytesPerSecond">The bandwidth while a row is being read.</param>
    public double StreamingEfficiency(double bandwidthBytesPerSecond)
    {
        var transfer = RowBytes / bandwidthBytesPerSecond;
        var bankBusy = Math.Max(RowActiveCycles * ClockPeriodSeconds, (RowToColumnCycles * ClockPeriodSeconds) + transfer)
            + (PrechargeCycles * ClockPeriodSeconds);
        return transfer / Math.Max(transfer, bankBusy / BanksPerNode) * RefreshAvailability;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{BanksPerNode} banks of {new PhysicalQuantity(RowBytes, "B")} rows, {new PhysicalQuantity(AccessLatencySeconds, "s")} to a row that is closed";
}
