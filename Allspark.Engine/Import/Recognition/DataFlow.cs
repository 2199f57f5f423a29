using Allspark.Engine.Import.Onnx;

namespace Allspark.Engine.Import.Recognition;

/// <summary>Which way the data of an image goes through the graph.</summary>
internal sealed class DataFlow
{
    /// <summary>Nodes that a search from one point may visit.</summary>
    private const int Farthest = 4096;

    // Steps of all searches together: some hundred times what the largest real graphs take.
    private const long MostEffort = 20_000_000;

    private static readonly HashSet<string> Moving = new(StringComparer.Ordinal)
    {
        "Reshape", "Transpose", "Squeeze", "Unsqueeze", "Flatten", "Identity", "Cast", "Dropout", "Slice", "Pad", "Expand",
    };

    private static readonly HashSet<string> Broadcasting = new(StringComparer.Ordinal)
        { "Add", "Sub", "Mul", "Div", "Pow", "Where", "Max", "Min", "Sum", "Mod", "Mean", "PRelu", "And", "Or" };

    private readonly Product?[] products;
    private readonly Product?[] upstream;
    private readonly Product?[] latest;
    private readonly Product?[] next;
    private long effort;

    public DataFlow(Graph graph)
    {
        Graph = graph;
        Products = Product.Of(graph);
        products = new Product?[graph.Nodes.Count];
        foreach (var product in Products)
            products[product.Node.Index] = product;
        (upstream, latest, next) = ((Product?[])products.Clone(), (Product?[])products.Clone(), (Product?[])products.Clone());
        foreach (var node in graph.Nodes)
        {
            if (products[node.Index] is not null)
                continue;
            if (MainInput(node) is >= 0 and var main && node.Input(main).Producer is { } before)
                upstream[node.Index] = upstream[before.Index];
            foreach (var input in node.Inputs)
            {
                if (input?.Producer is { } producer && latest[producer.Index] is { } candidate && candidate.Place > (latest[node.Index]?.Place ?? -1))
                    latest[node.Index] = candidate;
            }
        }

        foreach (var node in graph.Nodes.Reverse())
        {
            foreach (var consumer in node.Outputs.SelectMany(output => output.Consumers))
            {
                if (products[node.Index] is null && next[consumer.Index] is { } candidate && candidate.Place < (next[node.Index]?.Place ?? int.MaxValue))
                    next[node.Index] = candidate;
            }
        }
    }

    public Graph Graph { get; }

    /// <summary>Whether the network reads words, not pictures.</summary>
    public bool IsText => Graph.Inputs.Count > 0 && !Graph.Inputs.Any(input => Tensor.IsReal(input.Tensor.Type));

    /// <summary>The products in the order of computation.</summary>
    public Product[] Products { get; }

    public Product? ProductOf(GraphNode node) => products[node.Index];

    /// <summary>The product that a value is the result of.</summary>
    public Product? ProductOf(Value value) => value.Producer is { } producer ? products[producer.Index] : null;

    /// <summary>
    /// The input that the elements of the node's first output continue: of several activations the first of the output's own shape. A
    /// negative place where there is none.
    /// </summary>
    public static int MainInput(GraphNode node)
    {
        var start = node.Operator == "Where" ? 1 : 0;
        var first = -1;
        for (var place = start; place < node.Inputs.Length; place++)
        {
            if (node.Inputs[place] is not { IsStatic: false } input)
                continue;
            if (!Broadcasting.Contains(node.Operator) || input.Shape.AsSpan().SequenceEqual(node.Output.Shape))
                return place;
            if (first < 0 || input.Tensor.Count > node.Input(first).Tensor.Count)
                first = place;
        }

        return first;
    }

    /// <summary>Whether a node leaves its elements as they are.</summary>
    public static bool IsMoving(GraphNode node) => Moving.Contains(node.Operator);

    public static bool IsBroadcasting(GraphNode node) => Broadcasting.Contains(node.Operator);

    /// <summary>The nearest product before a value, along the main inputs; null where there is none.</summary>
    public Product? Upstream(Value value) => value.Producer is { } node ? upstream[node.Index] : null;

