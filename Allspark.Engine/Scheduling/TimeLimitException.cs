using System.Globalization;
using Allspark.Engine.Partitioning;

namespace Allspark.Engine.Scheduling;

/// <summary>A time limit was over before there was any schedule.</summary>
public sealed class TimeLimitException : Exception
{
    internal TimeLimitException(TimeSpan? limit, Phase phase)
        : this(limit, $"the costs of {phase}'s options were known")
    {
    }

    internal TimeLimitException(TimeSpan? limit, string before)
        : base(string.Create(
            CultureInfo.InvariantCulture,
            $"The time limit of {limit?.TotalSeconds:0.###} s was over before {before}. Give more time, or fewer options by -Fix, -Forbid or -MaxNodes."))
    {
    }
}
