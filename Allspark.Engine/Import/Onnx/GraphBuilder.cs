using System.Globalization;

namespace Allspark.Engine.Import.Onnx;

/// <summary>Links a file's nodes by the names of their values, orders them, and infers every shape.</summary>
internal sealed class GraphBuilder
{
    private const int OldestOpset = 11;
    private const int NewestOpset = 21;

    // Folded elements of all values together, those of short vectors apart: 128 MiB.
    private const long MostKept = 1 << 24;
    private const int FewElements = 64;
    private const long MostImageChannels = 4;

    private readonly OnnxModel model;
    private readonly string file;
    private readonly Dictionary<string, Value> byName = new(StringComparer.Ordinal);
    private readonly List<Value> values = [];
    private long kept;
    private long batch = 1;

    private GraphBuilder(OnnxModel model, string file)
    {
        this.model = model;
        this.file = file;
    }

    /// <summary>Builds the graph.</summary>
    /// <param name="model">What the file holds.</param>
    /// <param name="file">The file's name, for messages.</param>
    /// <param name="dimensions">Sizes for the inputs' named dimensions.</param>
    /// <param name="cancellation">Ends the work early.</param>
    /// <exception cref="ModelImportException">The graph is not sound, or has what is not supported.</exception>
    public static Graph Build(OnnxModel model, string file, IReadOnlyDictionary<string, long> dimensions, CancellationToken cancellation) =>
        new GraphBuilder(model, file).Build(dimensions, cancellation);

    private Graph Build(IReadOnlyDictionary<string, long> dimensions, CancellationToken cancellation)
    {
        if (model.Opset is < OldestOpset or > NewestOpset)
        {
            throw Bad($"the graph is of operator set {model.Opset}; {OldestOpset} to {NewestOpset} are read. "
                + "Export it anew, or convert it with onnx.version_converter.");
        }

        foreach (var initializer in model.Initializers)
        {
            var value = Define(initializer.Name, "initializer");
            value.Tensor = initializer.Value;
            value.IsStored = value.IsStatic = true;
        }

        var inputs = Inputs(dimensions);
        var nodes = Sort(Link());
        try
        {
            foreach (var node in nodes)
            {
                cancellation.ThrowIfCancellationRequested();
                Infer(node);
            }
        }
        catch (ModelImportException failure) when (batch > 1)
        {
            throw new ModelImportException(file, failure.Node,
                $"the graph is for a batch of {batch} images and does not work for one: export it with a batch of 1, or with an open one.", failure);
        }

        return new Graph(file, model, inputs, values, nodes);
    }

    private void Infer(GraphNode node)
    {
        ShapeInference.Infer(node, model.Opset, file);
        var isStatic = Array.TrueForAll(node.Inputs, static input => input is null || input.IsStatic);
        foreach (var output in node.Outputs)
        {
            output.IsStatic = isStatic;
            var tensor = output.Tensor;
            if (tensor is { IsKnown: true, Count: > FewElements } && (kept += tensor.Count) > MostKept)
                output.Tensor = new Tensor(tensor.Type, tensor.Shape);
        }

        if (node is { Operator: "Identity", Outputs.Length: 1 } && node.Input(0).IsStored)
            node.Output.IsStored = true;
    }

    private List<Value> Inputs(IReadOnlyDictionary<string, long> dimensions)
    {
        var inputs = new List<Value>();
        var asked = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var input in model.Inputs)
        {
            if (byName.TryGetValue(input.Name, out var known) && known.IsStored)
                continue;
            var value = Define(input.Name, "input");
            value.Tensor = new Tensor(input.Type, Sizes(input, dimensions, asked));
            inputs.Add(value);
        }

        foreach (var name in dimensions.Keys)
        {
            if (!asked.Contains(name))
            {
                throw Bad($"there is no dynamic dimension {ModelImportException.Quote(name)}. "
                    + (asked.Count == 0 ? "All dimensions are fixed." : $"There are: {string.Join(", ", asked)}."));
            }
        }

