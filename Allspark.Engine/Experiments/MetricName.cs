namespace Allspark.Engine.Experiments;

/// <summary>Names of the metrics that every measurement has.</summary>
public static class MetricName
{
    /// <summary>Seconds for one inference.</summary>
    public const string LatencySeconds = nameof(LatencySeconds);

    /// <summary>Joules for one inference.</summary>
    public const string EnergyJoules = nameof(EnergyJoules);
}
