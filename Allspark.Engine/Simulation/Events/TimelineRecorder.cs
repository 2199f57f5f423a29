using Allspark.Engine.Scheduling;

namespace Allspark.Engine.Simulation.Events;

/// <summary>Keeps what happens in the phases of one block.</summary>
internal sealed class TimelineRecorder(Schedule schedule, string block)
{
    private const double Touching = 1e-12;

    private readonly List<TimelineInterval> _groups = [];
    private readonly List<TimelineInterval> _links = [];

    public void AddGroup(int phase, int group, TimelineKind kind, double start, double end) => Add(_groups, group, phase, kind, start, end);

    public void AddLink(int link, int phase, TimelineKind kind, double start, double end) => Add(_links, link, phase, kind, start, end);

    public Timeline Finish() => new(block, [.. Joined(_groups.SelectMany(Nodes))], [.. Joined(_links)]);

    private void Add(List<TimelineInterval> list, int resource, int phase, TimelineKind kind, double start, double end)
    {
        if (end > start && schedule.Phases[phase].Block == block)
            list.Add(new TimelineInterval(resource, phase, kind, start, end));
    }

    private IEnumerable<TimelineInterval> Nodes(TimelineInterval interval)
    {
        var tiling = schedule.Phases[interval.Phase].Option.Tiling;
        return Enumerable.Range(0, tiling.GroupSize).Select(rank => interval with { Resource = tiling[interval.Resource, rank] });
    }

    private static List<TimelineInterval> Joined(IEnumerable<TimelineInterval> intervals)
    {
        var joined = new List<TimelineInterval>();
        foreach (var next in intervals.OrderBy(interval => interval.Resource).ThenBy(interval => interval.StartSeconds))
        {
            if (joined.Count > 0 && joined[^1] is var last && (last.Resource, last.Phase, last.Kind) == (next.Resource, next.Phase, next.Kind)
                && next.StartSeconds - last.EndSeconds < Touching)
                joined[^1] = last with { EndSeconds = Math.Max(last.EndSeconds, next.EndSeconds) };
            else
                joined.Add(next);
        }

        return joined;
    }
}
