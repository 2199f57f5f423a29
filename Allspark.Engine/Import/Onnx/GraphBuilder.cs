using System.Globalization;

namespace Allspark.Engine.Import.Onnx;

/// <summary>Links a file's nodes by the names of their values, orders them, and infers every shape.</summary>
internal sealed class GraphBuilder
{
    // Before set 7 operands were broadcast by attributes. The sets after that changed no operator that is read but in ways that its rule knows.
    private const int OldestOpset = 7;
    private const int NewestOpset = 26;

    // Folded elements of all values together, those of short vectors apart: 128 MiB.
    private const long MostKept = 1 << 24;
    private const int FewElements = 64;
    private const long MostImageChannels = 4;
    private const long MostRounds = 10_000;
    private const string Remedy = "Export the model traced, without control flow.";
    private const int MostValues = 10 * OnnxReader.MostNodes;

    private readonly OnnxModel model;
    private readonly string file;
    private readonly ExternalFiles files;
    private readonly CancellationToken cancellation;
    private readonly Dictionary<string, Value> byName = new(StringComparer.Ordinal);
    private readonly List<Value> values = [];
    private readonly List<GraphNode> nodes = [];
    private long kept;
    private long batch = 1;

    private GraphBuilder(OnnxModel model, string file, ExternalFiles files, CancellationToken cancellation)
    {
        this.model = model;
        this.file = file;
        this.files = files;
        this.cancellation = cancellation;
    }

    /// <summary>Builds the graph.</summary>
    /// <param name="model">What the file holds.</param>
    /// <param name="file">The file's name, for messages.</param>
    /// <param name="files">The files beside it.</param>
    /// <param name="dimensions">Sizes for the inputs' named dimensions.</param>
    /// <param name="cancellation">Ends the work early.</param>
    /// <exception cref="ModelImportException">The graph is not sound, or has what is not supported.</exception>
    public static Graph Build(
        OnnxModel model, string file, ExternalFiles files, IReadOnlyDictionary<string, long> dimensions, CancellationToken cancellation) =>
        new GraphBuilder(model, file, files, cancellation).Build(dimensions);

    private Graph Build(IReadOnlyDictionary<string, long> dimensions)
    {
        if (model.Opset is < OldestOpset or > NewestOpset)
        {
            throw Bad($"the graph is of operator set {model.Opset}; {OldestOpset} to {NewestOpset} are read. "
                + "Export it anew, or convert it with onnx.version_converter.");
        }

        foreach (var initializer in model.Graph.Initializers)
            Add(byName, Stored(initializer), "initializer");
        var inputs = Inputs(dimensions);
        try
        {
            var linked = Link(FunctionInliner.Inline(model));
            var sorted = NodeOrder.Sort(linked, values.Count, stuck => Bad("it depends on its own result: the graph has a cycle.", stuck));
            foreach (var planned in sorted)
                Compute(planned);
        }
        catch (ModelImportException failure) when (batch > 1)
        {
            throw new ModelImportException(file, failure.Node,
                $"the graph is for a batch of {batch} images and does not work for one: export it with a batch of 1, or with an open one.", failure);
        }

        return new Graph(file, model, inputs, values, nodes);
    }

    private Value Stored(OnnxTensor tensor)
    {
        var known = OnnxTensorReader.Resolve(tensor, files, out var unread);
        return new Value(values.Count, tensor.Name) { Tensor = known, IsStored = true, IsStatic = true, Unread = unread };
    }

    // A node that stands for a graph is replaced by it; all others are inferred.
    private void Compute(PlannedNode planned)
    {
        cancellation.ThrowIfCancellationRequested();
        var (source, inputs, outputs, _) = planned;
        if (source is { Operator: "If", Domain: "" })
            Branch(planned);
        else if (source is { Operator: "Loop", Domain: "" })
            Unroll(planned);
        else if (Expansion.Of(source, inputs, file) is { } body)
            Inline(body, source, outer: null, inputs, outputs);
        else
            Infer(source, inputs, outputs);
    }

