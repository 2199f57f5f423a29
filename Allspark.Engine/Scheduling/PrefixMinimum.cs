namespace Allspark.Engine.Scheduling;

/// <summary>Minima over the first entries of a list whose entries only fall: a Fenwick tree, O(log n) either way.</summary>
internal sealed class PrefixMinimum
{
    private readonly long[] _tree;

    /// <summary>Starts with entries as large as can be.</summary>
    public PrefixMinimum(int count)
    {
        _tree = new long[count + 1];
        Array.Fill(_tree, long.MaxValue);
    }

    /// <summary>The least of the entries 0 to <paramref name="index"/>.</summary>
    public long UpTo(int index)
    {
        var least = long.MaxValue;
        for (var node = index + 1; node > 0; node -= node & -node)
            least = Math.Min(least, _tree[node]);
        return least;
    }

    /// <summary>Lowers an entry.</summary>
    public void Lower(int index, long value)
    {
        for (var node = index + 1; node < _tree.Length; node += node & -node)
            _tree[node] = Math.Min(_tree[node], value);
    }
}
