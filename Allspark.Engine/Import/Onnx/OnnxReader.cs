namespace Allspark.Engine.Import.Onnx;

/// <summary>
/// Reads an ONNX file. Field numbers are those of the format's published schema (onnx.proto, IR version 3 to 13); fields that carry no
/// shape are passed over.
/// </summary>
internal sealed class OnnxReader
{
    /// <summary>Nodes of a file, those of its functions included.</summary>
    public const int MostNodes = 200_000;

    /// <summary>Initializers of a graph, and inputs or outputs of a node.</summary>
    public const int MostValues = 200_000;

    private readonly WireReader wire;
    private int nodes;

    private OnnxReader(Stream stream) => wire = new WireReader(stream);

    /// <summary>Reads a model.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    /// <exception cref="NotSupportedException">It holds what is not supported.</exception>
    public static OnnxModel Read(Stream stream) => new OnnxReader(stream).ReadModel();

    private OnnxModel ReadModel()
    {
        OnnxGraph? graph = null;
        var opset = 0L;
        var (producer, version) = ("", "");
        var functions = new List<OnnxFunction>();
        while (wire.TryReadTag(out var field, out var type))
        {
            switch (field, type)
            {
                case (2, WireType.Bytes):
                    producer = wire.ReadString();
                    break;
                case (3, WireType.Bytes):
                    version = wire.ReadString();
                    break;
                case (7, WireType.Bytes):
                    graph = graph is null ? ReadGraph() : throw wire.Bad("a second graph");
                    break;
                case (8, WireType.Bytes):
                    var (domain, number) = ReadOpset();
                    opset = domain is "" or "ai.onnx" ? Math.Max(opset, number) : opset;
                    break;
                case (25, WireType.Bytes):
                    functions.Add(ReadFunction());
                    break;
                default:
                    wire.Skip(type);
                    break;
            }
        }

        return graph is null
            ? throw new InvalidDataException("There is no graph in the file: it is no ONNX model, or it is empty.")
            : new OnnxModel { Graph = graph, Opset = opset, Producer = $"{producer} {version}".Trim(), Functions = functions };
    }

    private (string Domain, long Version) ReadOpset()
    {
        var (domain, version) = ("", 0L);
        var outer = wire.Enter();
        while (wire.TryReadTag(out var field, out var type))
        {
            if ((field, type) == (1, WireType.Bytes))
                domain = wire.ReadString();
            else if ((field, type) == (2, WireType.Varint))
                version = wire.ReadInt64();
            else
                wire.Skip(type);
        }

        wire.Leave(outer);
        return (domain, version);
    }

    private OnnxGraph ReadGraph()
    {
        var read = new List<OnnxNode>();
        var (tensors, inputs, outputs) = (new List<OnnxTensor>(), new List<OnnxInput>(), new List<string>());
        var outer = wire.Enter();
        while (wire.TryReadTag(out var field, out var type))
        {
            switch (field, type)
            {
                case (1, WireType.Bytes):
                    read.Add(ReadNode());
                    break;
                case (5, WireType.Bytes):
                    tensors.Add(OnnxTensorReader.Read(wire));
                    break;
                case (11, WireType.Bytes):
                    inputs.Add(ReadInput());
                    break;
                case (12, WireType.Bytes):
                    outputs.Add(ReadInput().Name);
                    break;
                case (15, WireType.Bytes):
                    throw new NotSupportedException("The graph has sparse initializers, which are not supported. Export dense ones.");
                default:
                    wire.Skip(type);
                    break;
            }

            if (tensors.Count + inputs.Count + outputs.Count > MostValues)
                throw wire.Bad($"more than {MostValues} initializers, inputs and outputs");
        }

        wire.Leave(outer);
        return new OnnxGraph { Nodes = read, Initializers = tensors, Inputs = inputs, Outputs = outputs };
    }

    private OnnxNode ReadNode()
    {
        if (++nodes > MostNodes)
            throw wire.Bad($"more than {MostNodes} nodes");
        var (name, kind, domain) = ("", "", "");
        var (inputs, outputs) = (new List<string>(), new List<string>());
        var attributes = new Dictionary<string, OnnxAttribute>(StringComparer.Ordinal);
        var outer = wire.Enter();
        while (wire.TryReadTag(out var field, out var type))
        {
            switch (field, type)
            {
                case (1, WireType.Bytes):
                    inputs.Add(wire.ReadString());
                    break;
                case (2, WireType.Bytes):
                    outputs.Add(wire.ReadString());
                    break;
                case (3, WireType.Bytes):
                    name = wire.ReadString();
                    break;
                case (4, WireType.Bytes):
                    kind = wire.ReadString();
                    break;
                case (5, WireType.Bytes):
                    var attribute = ReadAttribute();
                    attributes[attribute.Name] = attribute;
                    break;
                case (7, WireType.Bytes):
                    domain = wire.ReadString();
                    break;
                default:
                    wire.Skip(type);
                    break;
            }

            if (inputs.Count + outputs.Count > MostValues)
                throw wire.Bad($"a node of more than {MostValues} inputs and outputs");
        }

        wire.Leave(outer);
        return new OnnxNode(name, kind, domain, [.. inputs], [.. outputs], attributes);
    }

