using System.Diagnostics;

namespace Allspark.Engine.Scheduling;

/// <summary>The time that there is for a piece of work.</summary>
internal sealed class Clock(TimeSpan? limit, CancellationToken cancellationToken)
{
    private readonly long _started = Stopwatch.GetTimestamp();

    public TimeSpan? Limit => limit;

    public CancellationToken CancellationToken => cancellationToken;

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_started);

    /// <summary>Time that is left; <see langword="null"/> for any.</summary>
    public TimeSpan? Rest => limit is not { } all ? null : all > Elapsed ? all - Elapsed : TimeSpan.Zero;

    /// <summary>Whether the time is over.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public bool IsUp
    {
        get
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Elapsed >= limit;
        }
    }
}