    /// <summary>The last of all products that go into a node's result, its own included; null where none does.</summary>
    public Product? Latest(GraphNode node) => latest[node.Index];

    /// <summary>The first product that a node's result goes into, or that the node itself is; null where there is none.</summary>
    public Product? Next(GraphNode node) => next[node.Index];

    /// <summary>Counts a step of a search. A graph made to be slow is given up on, not waited for.</summary>
    public bool Spend() => ++effort < MostEffort;

    /// <summary>The value, and those that it is a rearrangement of.</summary>
    public static IEnumerable<Value> Rearranged(Value value)
    {
        yield return value;
        for (var steps = 0; steps < 32 && value.Producer is { } node && Moving.Contains(node.Operator) && node.Inputs[0] is { IsStatic: false } input; steps++)
        {
            value = input;
            yield return value;
        }
    }

    /// <summary>Whether a value goes into the computation of another.</summary>
    public bool IsAncestor(Value ancestor, Value value)
    {
        var oldest = ancestor.Producer?.Index ?? -1;
        var seen = new HashSet<int>();
        var open = new Stack<Value>([value]);
        while (open.TryPop(out var at) && Spend())
        {
            if (at == ancestor)
                return true;
            if (at.IsStatic || at.Producer is not { } node || node.Index <= oldest || !seen.Add(node.Index) || seen.Count > Farthest)
                continue;
            foreach (var input in node.Inputs)
            {
                if (input is not null)
                    open.Push(input);
            }
        }

        return false;
    }

    /// <summary>
    /// The sum, nearest after <paramref name="result"/>, of what <paramref name="result"/> leads to and of a value that
    /// <paramref name="source"/> comes from: the end of a residual branch.
    /// </summary>
    public Residual? FindResidual(Value result, Value source)
    {
        var seen = new HashSet<int> { result.Index };
        var open = new PriorityQueue<GraphNode, int>();
        void Follow(Value value)
        {
            foreach (var consumer in value.Consumers)
            {
                if (Spend())
                    open.Enqueue(consumer, consumer.Index);
            }
        }

        Follow(result);
        for (var visited = 0; visited < Farthest && open.TryDequeue(out var node, out _); visited++)
        {
            if (node.Operator == "Add" && Sum(node, seen) is var (branch, other)
                && Rearranged(other).FirstOrDefault(value => IsAncestor(value, source)) is { } trunk)
                return new Residual(node, branch, trunk);
            foreach (var output in node.Outputs)
            {
                if (seen.Add(output.Index))
                    Follow(output);
            }
        }

        return null;
    }

    // The operands of a sum of two activations: the one that has been reached, then the other.
    private static (Value Branch, Value Other)? Sum(GraphNode node, HashSet<int> reached)
    {
        var (left, right) = (node.Input(0), node.Input(1));
        if (left.IsStatic || right.IsStatic || !left.Shape.AsSpan().SequenceEqual(right.Shape))
            return null;
        return (reached.Contains(left.Index), reached.Contains(right.Index)) switch
        {
            (true, false) => (left, right),
            (false, true) => (right, left),
            _ => null,
        };
    }

    /// <summary>The nodes between a residual's trunk and its branch's end, those that depend on no image included.</summary>
    public HashSet<GraphNode> Region(Residual residual)
    {
        var oldest = residual.Trunk.Producer?.Index ?? -1;
        var region = new HashSet<GraphNode>();
        var open = new Stack<Value>([residual.Branch]);
        while (open.TryPop(out var at) && Spend())
        {
            if (at == residual.Trunk || at.Producer is not { } node || (!at.IsStatic && node.Index <= oldest) || !region.Add(node))
                continue;
            foreach (var input in node.Inputs)
            {
                if (input is not null)
                    open.Push(input);
            }
        }

        return region;
    }
}

/// <summary>A sum of a trunk and of a branch that comes from it.</summary>
/// <param name="Sum">The Add.</param>
/// <param name="Branch">Its operand that the branch ends in.</param>
/// <param name="Trunk">The value that the branch begins with.</param>
internal sealed record Residual(GraphNode Sum, Value Branch, Value Trunk);
