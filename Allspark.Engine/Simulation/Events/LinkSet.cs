using Allspark.Engine.Hardware;

namespace Allspark.Engine.Simulation.Events;

/// <summary>The links that a transfer occupies, each with the amount that crosses it, and the longest chain of hops in it.</summary>
internal sealed record LinkSet(int[] Links, double[] Amounts, long Hops)
{
    /// <summary>No transfer.</summary>
    public static LinkSet Empty { get; } = new([], [], 0);
}

/// <summary>Gathers a transfer's flows into its link set, by the interconnect's routes.</summary>
internal sealed class LinkSetBuilder(PimArray array)
{
    private readonly double[] _amounts = new double[array.Interconnect.LinkCount];
    private readonly List<int> _touched = [];
    private readonly int[] _route = new int[Math.Max(1, array.Interconnect.Diameter)];
    private int _longest;

    public void Add(int source, int target, double amount)
    {
        if (source == target || amount == 0)
            return;
        var hops = array.Interconnect.Route(source, target, _route);
        _longest = Math.Max(_longest, hops);
        foreach (var link in _route.AsSpan(0, hops))
        {
            if (_amounts[link] == 0)
                _touched.Add(link);
            _amounts[link] += amount;
        }
    }

    /// <summary>The flows added since the last call.</summary>
    /// <param name="hops">Hops of the longest chain of dependent flows; the longest route where they are independent.</param>
    public LinkSet Take(long? hops = null)
    {
        var set = new LinkSet([.. _touched], [.. _touched.Select(link => _amounts[link])], hops ?? _longest);
        foreach (var link in _touched)
            _amounts[link] = 0;
        _touched.Clear();
        _longest = 0;
        return set;
    }
}
