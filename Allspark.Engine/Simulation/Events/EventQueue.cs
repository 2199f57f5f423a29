using System.Runtime.InteropServices;

namespace Allspark.Engine.Simulation.Events;

/// <summary>What ends at an event's time.</summary>
internal enum EventKind
{
    /// <summary>A run of the first phase has its part of the image.</summary>
    Supplied,

    /// <summary>The tokens of a run have reached their readers.</summary>
    Moved,

    /// <summary>A part of a run's exchange is through.</summary>
    Exchanged,

    /// <summary>A run has computed a tile.</summary>
    Computed,

    /// <summary>A part of a fetch has entered the stack.</summary>
    Entered,

    /// <summary>A part of a fetch has gone round its rings.</summary>
    Sent,

    /// <summary>A part of a fetch is where its nodes read it.</summary>
    Fetched,
}

/// <summary>One event: what, where, when.</summary>
/// <param name="Time">Seconds since the inference began.</param>
/// <param name="Sequence">Order of insertion, which decides between equal times.</param>
/// <param name="Kind">What ends.</param>
/// <param name="Target">Number of the run or fetch.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Event(double Time, long Sequence, EventKind Kind, int Target)
{
    public bool Precedes(in Event other) => Time < other.Time || (Time == other.Time && Sequence < other.Sequence);
}

/// <summary>Events by time, equal times in the order of insertion: a binary heap in one array.</summary>
internal sealed class EventQueue
{
    private Event[] _heap = new Event[1024];
    private int _count;
    private long _inserted;

    /// <summary>Events inserted so far.</summary>
    public long Inserted => _inserted;

    public void Push(double time, EventKind kind, int target)
    {
        if (_count == _heap.Length)
            Array.Resize(ref _heap, 2 * _count);
        var added = new Event(time, _inserted++, kind, target);
        var place = _count++;
        while (place > 0)
        {
            var parent = (place - 1) / 2;
            if (!added.Precedes(_heap[parent]))
                break;
            _heap[place] = _heap[parent];
            place = parent;
        }

        _heap[place] = added;
    }

    public bool TryPop(out Event first)
    {
        if (_count == 0)
        {
            first = default;
            return false;
        }

        first = _heap[0];
        var moved = _heap[--_count];
        var place = 0;
        for (var child = 1; child < _count; child = (2 * place) + 1)
        {
            if (child + 1 < _count && _heap[child + 1].Precedes(_heap[child]))
                child++;
            if (!_heap[child].Precedes(moved))
                break;
            _heap[place] = _heap[child];
            place = child;
        }

        _heap[place] = moved;
        return true;
    }
}