        return inputs;
    }

    private long[] Sizes(OnnxInput input, IReadOnlyDictionary<string, long> dimensions, SortedSet<string> asked)
    {
        var sizes = (long[])input.Sizes.Clone();
        for (var axis = 0; axis < sizes.Length; axis++)
        {
            if (sizes[axis] > 0)
                continue;
            var name = input.SizeNames[axis].Length > 0
                ? input.SizeNames[axis]
                : string.Create(CultureInfo.InvariantCulture, $"{input.Name}.{axis}");
            asked.Add(name);
            if (!dimensions.TryGetValue(name, out var size))
            {
                throw Bad($"the input {ModelImportException.Quote(input.Name)} has a dynamic dimension {ModelImportException.Quote(name)} "
                    + $"(axis {axis} of {input.Sizes.Length}). Give its size: -Dimension {name}=1");
            }

            sizes[axis] = size;
        }

        // The model is for one image: a batch of images that the file fixes is taken as one.
        if (sizes is [> 1, <= MostImageChannels, _, _] && input.Sizes[0] > 0)
            (batch, sizes[0]) = (sizes[0], 1);
        return Tensor.IsSound(sizes)
            ? sizes
            : throw Bad($"the input {ModelImportException.Quote(input.Name)} has the shape [{string.Join(", ", sizes)}], which is impossible.");
    }

    private List<GraphNode> Link()
    {
        var source = FunctionInliner.Inline(model);
        var outputs = new Value[source.Count][];
        for (var i = 0; i < source.Count; i++)
        {
            var node = source[i];
            if (node.Outputs.Length == 0)
                throw Bad("it has no output.", node);
            outputs[i] = new Value[node.Outputs.Length];
            for (var j = 0; j < node.Outputs.Length; j++)
                outputs[i][j] = node.Outputs[j].Length == 0 ? Anonymous() : Define(node.Outputs[j], $"output of node {node.Label}");
        }

        var nodes = new List<GraphNode>(source.Count);
        for (var i = 0; i < source.Count; i++)
        {
            var node = source[i];
            var inputs = Array.ConvertAll(node.Inputs, name => name.Length == 0 ? null : Find(name, node));
            nodes.Add(new GraphNode(i, node, inputs, outputs[i]));
        }

        return nodes;
    }

    // Files are to list nodes in the order of computation; those that do not are put in order, and a cycle is found.
    private List<GraphNode> Sort(List<GraphNode> nodes)
    {
        var waiting = new int[nodes.Count];
        var readers = new List<int>?[values.Count];
        var ready = new PriorityQueue<int, int>();
        for (var i = 0; i < nodes.Count; i++)
        {
            foreach (var output in nodes[i].Outputs)
                output.Producer = nodes[i];
        }

        for (var i = 0; i < nodes.Count; i++)
        {
            foreach (var input in nodes[i].Inputs)
            {
                if (input?.Producer is null)
                    continue;
                waiting[i]++;
                (readers[input.Index] ??= []).Add(i);
            }

            if (waiting[i] == 0)
                ready.Enqueue(i, i);
        }

        var sorted = new List<GraphNode>(nodes.Count);
        while (ready.TryDequeue(out var at, out _))
        {
            var node = new GraphNode(sorted.Count, nodes[at].Source, nodes[at].Inputs, nodes[at].Outputs);
            sorted.Add(node);
            foreach (var input in node.Inputs)
                input?.Consumers.Add(node);
            foreach (var output in node.Outputs)
            {
                output.Producer = node;
                foreach (var reader in readers[output.Index] ?? [])
                {
                    if (--waiting[reader] == 0)
                        ready.Enqueue(reader, reader);
                }
            }
        }

        if (sorted.Count < nodes.Count)
        {
            var stuck = Array.FindIndex(waiting, count => count > 0);
            throw Bad("it depends on its own result: the graph has a cycle.", nodes[stuck].Source);
        }

        return sorted;
    }

    private Value Define(string name, string what)
    {
        var value = new Value(values.Count, name);
        if (!byName.TryAdd(name, value))
            throw Bad($"the name {ModelImportException.Quote(name)} is given twice, the second time to an {what}. Names must be unique.");
        values.Add(value);
        return value;
    }

    private Value Anonymous()
    {
        var value = new Value(values.Count, "");
        values.Add(value);
        return value;
    }

    private Value Find(string name, OnnxNode node) => byName.TryGetValue(name, out var value)
        ? value
        : throw Bad($"its input {ModelImportException.Quote(name)} is computed nowhere.", node);

    private ModelImportException Bad(string problem, OnnxNode? node = null) => new(file, node?.Label ?? "", problem);
}