    private OnnxAttribute ReadAttribute()
    {
        var attribute = new OnnxAttribute("");
        var (integers, reals) = (new List<long>(), new List<float>());
        var outer = wire.Enter();
        while (wire.TryReadTag(out var field, out var type))
        {
            switch (field, type)
            {
                case (1, WireType.Bytes):
                    attribute = attribute with { Name = wire.ReadString() };
                    break;
                case (2, WireType.Fixed32):
                    attribute = attribute with { Real = wire.ReadFloat() };
                    break;
                case (3, WireType.Varint):
                    attribute = attribute with { Integer = wire.ReadInt64() };
                    break;
                case (4, WireType.Bytes):
                    attribute = attribute with { Text = wire.ReadString() };
                    break;
                case (5, WireType.Bytes):
                    attribute = attribute with { Tensor = OnnxTensorReader.Read(wire) };
                    break;
                case (6, WireType.Bytes):
                    attribute = attribute with { Graph = ReadGraph() };
                    break;
                case (7, WireType.Bytes or WireType.Fixed32):
                    OnnxTensorReader.ReadPacked(wire, type, WireType.Fixed32, reals, static wire => wire.ReadFloat());
                    break;
                case (8, WireType.Bytes or WireType.Varint):
                    if (!OnnxTensorReader.ReadPacked(wire, type, WireType.Varint, integers, static wire => wire.ReadInt64()))
                        throw wire.Bad($"an attribute of more than {Tensor.MostElements} numbers");
                    break;
                case (21, WireType.Bytes):
                    attribute = attribute with { Reference = wire.ReadString() };
                    break;
                default:
                    wire.Skip(type);
                    break;
            }
        }

        wire.Leave(outer);
        return attribute with { Integers = [.. integers], Reals = [.. reals] };
    }

    private OnnxInput ReadInput()
    {
        var (name, element, sizes, names) = ("", ElementType.Undefined, new List<long>(), new List<string>());
        Each(field =>
        {
            if (field == 1)
                name = wire.ReadString();
            else if (field == 2)
                Each(kind => ReadTensorType(kind, value => element = value, sizes, names));
            else
                wire.Skip(WireType.Bytes);
        });
        return new OnnxInput(name, element, [.. sizes], [.. names]);
    }

    // A value's type: a tensor (1) of an element type (1) and a shape (2) of dimensions (1), each a size (1) or a name (2).
    private void ReadTensorType(int kind, Action<ElementType> element, List<long> sizes, List<string> names)
    {
        if (kind != 1)
        {
            wire.Skip(WireType.Bytes);
            return;
        }

        var outer = wire.Enter();
        while (wire.TryReadTag(out var field, out var type))
        {
            if ((field, type) == (1, WireType.Varint))
                element((ElementType)wire.ReadInt32());
            else if ((field, type) == (2, WireType.Bytes))
                Each(_ => ReadDimension(sizes, names));
            else
                wire.Skip(type);
        }

        wire.Leave(outer);
    }

    private void ReadDimension(List<long> sizes, List<string> names)
    {
        var (size, name) = (-1L, "");
        var outer = wire.Enter();
        while (wire.TryReadTag(out var field, out var type))
        {
            if ((field, type) == (1, WireType.Varint))
                size = wire.ReadInt64();
            else if ((field, type) == (2, WireType.Bytes))
                name = wire.ReadString();
            else
                wire.Skip(type);
        }

        wire.Leave(outer);
        sizes.Add(size);
        names.Add(name);
        if (sizes.Count > OnnxTensorReader.MostAxes)
            throw wire.Bad($"a shape of more than {OnnxTensorReader.MostAxes} axes");
    }

    private OnnxFunction ReadFunction()
    {
        var (name, domain, body) = ("", "", new List<OnnxNode>());
        var (inputs, outputs) = (new List<string>(), new List<string>());
        var defaults = new Dictionary<string, OnnxAttribute>(StringComparer.Ordinal);
        Each(field =>
        {
            switch (field)
            {
                case 1:
                    name = wire.ReadString();
                    break;
                case 4:
                    inputs.Add(wire.ReadString());
                    break;
                case 5:
                    outputs.Add(wire.ReadString());
                    break;
                case 7:
                    body.Add(ReadNode());
                    break;
                case 10:
                    domain = wire.ReadString();
                    break;
                case 11:
                    var attribute = ReadAttribute();
                    defaults[attribute.Name] = attribute;
                    break;
                default:
                    wire.Skip(WireType.Bytes);
                    break;
            }
        });
        return new OnnxFunction(name, domain, [.. inputs], [.. outputs], [.. body]) { Defaults = defaults };
    }

    // Enters a message and gives every field that holds bytes to the action, which must read it.
    private void Each(Action<int> read)
    {
        var outer = wire.Enter();
        while (wire.TryReadTag(out var field, out var type))
        {
            if (type == WireType.Bytes)
                read(field);
            else
                wire.Skip(type);
        }

        wire.Leave(outer);
    }
}
