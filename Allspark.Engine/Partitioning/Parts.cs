namespace Allspark.Engine.Partitioning;

/// <summary>Balanced division of a range into parts whose sizes differ by at most one.</summary>
public static class Parts
{
    /// <summary>The half-open range [start, end) of part <paramref name="index"/> of <paramref name="parts"/>.</summary>
    public static (int Start, int End) Of(int total, int parts, int index) =>
        ((int)((long)index * total / parts), (int)((long)(index + 1) * total / parts));
}
