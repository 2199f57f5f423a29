using Allspark.Engine.Simulation;

namespace Allspark.Engine.Experiments;

/// <summary>One result, whether just measured or read from a store: what it is of, and its figures by name.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Array">The array's name.</param>
/// <param name="Scheme">The partition scheme.</param>
/// <param name="Metrics">Its figures by name (<see cref="MetricName"/>).</param>
public sealed record ResultPoint(string Model, string Array, string Scheme, IReadOnlyDictionary<string, double> Metrics)
{
    /// <summary>Seconds for one inference.</summary>
    /// <exception cref="ArgumentException">The result has none, such as that of a run that failed.</exception>
    public double LatencySeconds => Metric(MetricName.LatencySeconds);

    /// <summary>Joules for one inference.</summary>
    /// <exception cref="ArgumentException">The result has none.</exception>
    public double EnergyJoules => Metric(MetricName.EnergyJoules);

    /// <summary>Images computed together; 1 in results of before batches were.</summary>
    public int Batch => Metrics.TryGetValue(MetricName.Batch, out var images) ? (int)images : 1;

    /// <summary>The side of the image in pixels, where it is known.</summary>
    public int? Resolution => Metrics.TryGetValue(MetricName.InputHeight, out var height) ? (int)height : null;

    /// <summary>A measurement's.</summary>
    public static ResultPoint Of(Measurement measurement)
    {
        ArgumentNullException.ThrowIfNull(measurement);
        return new ResultPoint(
            measurement.Model.Name,
            measurement.Array.Name,
            measurement.Scheme.ToString(),
            MeasurementLog.Metrics(measurement).ToDictionary(metric => metric.Name, metric => metric.Value, StringComparer.Ordinal));
    }

    /// <summary>A logged run's.</summary>
    public static ResultPoint Of(Run run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return new ResultPoint(run.Model, run.Array, run.Scheme, run.Metrics);
    }

    /// <summary>One figure.</summary>
    /// <exception cref="ArgumentException">The result has none of that name.</exception>
    public double Metric(string name) => Metrics.TryGetValue(name, out var value)
        ? value
        : throw new ArgumentException($"the result of {Model} under {Scheme} has no {name}", nameof(name));
}
