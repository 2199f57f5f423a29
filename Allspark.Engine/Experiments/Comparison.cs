using System.Globalization;

namespace Allspark.Engine.Experiments;

/// <summary>One result held against one reference.</summary>
public sealed record Comparison
{
    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>The array's name.</summary>
    public required string Array { get; init; }

    /// <summary>The partition scheme of the result.</summary>
    public required string Scheme { get; init; }

    /// <summary>The scheme or machine compared with, with the reading of its figures where there are several.</summary>
    public required string Reference { get; init; }

    /// <summary>The result's time for one inference.</summary>
    public required double LatencySeconds { get; init; }

    /// <summary>The reference's.</summary>
    public required double ReferenceLatencySeconds { get; init; }

    /// <summary>The result's energy for one inference.</summary>
    public required double EnergyJoules { get; init; }

    /// <summary>The reference's.</summary>
    public required double ReferenceEnergyJoules { get; init; }

    /// <summary>What a reader must know of the reference's figures; null where both were simulated alike.</summary>
    public string? Caveat { get; init; }

    /// <summary>Where the reference's figures are from; null where they were simulated.</summary>
    public string? Source { get; init; }

    /// <summary>How many times faster the result is than the reference.</summary>
    public double Speedup => ReferenceLatencySeconds / LatencySeconds;

    /// <summary>How many times less energy the result needs than the reference.</summary>
    public double EnergyRatio => ReferenceEnergyJoules / EnergyJoules;

    /// <summary>A result against another of the same model on the same array.</summary>
    /// <param name="result">The result.</param>
    /// <param name="reference">What it is held against.</param>
    /// <param name="alike">Whether model and array are known to be the same, whatever they are called.</param>
    /// <exception cref="ArgumentException">They are not of the same model, array and batch.</exception>
    public static Comparison Of(ResultPoint result, ResultPoint reference, bool alike = false)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(reference);
        if ((!alike && (result.Model != reference.Model || result.Array != reference.Array)) || result.Batch != reference.Batch)
            throw new ArgumentException(
                $"{result.Model} on {result.Array} cannot be compared with {reference.Model} on {reference.Array}", nameof(reference));
        return Build(result, reference.Scheme, reference.LatencySeconds, reference.EnergyJoules);
    }

    /// <summary>
    /// A result against a graphics processor, once for each reading of its published figures; of a batch against as many of the
    /// processor's images.
    /// </summary>
    /// <exception cref="ArgumentException">They are not of the same model and resolution.</exception>
    public static IReadOnlyList<Comparison> Of(ResultPoint result, GpuReference reference)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(reference);
        if (GpuReference.Find(reference.Machine, result.Model, result.Resolution)?.Model != reference.Model)
            throw new ArgumentException($"the reference {reference.Machine} for {reference.Model} is not one for {result.Model}", nameof(reference));

        Comparison Reading(string name, double seconds, string source) =>
            Build(result, $"{reference.Machine} ({name})", seconds, reference.BoardPowerWatts * seconds, result.Batch) with
            {
                Caveat = reference.Caveat,
                Source = source,
            };

        var batched = Reading("batched throughput", reference.BatchedImageSeconds, reference.Source);
        return reference.SingleImageSeconds is { } single
            ? [batched, Reading("single image", single, reference.SingleImageSource ?? reference.Source)]
            : [batched];
    }

    private static Comparison Build(ResultPoint result, string reference, double seconds, double joules, int batch = 1) => new()
    {
        Model = result.Model,
        Array = result.Array,
        Scheme = result.Scheme,
        Reference = reference,
        LatencySeconds = result.LatencySeconds,
        ReferenceLatencySeconds = seconds * batch,
        EnergyJoules = result.EnergyJoules,
        ReferenceEnergyJoules = joules * batch,
    };

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Model}, {Scheme}: {Speedup:F2} times as fast as {Reference}");
}
