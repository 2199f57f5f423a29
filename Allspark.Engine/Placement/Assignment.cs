namespace Allspark.Engine.Placement;

/// <summary>Linear assignment, solved exactly by shortest augmenting paths (the Hungarian method), O(n³).</summary>
public static class Assignment
{
    /// <summary>The least assignment of items to slots with room for several.</summary>
    /// <param name="costs">Cost of each item on each slot, row-major [item, slot].</param>
    /// <param name="room">Items that each slot takes; together as many as there are.</param>
    /// <exception cref="ArgumentException">The room is not that of the items.</exception>
    public static (int[] Slots, long Cost) Least(ReadOnlySpan<long> costs, IReadOnlyList<int> room)
    {
        ArgumentNullException.ThrowIfNull(room);
        int[] places = [.. room.SelectMany((count, slot) => Enumerable.Repeat(slot, count))];
        var (items, slots) = (places.Length, room.Count);
        if (costs.Length != items * slots)
            throw new ArgumentException($"{costs.Length} costs are not those of {items} items on {slots} slots.", nameof(costs));

        // Potentials u of items and v of places keep every reduced cost at zero or above; places and items count from 1.
        var (u, v) = (new long[items + 1], new long[items + 1]);
        var (itemOn, way) = (new int[items + 1], new int[items + 1]);
        for (var item = 1; item <= items; item++)
        {
            var (least, visited) = (new long[items + 1], new bool[items + 1]);
            Array.Fill(least, long.MaxValue);
            itemOn[0] = item;
            var place = 0;
            do
            {
                visited[place] = true;
                var (from, step, next) = (itemOn[place], long.MaxValue, 0);
                for (var to = 1; to <= items; to++)
                {
                    if (visited[to])
                        continue;
                    var reduced = costs[(from - 1) * slots + places[to - 1]] - u[from] - v[to];
                    if (reduced < least[to])
                        (least[to], way[to]) = (reduced, place);
                    if (least[to] < step)
                        (step, next) = (least[to], to);
                }

                for (var to = 0; to <= items; to++)
                {
                    if (visited[to])
                        (u[itemOn[to]], v[to]) = (u[itemOn[to]] + step, v[to] - step);
                    else if (least[to] != long.MaxValue)
                        least[to] -= step;
                }

                place = next;
            }
            while (itemOn[place] != 0);

            for (; place != 0; place = way[place])
                itemOn[place] = itemOn[way[place]];
        }

        var (assigned, cost) = (new int[items], 0L);
        for (var place = 1; place <= items; place++)
        {
            assigned[itemOn[place] - 1] = places[place - 1];
            cost += costs[(itemOn[place] - 1) * slots + places[place - 1]];
        }

        return (assigned, cost);
    }
}
