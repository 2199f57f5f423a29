using System.Diagnostics.CodeAnalysis;

namespace Allspark.Engine.Import.Onnx;

/// <summary>A node whose outputs are to be inferred.</summary>
internal sealed class NodeContext(GraphNode node, long opset, string file)
{
    public GraphNode Node { get; } = node;

    public long Opset { get; } = opset;

    public int InputCount => Node.Inputs.Length;

    public int OutputCount => Node.Outputs.Length;

    public bool Has(int place) => place < Node.Inputs.Length && Node.Inputs[place] is not null;

    /// <summary>What is known of an input, which must be there.</summary>
    public Tensor In(int place) => Has(place) ? Node.Inputs[place]!.Tensor : throw Bad($"input {place} is missing.");

    public long[] Shape(int place) => In(place).Shape;

    /// <summary>The numbers of an input that shapes depend on.</summary>
    public long[] Known(int place, string what) => In(place).Integers ?? throw Unknown(place, what);

    /// <summary>The error of an input whose elements are not known, and why they are not.</summary>
    public ModelImportException Unknown(int place, string what) => Bad(Unread(Node.Inputs[place]!) is { Length: > 0 } file
        ? $"{what} (input {place}) is stored in the file {file}."
        : $"{what} (input {place}) depends on the data: only shapes that follow from the inputs' shapes can be read.");

    private static string Unread(Value value)
    {
        var seen = new HashSet<Value>();
        var open = new Stack<Value>([value]);
        while (open.TryPop(out var at) && seen.Count < 256)
        {
            if (at.Unread.Length > 0)
                return at.Unread;
            if (!seen.Add(at) || at.Producer is not { } node || node.Operator is "Shape" or "Size")
                continue;
            foreach (var input in node.Inputs)
            {
                if (input is not null)
                    open.Push(input);
            }
        }

        return "";
    }

    public long Integer(string name, long otherwise) => Node.Integer(name, otherwise);

    public long[]? Integers(string name) => Node.Integers(name);

    /// <summary>A list of integers that was an attribute in older operator sets and is an input in newer ones.</summary>
    public long[]? AttributeOrInput(string name, int place, string what) =>
        Has(place) ? Known(place, what) : Node.Integers(name);

    /// <summary>An axis from the front.</summary>
    public int Axis(long axis, int rank) => axis >= -rank && axis < rank
        ? (int)(axis < 0 ? axis + rank : axis)
        : throw Bad($"axis {axis} is none of the {rank} there are.");

    public void Set(Tensor tensor, int place = 0)
    {
        if (place >= Node.Outputs.Length)
            return;
        if (tensor.Rank > OnnxTensorReader.MostAxes || !Tensor.IsSound(tensor.Shape))
            throw Bad($"its result would have the shape [{string.Join(", ", tensor.Shape.Take(OnnxTensorReader.MostAxes))}], which is impossible.");
        Node.Outputs[place].Tensor = tensor;
    }

    public void Set(ElementType type, long[] shape, int place = 0) => Set(new Tensor(type, shape), place);

    /// <summary>All outputs get the shape and type of an input.</summary>
    public void SetLike(int place)
    {
        for (var i = 0; i < OutputCount; i++)
            Set(new Tensor(In(place).Type, Shape(place)), i);
    }

    public void Require([DoesNotReturnIf(false)] bool condition, string problem)
    {
        if (!condition)
            throw Bad(problem);
    }

    /// <summary>What a message says of the inputs' shapes.</summary>
    public string Shapes() => string.Join(" and ", Node.Inputs.Where(input => input is not null).Select(input => $"[{string.Join(", ", input!.Shape)}]"));

    public ModelImportException Bad(string problem) => new(file, Node.Source.Label, problem);

    /// <summary>The shape that two shapes are broadcast to.</summary>
    public long[] Broadcast(long[] left, long[] right)
    {
        var rank = Math.Max(left.Length, right.Length);
        var shape = new long[rank];
        for (var back = 1; back <= rank; back++)
        {
            var a = back <= left.Length ? left[^back] : 1;
            var b = back <= right.Length ? right[^back] : 1;
            Require(a == b || a == 1 || b == 1, $"shapes [{string.Join(", ", left)}] and [{string.Join(", ", right)}] do not go together.");
            shape[^back] = a == 1 ? b : a;
        }

        return shape;
    }
}
