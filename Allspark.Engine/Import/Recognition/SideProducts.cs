using Allspark.Engine.Import.Onnx;
using Allspark.Engine.Models;

namespace Allspark.Engine.Import.Recognition;

/// <summary>
/// Products beside the main path, which belong to the layer that their result joins: squeeze-and-excitation, and convolutions that bring
/// a residual's trunk to the shape of its branch. Each is beside one layer, and that layer is beside none, so that no product is lost.
/// </summary>
internal sealed class SideProducts
{
    private readonly DataFlow flow;
    private readonly HashSet<Product> plain;
    private readonly Dictionary<Product, List<(Product Product, string Name)>> byLayer = [];
    private readonly Dictionary<Product, Product> layerOf = [];
    private readonly Dictionary<Product, int> carried = [];

    public SideProducts(DataFlow flow, IEnumerable<Product> plain)
    {
        this.flow = flow;
        this.plain = plain.ToHashSet();
        foreach (var node in flow.Graph.Nodes.Where(node => node.Operator == "Add"))
            Shortcut(node);
        foreach (var node in flow.Graph.Nodes.Where(node => node.Operator == "Mul"))
            Scaling(node);
    }

    public bool IsBeside(Product product) => layerOf.ContainsKey(product);

    /// <summary>The products beside a layer's own.</summary>
    public IReadOnlyList<(Product Product, string Name)> Of(Product product) => byLayer.TryGetValue(product, out var list) ? list : [];

    /// <summary>Channels of the trunk that wait while a layer of the branch runs.</summary>
    public int Carried(Product product) => carried.GetValueOrDefault(product);

    private void Put(Product layer, Product side, string name)
    {
        layer = layerOf.GetValueOrDefault(layer, layer);
        if (layer == side || !layer.IsWeighted || !side.IsWeighted || !plain.Contains(layer) || !plain.Contains(side) || byLayer.ContainsKey(side)
            || !layerOf.TryAdd(side, layer))
            return;
        if (!byLayer.TryGetValue(layer, out var list))
            byLayer[layer] = list = [];
        list.Add((side, name));
    }

    // The sum of two paths from one value: what is on the way of the longer one carries the value; a single map on the shorter one is a shortcut.
    private void Shortcut(GraphNode sum)
    {
        var (left, right) = (sum.Input(0), sum.Input(1));
        if (left.IsStatic || right.IsStatic || left.Shape.Length != 4 || !left.Shape.AsSpan().SequenceEqual(right.Shape))
            return;
        var (a, b) = (Chain(left), Chain(right));
        for (var i = 0; i < a.Count; i++)
        {
            // Two paths that meet in one product's result, as those of x·x + x do, are an activation of it.
            if (a[i].Product is { } met && b.Exists(step => step.Product == met))
                return;
            var j = b.FindIndex(step => step.Data == a[i].Data);
            if (j < 0)
                continue;
            var (longer, end, shorter, other) = i >= j ? (a, i, b, j) : (b, j, a, i);
            var branch = longer.Take(end + 1).Select(step => step.Product).OfType<Product>().ToList();
            var direct = shorter.Take(other + 1).Select(step => step.Product).OfType<Product>().ToList();
            if (branch.Count == 0 || direct.Count > 1 || branch.Concat(direct).Any(product => !plain.Contains(product)) || a[i].Data.Shape.Length != 4)
                return;
            if (direct is [var single] && single is { IsWeighted: true, Groups: 1, IsConvolution: true } && single.Rows == branch[0].Rows
                && single.Columns == branch[0].Columns * branch[0].Groups)
                Put(branch[0], single, AuxiliaryOperator.Shortcut);
            foreach (var product in branch.Skip(1))
                carried[product] = Math.Max(carried.GetValueOrDefault(product), (int)Math.Min(branch[^1].Data.Shape[1], 1 << 20));
            return;
        }
    }

    // The values behind the operands of the products on the way to a value, the nearest first; the first has no product.
    private List<(Product? Product, Value Data)> Chain(Value value)
    {
        var chain = new List<(Product?, Value)> { (null, Root(value)) };
        for (var steps = 0; steps < 16 && flow.Upstream(value) is { } product; steps++)
        {
            value = product.Data;
            chain.Add((product, Root(value)));
        }

        return chain;

        // A trunk that is pooled, normalised or activated is the trunk.
        Value Root(Value value)
        {
            for (var node = value.Producer; node is not null && flow.Spend() && flow.ProductOf(node) is null
                && DataFlow.MainInput(node) is >= 0 and var place && node.Inputs.Count(input => input is { IsStatic: false }) == 1; node = value.Producer)
                value = node.Input(place);
            return value;
        }
    }

    // Squeeze-and-excitation: channels scaled by what two maps of their own mean give. It joins the layer that reads the scaled channels.
    private void Scaling(GraphNode node)
    {
        var (trunk, scale) = (node.Input(0), node.Input(1));
        if (trunk.Tensor.Count < scale.Tensor.Count)
            (trunk, scale) = (scale, trunk);
        if (trunk.IsStatic || scale.IsStatic || trunk.Tensor.Count == scale.Tensor.Count || flow.Upstream(scale) is not { } excitation
            || flow.Upstream(excitation.Data) is not { } squeeze || !IsOfMeans(excitation) || !IsOfMeans(squeeze)
            || flow.Upstream(trunk) is not { Rows: > 1 } scaled || flow.Upstream(squeeze.Data) != scaled || flow.Next(node) is not { } layer)
            return;
        Put(layer, squeeze, AuxiliaryOperator.Squeeze);
        Put(layer, excitation, AuxiliaryOperator.Excitation);
    }

    private static bool IsOfMeans(Product product) => product is { IsWeighted: true, Rows: 1, Groups: 1 };
}
