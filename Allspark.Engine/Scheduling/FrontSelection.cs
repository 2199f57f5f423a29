namespace Allspark.Engine.Scheduling;

/// <summary>The schedules of a front that stand best for all of it.</summary>
/// <remarks>
/// Farthest-point clustering (Gonzalez, Theoretical Computer Science 38, 1985): the fastest, the thriftiest and the one of least memory, then
/// again and again the schedule that those taken stand for worst. A schedule stands for another by the largest factor by which it is
/// slower, dearer or larger.
/// </remarks>
public static class FrontSelection
{
    /// <summary>A number of schedules of a front at most, in its order.</summary>
    /// <param name="front">The front.</param>
    /// <param name="most">How many; one at least.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="most"/> is not positive.</exception>
    public static IReadOnlyList<Schedule> Take(IReadOnlyList<Schedule> front, int most)
    {
        ArgumentNullException.ThrowIfNull(front);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(most);
        if (front.Count <= most)
            return front;
        var points = front.Select(Measures).ToArray();
        var taken = new SortedSet<int>();
        var distances = new double[points.Length];
        Array.Fill(distances, double.PositiveInfinity);
        foreach (var end in Enumerable.Range(0, 3).Select(measure => Array.IndexOf(points, points.MinBy(point => point[measure]))).Take(most))
            Add(end);
        while (taken.Count < most)
            Add(Array.IndexOf(distances, distances.Max()));
        return [.. taken.Select(index => front[index])];

        void Add(int index)
        {
            taken.Add(index);
            for (var other = 0; other < points.Length; other++)
                distances[other] = Math.Min(distances[other], points[index].Zip(points[other], Factor).Max());
            distances[index] = 0;
        }
    }

    private static double Factor(double shown, double point) => shown > 0 ? shown / point : 1;

    private static double[] Measures(Schedule schedule) =>
    [
        schedule.Output.LatencySeconds + schedule.Phases.Sum(phase => phase.Cost.LatencySeconds + phase.Transition.LatencySeconds),
        schedule.Output.Energy.TotalJoules + schedule.Phases.Sum(phase => phase.Cost.Energy.TotalJoules + phase.Transition.Energy.TotalJoules),
        schedule.PeakNodeMemoryBytes,
    ];
}
