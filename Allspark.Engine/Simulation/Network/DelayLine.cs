using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Allspark.Engine.Simulation.Network;

/// <summary>What travels for a fixed number of cycles: first in, first out, each entry with the cycle in which it comes out.</summary>
internal sealed class DelayLine(int capacity)
{
    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct Entry(int Due, int Place, int Flit);

    private Entry[] entries = new Entry[BitOperations.RoundUpToPowerOf2((uint)Math.Max(capacity, 16))];
    private int head;

    public int Count { get; private set; }

    /// <summary>Entries for that place.</summary>
    public int CountOf(int place)
    {
        var count = 0;
        for (var index = 0; index < Count; index++)
            count += this[index].Place == place ? 1 : 0;
        return count;
    }

    /// <summary>Adds an entry, due no earlier than the one before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int due, int place, int flit = 0)
    {
        if (Count == entries.Length)
            Grow();
        entries[(head + Count++) & (entries.Length - 1)] = new Entry(due, place, flit);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTake(int now, out Entry entry)
    {
        var line = entries;
        if (Count == 0 || line[head].Due > now)
        {
            entry = default;
            return false;
        }

        entry = line[head];
        head = (head + 1) & (entries.Length - 1);
        Count--;
        return true;
    }

    private Entry this[int index] => entries[(head + index) & (entries.Length - 1)];

    private void Grow()
    {
        var larger = new Entry[entries.Length * 2];
        for (var index = 0; index < Count; index++)
            larger[index] = this[index];
        (entries, head) = (larger, 0);
    }
}
