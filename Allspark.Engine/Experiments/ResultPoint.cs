using System.Globalization;
using System.Text.Json;
using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Scheduling;
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

    /// <summary>
    /// All that is known of it besides model, array and scheme: metrics with their units, and parameters of what was asked. Of a
    /// measurement these are all parameters of the array; of a run those that the store holds.
    /// </summary>
    public IReadOnlyList<ResultFigure> Figures
    {
        get => [new("Model", null, Model, ""), new("Array", null, Array, ""), new("Scheme", null, Scheme, ""), .. field];
        init;
    } = [.. Metrics.Select(metric => new ResultFigure(metric.Key, metric.Value, Written(metric.Value), ""))];

    /// <summary>A measurement's.</summary>
    public static ResultPoint Of(Measurement measurement)
    {
        ArgumentNullException.ThrowIfNull(measurement);
        var metrics = MeasurementLog.Metrics(measurement);
        return new ResultPoint(
            measurement.Model.Name,
            measurement.Array.Name,
            measurement.Scheme.ToString(),
            metrics.ToDictionary(metric => metric.Name, metric => metric.Value, StringComparer.Ordinal))
        {
            Figures =
            [
                Asked(nameof(Run.Fidelity), measurement.Fidelity.ToString()),
                Asked(nameof(Run.Solver), measurement.Schedule.Solver.Name),
                Asked(nameof(Schedule.Objective), measurement.Schedule.Objective.ToString()),
                Asked(nameof(DnnModel.Precision), measurement.Model.Precision.ToString()),
                .. metrics.Select(metric => new ResultFigure(metric.Name, metric.Value, Written(metric.Value), metric.Unit)),
                .. ArrayParameter.Of(measurement.Array).Select(item => new ResultFigure(item.Key, Number(item.Value), item.Text, item.BaseUnit)),
            ],
        };
    }

    /// <summary>A logged run's.</summary>
    public static ResultPoint Of(Run run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return new ResultPoint(run.Model, run.Array, run.Scheme, run.Metrics)
        {
            Figures =
            [
                Asked(nameof(Run.Fidelity), run.Fidelity),
                Asked(nameof(Run.Solver), run.Solver),
                .. Options(run.OptionsJson),
                .. run.Metrics.Select(metric => new ResultFigure(
                    metric.Key, metric.Value, Written(metric.Value), run.Units.GetValueOrDefault(metric.Key, ""))),
                .. run.Parameters.Select(parameter => new ResultFigure(
                    parameter.Key,
                    Number(parameter.Value),
                    Convert.ToString(parameter.Value, CultureInfo.InvariantCulture)!,
                    run.Units.GetValueOrDefault(parameter.Key, ""))),
            ],
        };
    }

    /// <summary>A metric or parameter; case does not matter.</summary>
    /// <returns>Null where the result has none of that name.</returns>
    public ResultFigure? Figure(string name) =>
        Figures.FirstOrDefault(figure => figure.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    // Plain texts and numbers of the options; lists and objects are no figures.
    private static IEnumerable<ResultFigure> Options(string json)
    {
        using var options = JsonDocument.Parse(json);
        foreach (var option in options.RootElement.EnumerateObject())
        {
            var name = char.ToUpperInvariant(option.Name[0]) + option.Name[1..];
            if (option.Value.ValueKind == JsonValueKind.String)
                yield return Asked(name, option.Value.GetString()!);
            else if (option.Value.ValueKind == JsonValueKind.Number)
                yield return new ResultFigure(name, option.Value.GetDouble(), option.Value.GetRawText(), "");
        }
    }

    private static double? Number(object value) => value switch
    {
        long whole => whole,
        double number => number,
        _ => null,
    };

    private static ResultFigure Asked(string name, string text) => new(name, null, text, "");

    private static string Written(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>One figure.</summary>
    /// <exception cref="ArgumentException">The result has none of that name.</exception>
    public double Metric(string name) => Metrics.TryGetValue(name, out var value)
        ? value
        : throw new ArgumentException($"the result of {Model} under {Scheme} has no {name}", nameof(name));
}
