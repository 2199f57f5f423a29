namespace Allspark.Engine.Scheduling;

/// <summary>
/// Finds corners of the convex front of latency and energy until every other one is within a step of what is shown: no more than that much
/// slower, at no more than that much more energy.
/// </summary>
/// <remarks>
/// All that is not within a step of the shown points lies in the quadrants between them: faster than the next one by more than a step, and
/// thriftier than the one before. Corners that are not known yet lie in the triangle under the edge between two known ones and above their lines
/// (<see cref="ConvexFront"/>). Only edges whose triangle reaches into a quadrant are looked below, the largest first.
/// </remarks>
internal sealed class CornerSearch
{
    private readonly ConvexFront _front;
    private readonly Clock _clock;
    private readonly double _factor;
    private readonly List<Coefficient> _shown = [];
    private readonly List<FrontPoint> _found = [];
    private readonly List<(FrontPoint Left, FrontPoint Right)> _edges = [];

    /// <param name="front">Solves between two corners.</param>
    /// <param name="resolution">The step, relative; 0 finds every corner.</param>
    /// <param name="shown">What is shown already.</param>
    /// <param name="clock">The time that there is.</param>
    public CornerSearch(ConvexFront front, double resolution, IEnumerable<Coefficient> shown, Clock clock)
    {
        (_front, _clock, _factor) = (front, clock, 1 + resolution);
        foreach (var point in shown)
            Show(point);
    }

    /// <summary>The corners to be shown besides, by latency; those found until then where the time is over.</summary>
    /// <param name="ends">Whether the fastest and the thriftiest are shown in any case.</param>
    /// <param name="progress">Told the part done, from 0 to 1.</param>
    public IReadOnlyList<FrontPoint> Search(bool ends, Action<double> progress)
    {
        var (left, right) = _front.Ends();
        Take(left, always: ends);
        Take(right, always: ends && right.Value != left.Value);
        _edges.Add((left, right));
        var all = Size(_edges[0]);
        while (!_clock.IsUp && Widest() is { } edge)
        {
            _edges.Remove(edge);
            if (_front.Between(edge.Left, edge.Right) is { } corner)
            {
                Take(corner);
                _edges.Add((edge.Left, corner));
                _edges.Add((corner, edge.Right));
            }

            progress(1 - (_edges.Where(Matters).Sum(Size) / all));
        }

        return [.. _found.OrderBy(point => point.Value)];
    }

    private (FrontPoint Left, FrontPoint Right)? Widest() =>
        _edges.Where(Matters).OrderByDescending(Size).Select(edge => ((FrontPoint, FrontPoint)?)edge).FirstOrDefault();

    private static double Size((FrontPoint Left, FrontPoint Right) edge) =>
        ((double)edge.Right.Value.Objective - edge.Left.Value.Objective) * ((double)edge.Left.Value.TieBreak - edge.Right.Value.TieBreak);

    private void Take(FrontPoint point, bool always = false)
    {
        if (!always && _shown.Exists(other => other.Objective <= point.Value.Objective * _factor && other.TieBreak <= point.Value.TieBreak * _factor))
            return;
        _found.Add(point);
        Show(point.Value);
    }

    // Kept by rising latency and falling energy.
    private void Show(Coefficient point)
    {
        if (_shown.Exists(other => other.Objective <= point.Objective && other.TieBreak <= point.TieBreak))
            return;
        _shown.RemoveAll(other => other.Objective >= point.Objective && other.TieBreak >= point.TieBreak);
        var place = _shown.FindIndex(other => other.Objective > point.Objective);
        _shown.Insert(place < 0 ? _shown.Count : place, point);
    }

    // Whether what may lie below an edge reaches into a quadrant.
    private bool Matters((FrontPoint Left, FrontPoint Right) edge)
    {
        var (from, to) = (edge.Left.Value, edge.Right.Value);
        for (var i = 0; i <= _shown.Count; i++)
        {
            var latency = i < _shown.Count ? Math.Min(_shown[i].Objective / _factor, to.Objective) : to.Objective;
            var energy = i > 0 ? Math.Min(_shown[i - 1].TieBreak / _factor, from.TieBreak) : from.TieBreak;
            if (latency > from.Objective && energy > to.TieBreak
                && Math.Max(edge.Left.Line.EnergyAt(latency), edge.Right.Line.EnergyAt(latency)) < energy * (1 - ConvexFront.Rounding))
                return true;
        }

        return false;
    }
}