    private void Infer(OnnxNode source, Value?[] inputs, Value[] outputs)
    {
        if (nodes.Count >= OnnxReader.MostNodes)
            throw Bad($"with its inner graphs the graph has more than {OnnxReader.MostNodes} nodes.", source);
        var unread = "";
        if (source is { Operator: "Constant" } && source.Attributes.GetValueOrDefault("value") is { Tensor: { External: not null } tensor } attribute)
        {
            var read = tensor with { Value = OnnxTensorReader.Resolve(tensor with { Name = outputs[0].Name }, files, out unread) };
            var attributes = new Dictionary<string, OnnxAttribute>(source.Attributes) { ["value"] = attribute with { Tensor = read } };
            source = source with { Attributes = attributes };
        }

        var node = new GraphNode(nodes.Count, source, inputs, outputs);
        nodes.Add(node);
        foreach (var input in inputs)
            input?.Consumers.Add(node);
        ShapeInference.Infer(node, model.Opset, file);
        var isStatic = Array.TrueForAll(inputs, static input => input is null || input.IsStatic);
        foreach (var output in outputs)
        {
            (output.Producer, output.IsStatic, output.Unread) = (node, isStatic, unread);
            var result = output.Tensor;
            if (result is { IsKnown: true, Count: > FewElements } && (kept += result.Count) > MostKept)
                output.Tensor = new Tensor(result.Type, result.Shape);
        }

        if (node is { Operator: "Identity", Outputs.Length: 1 } && node.Input(0).IsStored)
            node.Output.IsStored = true;
    }

    private void Branch(PlannedNode planned)
    {
        var (source, inputs, outputs, scope) = planned;
        if (inputs is not [{ } condition] || condition.Tensor.Integers is not [var choice])
            throw Bad("its condition depends on the data; only one that follows from the shapes is read. " + Remedy, source);
        var graph = Body(source, choice != 0 ? "then_branch" : "else_branch");
        Inline(graph, source, scope, [], outputs);
    }

    // As many copies of the body as there are rounds. What each round leaves beside the carried values is stacked.
    private void Unroll(PlannedNode planned)
    {
        var (source, inputs, outputs, scope) = planned;
        var rounds = inputs is [{ } count, ..] ? Round(count, source) : MostRounds + 1;
        var body = Body(source, "body");
        var carried = inputs.Skip(2).ToArray();
        if (body.Inputs.Count != carried.Length + 2 || body.Outputs.Count != outputs.Length + 1 || outputs.Length < carried.Length)
            throw Bad("its inputs and outputs are not those of its body.", source);
        var go = inputs.Length > 1 && inputs[1] is { } given ? given : Made(Truth(true));
        var layers = new List<Value>[outputs.Length - carried.Length];
        for (var i = 0; i < layers.Length; i++)
            layers[i] = [];
        for (var round = 0L; round < rounds && Round(go, source) != 0; round++)
        {
            if (round == MostRounds)
                throw Bad($"it goes on for more than {MostRounds} rounds.", source);
            var results = body.Outputs.Select(_ => Made(null!)).ToArray();
            Inline(body, source, scope, [Made(Tensor.Scalar(round)), go, .. carried], results);
            (go, carried) = (results[0], results[1..(carried.Length + 1)]);
            for (var i = 0; i < layers.Length; i++)
                layers[i].Add(results[carried.Length + 1 + i]);
        }

        for (var i = 0; i < carried.Length; i++)
            Infer(Inner(source, "Identity"), [carried[i]], [outputs[i]]);
        for (var i = 0; i < layers.Length; i++)
            Stack(source, layers[i], outputs[carried.Length + i]);
    }

    private void Stack(OnnxNode source, List<Value> layers, Value output)
    {
        if (layers.Count == 0)
            throw Bad("it has no round, and its stacked results have no shape.", source);
        var parts = new Value?[layers.Count];
        for (var i = 0; i < parts.Length; i++)
        {
            var part = Made(null!);
            Infer(Inner(source, "Unsqueeze", ("axes", [0])), [layers[i]], [part]);
            parts[i] = part;
        }

        Infer(Inner(source, "Concat", ("axis", [0])), parts, [output]);
    }

    private long Round(Value value, OnnxNode source) => value.Tensor.Integers is [var number]
        ? number
        : throw Bad("how often it goes round depends on the data; only rounds that follow from the shapes are read. " + Remedy, source);

    private OnnxGraph Body(OnnxNode source, string attribute) => source.Attributes.GetValueOrDefault(attribute)?.Graph
        ?? throw Bad($"it has no graph {ModelImportException.Quote(attribute)}.", source);

    private static OnnxNode Inner(OnnxNode source, string kind, params (string Name, long[] Value)[] attributes) => new(
        source.Name, kind, "", [], [],
        attributes.ToDictionary(
            pair => pair.Name, pair => new OnnxAttribute(pair.Name) { Integer = pair.Value[0], Integers = pair.Value }, StringComparer.Ordinal));

    private static Tensor Truth(bool value) => new(ElementType.Bool, [], [value ? 1L : 0]);

