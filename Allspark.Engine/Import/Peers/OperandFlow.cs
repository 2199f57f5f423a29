namespace Allspark.Engine.Import.Peers;

/// <summary>
/// Which products read which results, by way of additions and pooling between them: what must be carried past a layer because a
/// later one reads it, and which layers do not read the one before.
/// </summary>
internal sealed class OperandFlow
{
    private const int MostRemarks = 12;

    private readonly List<ZigZagLayer> layers;
    private readonly List<ZigZagLayer> products;
    private readonly Dictionary<int, int> places = [];
    private readonly Dictionary<int, long> channels = [];

    // The last of the products that a layer's result is made of; −1 is the network's input.
    private readonly Dictionary<int, int> madeBy = [];

    /// <summary>Follows the layers in their order; sources stand before what reads them.</summary>
    public OperandFlow(List<ZigZagLayer> layers)
    {
        this.layers = layers;
        products = [.. layers.Where(layer => layer.Nest is not null)];
        foreach (var (place, product) in products.Index())
            places[product.Id] = place;
        foreach (var layer in layers)
            madeBy[layer.Id] = places.TryGetValue(layer.Id, out var own) ? own : layer.Sources
                .Select(source => madeBy[source]).DefaultIfEmpty(-1).Max();
    }

    /// <summary>Tells how many channels a product leaves.</summary>
    public void Define(ZigZagLayer product, long outputs) => channels[product.Id] = outputs;

    /// <summary>
    /// For each product, the channels of earlier results that are read after it: a result is carried past all products between
    /// the one that it is complete with and the last that reads it.
    /// </summary>
    public long[] LiveChannels()
    {
        var last = new Dictionary<int, int>();
        foreach (var layer in layers)
        {
            // A sum is made where the last of its parts is: the others must come up to there.
            var reader = places.TryGetValue(layer.Id, out var own) ? own : madeBy[layer.Id];
            foreach (var source in layer.Sources)
                last[source] = Math.Max(last.GetValueOrDefault(source, -1), reader);
        }

        var live = new long[products.Count];
        foreach (var (source, reader) in last)
        {
            for (var place = madeBy[source] + 1; place < reader && place < live.Length; place++)
                live[place] += ChannelsOf(source);
        }

        return live;
    }

    /// <summary>What is to be said of layers that do not read the one before.</summary>
    public IEnumerable<string> Branches()
    {
        var branching = products.Index().Where(entry => entry.Item.InputSource is { } source && madeBy[source] != entry.Index - 1)
            .ToList();
        foreach (var (_, layer) in branching.Take(MostRemarks))
            yield return $"'{layer.Name}' reads layer {layer.InputSource}, which is not the one before: that result is carried past those between.";
        if (branching.Count > MostRemarks)
            yield return $"{branching.Count - MostRemarks} more layers read others than the one before.";
    }

    private long ChannelsOf(int layer) => madeBy[layer] is >= 0 and var product ? channels[products[product].Id] : 0;
}
