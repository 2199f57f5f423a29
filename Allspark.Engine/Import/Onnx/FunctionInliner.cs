namespace Allspark.Engine.Import.Onnx;

/// <summary>Replaces the nodes that call a function of the file by the function's own nodes.</summary>
internal sealed class FunctionInliner
{
    private const int DeepestCall = 16;

    private readonly Dictionary<(string, string), OnnxFunction> functions = [];
    private int calls;
    private int count;

    private FunctionInliner(IEnumerable<OnnxFunction> functions)
    {
        foreach (var function in functions)
            this.functions[(function.Domain, function.Name)] = function;
    }

    /// <summary>The model's graph without calls.</summary>
    /// <exception cref="InvalidDataException">Functions call each other too deeply, or come to too many nodes.</exception>
    public static OnnxGraph Inline(OnnxModel model) =>
        model.Functions.Count == 0 ? model.Graph : new FunctionInliner(model.Functions).Inlined(model.Graph, 0);

    private OnnxGraph Inlined(OnnxGraph graph, int depth)
    {
        var nodes = new List<OnnxNode>(graph.Nodes.Count);
        foreach (var node in graph.Nodes)
            Add(nodes, node, depth);
        return graph with { Nodes = nodes };
    }

    private void Add(List<OnnxNode> nodes, OnnxNode node, int depth)
    {
        if (!functions.TryGetValue((node.Domain, node.Operator), out var function))
        {
            if (++count > OnnxReader.MostNodes)
                throw new InvalidDataException($"With its functions inlined the graph has more than {OnnxReader.MostNodes} nodes.");
            nodes.Add(!node.HasGraph ? node : node with
            {
                Attributes = node.Attributes.ToDictionary(
                    pair => pair.Key,
                    pair => pair.Value.Graph is { } graph ? pair.Value with { Graph = Inlined(graph, depth) } : pair.Value,
                    StringComparer.Ordinal),
            });
            return;
        }

        if (depth >= DeepestCall || ++calls > OnnxReader.MostNodes)
            throw new InvalidDataException($"The function {ModelImportException.Quote(function.Name)} calls functions more than {DeepestCall} deep.");
        var prefix = $"{(node.Name.Length > 0 ? node.Name : node.Outputs.FirstOrDefault(function.Name))}/";
        var names = new Dictionary<string, string>(StringComparer.Ordinal) { [""] = "" };
        for (var i = 0; i < function.Inputs.Length; i++)
            names[function.Inputs[i]] = i < node.Inputs.Length ? node.Inputs[i] : "";
        for (var i = 0; i < function.Outputs.Length && i < node.Outputs.Length; i++)
            names[function.Outputs[i]] = node.Outputs[i];
        string Rename(string name) => names.TryGetValue(name, out var known) ? known : names[name] = prefix + calls + "/" + name;
        foreach (var inner in function.Nodes)
            Add(nodes, (inner with { Name = prefix + inner.Name, Attributes = Attributes(inner, node, function) }).Renamed(Rename), depth + 1);
    }

    private static Dictionary<string, OnnxAttribute> Attributes(OnnxNode inner, OnnxNode call, OnnxFunction function)
    {
        var attributes = new Dictionary<string, OnnxAttribute>(StringComparer.Ordinal);
        foreach (var (name, attribute) in inner.Attributes)
        {
            if (attribute.Reference.Length == 0)
                attributes[name] = attribute;
            else if (call.Attributes.TryGetValue(attribute.Reference, out var given)
                || function.Defaults.TryGetValue(attribute.Reference, out given))
                attributes[name] = given with { Name = name };
        }

        return attributes;
    }
}