    /// <summary>Computes the nodes of a graph within a node.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="source">The node that it is in.</param>
    /// <param name="outer">The names around it; null where it sees none.</param>
    /// <param name="inputs">What its inputs are.</param>
    /// <param name="outputs">What its results are to be.</param>
    private void Inline(OnnxGraph graph, OnnxNode source, Scope? outer, Value?[] inputs, Value[] outputs)
    {
        if (graph.Outputs.Count < outputs.Length)
            throw Bad($"its graph has {graph.Outputs.Count} results; {outputs.Length} are read.", source);
        var scope = new Dictionary<string, Value>(StringComparer.Ordinal);
        var inner = new Scope(scope, outer);
        var omitted = new HashSet<string>(StringComparer.Ordinal) { "" };
        for (var i = 0; i < graph.Inputs.Count; i++)
        {
            if (i < inputs.Length && inputs[i] is { } input)
                scope[graph.Inputs[i].Name] = input;
            else
                omitted.Add(graph.Inputs[i].Name);
        }

        foreach (var initializer in graph.Initializers)
            Add(scope, Stored(initializer), "initializer");
        var wanted = new Dictionary<string, Value>(StringComparer.Ordinal);
        for (var i = 0; i < outputs.Length; i++)
            wanted.TryAdd(graph.Outputs[i], outputs[i]);
        Value Result(string name)
        {
            if (name.Length == 0)
                return Made(null!);
            if (!wanted.TryGetValue(name, out var value) || scope.ContainsKey(name))
            {
                value = new Value(values.Count, name);
                values.Add(value);
            }

            return scope.TryAdd(name, value) ? value : throw Bad($"the name {ModelImportException.Quote(name)} is given twice within it.", source);
        }

        foreach (var node in graph.Nodes)
        {
            var read = Array.ConvertAll(node.Inputs, name => omitted.Contains(name) ? null : Find(name, inner, node));
            Compute(new PlannedNode(node, read, Array.ConvertAll(node.Outputs, Result), inner));
        }

        for (var i = 0; i < outputs.Length; i++)
        {
            if (Find(graph.Outputs[i], inner, source) is var result && result != outputs[i])
                Infer(Inner(source, "Identity"), [result], [outputs[i]]);
        }
    }

    private Value Made(Tensor tensor)
    {
        if (values.Count > MostValues)
            throw Bad($"its inner graphs come to more than {MostValues} values.");
        var value = new Value(values.Count, "") { Tensor = tensor, IsStatic = tensor is not null };
        values.Add(value);
        return value;
    }

    private List<Value> Inputs(IReadOnlyDictionary<string, long> dimensions)
    {
        var inputs = new List<Value>();
        var asked = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var input in model.Graph.Inputs)
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
            if (!dimensions.ContainsKey(name) && Sum(name, dimensions, asked) is { } sum)
            {
                sizes[axis] = sum;
                continue;
            }

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

    // "past_sequence_length + 1", as exporters name what follows from other dimensions: the sum, if the parts are given.
    private static long? Sum(string name, IReadOnlyDictionary<string, long> dimensions, SortedSet<string> asked)
    {
        var parts = name.Split('+', StringSplitOptions.TrimEntries);
        if (parts.Length == 1)
            return null;
        var sum = 0L;
        foreach (var part in parts)
        {
            if (!long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var size))
            {
                if (!dimensions.TryGetValue(part, out size))
                    return null;
                asked.Add(part);
            }

            sum = checked(sum + size);
        }

        return sum;
    }

    private List<PlannedNode> Link(OnnxGraph graph)
    {
        var scope = new Scope(byName, null);
        var outputs = new List<Value[]>(graph.Nodes.Count);
        foreach (var node in graph.Nodes)
        {
            if (node.Outputs.Length == 0)
                throw Bad("it has no output.", node);
            outputs.Add(Array.ConvertAll(node.Outputs, name => name.Length == 0 ? Made(null!) : Define(name, $"output of node {node.Label}")));
        }

        return [.. graph.Nodes.Zip(outputs, (node, results) =>
            new PlannedNode(node, Array.ConvertAll(node.Inputs, name => name.Length == 0 ? null : Find(name, scope, node)), results, scope))];
    }

    private Value Define(string name, string what)
    {
        var value = new Value(values.Count, name);
        Add(byName, value, what);
        return value;
    }

    private void Add(Dictionary<string, Value> scope, Value value, string what)
    {
        if (!scope.TryAdd(value.Name, value))
            throw Bad($"the name {ModelImportException.Quote(value.Name)} is given twice, the second time to an {what}. Names must be unique.");
        values.Add(value);
    }

    private Value Find(string name, Scope scope, OnnxNode node) => scope.Find(name)
        ?? throw Bad($"its input {ModelImportException.Quote(name)} is computed nowhere.", node);

    private ModelImportException Bad(string problem, OnnxNode? node = null) => new(file, node?.Label ?? "", problem);
}
