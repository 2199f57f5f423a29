using System.Runtime.InteropServices;

namespace Allspark.Engine.Hardware;

/// <summary>
/// The places of one dimension of a grid, from 0: a line, or, where its ends are linked, a ring. A ring of two has no second,
/// closing link: it would only double the first.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct Ring(int length, bool closed)
{
    public bool IsClosed { get; } = closed && length > 2;

    public int LongestDistance => IsClosed ? length / 2 : length - 1;

    public int LinksAcrossMiddle => length == 1 ? 0 : IsClosed ? 4 : 2;

    public bool HasLink(int place, int step) => IsClosed || (uint)(place + step) < (uint)length;

    public int Step(int place, int step)
    {
        var next = place + step;
        return next < 0 ? next + length : next >= length ? next - length : next;
    }

    /// <summary>Steps of the shorter way, up if more than 0; of two that are equally long, of the way up.</summary>
    public int Offset(int from, int to)
    {
        var offset = to - from;
        if (!IsClosed)
            return offset;
        if (2 * offset > length)
            return offset - length;
        return 2 * offset <= -length ? offset + length : offset;
    }

    /// <summary>Whether the ways up and down are equally long.</summary>
    public bool IsOpposite(int from, int to) => IsClosed && 2 * Math.Abs(to - from) == length;

    /// <summary>Whether so many steps lead over the link between the last place and the first.</summary>
    public bool Closes(int from, int offset) => (uint)(from + offset) >= (uint)length;
}
