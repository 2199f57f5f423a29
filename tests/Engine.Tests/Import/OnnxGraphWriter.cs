using System.Text;

namespace Engine.Tests.Import;

/// <summary>Writes small ONNX files: a protocol buffers encoder that knows the format's field numbers and nothing else.</summary>
internal sealed class OnnxGraphWriter : IDisposable
{
    private readonly MemoryStream graph = new();
    private readonly MemoryStream model = new();
    private int constants;

    public OnnxGraphWriter(long opset = 16)
    {
        using var set = new MemoryStream();
        Varint(set, 2, opset);
        Bytes(model, 8, set.ToArray());
    }

    public OnnxGraphWriter Input(string name, params object[] sizes)
    {
        Bytes(graph, 11, Value(name, 1, sizes));
        return this;
    }

    public OnnxGraphWriter Words(string name, params object[] sizes)
    {
        Bytes(graph, 11, Value(name, 7, sizes));
        return this;
    }

    public OnnxGraphWriter Output(string name)
    {
        Bytes(graph, 12, Value(name, 1, []));
        return this;
    }

    /// <summary>Weights: a shape, and data outside of the file.</summary>
    public OnnxGraphWriter Weights(string name, params long[] shape) => WeightsAt(name, "weights.bin", shape);

    public OnnxGraphWriter WeightsAt(string name, string location, params long[] shape)
    {
        using var tensor = new MemoryStream();
        foreach (var size in shape)
            Varint(tensor, 1, size);
        Varint(tensor, 2, 1);
        Text(tensor, 8, name);
        using var entry = new MemoryStream();
        Text(entry, 1, "location");
        Text(entry, 2, location);
        Bytes(tensor, 13, entry.ToArray());
        Varint(tensor, 14, 1);
        Bytes(graph, 5, tensor.ToArray());
        return this;
    }

    /// <summary>An initializer of integers.</summary>
    public OnnxGraphWriter Integers(string name, params long[] values)
    {
        Bytes(graph, 5, Tensor(name, [values.Length], values));
        return this;
    }

    /// <summary>An initializer of a type, by the format's number for it, with its bytes.</summary>
    public OnnxGraphWriter Stored(string name, int type, long[] shape, byte[] raw)
    {
        Bytes(graph, 5, Tensor(name, type, shape, raw));
        return this;
    }

    /// <summary>An initializer of single-precision numbers.</summary>
    public OnnxGraphWriter Reals(string name, long[] shape, params float[] values) =>
        Stored(name, 1, shape, [.. values.SelectMany(BitConverter.GetBytes)]);

    /// <summary>An initializer of 8-bit integers, all zero.</summary>
    public OnnxGraphWriter Bytes8(string name, params long[] shape) =>
        Stored(name, 3, shape, new byte[shape.Aggregate(1L, (count, size) => count * size)]);

    /// <summary>An initializer whose bytes are in another file.</summary>
    public OnnxGraphWriter Outside(string name, int type, string location, long offset, long length, params long[] shape)
    {
        using var tensor = new MemoryStream();
        tensor.Write(Tensor(name, type, shape, null));
        foreach (var (key, value) in new[] { ("location", location), ("offset", $"{offset}"), ("length", $"{length}") })
        {
            using var entry = new MemoryStream();
            Text(entry, 1, key);
            Text(entry, 2, value);
            Bytes(tensor, 13, entry.ToArray());
        }

        Varint(tensor, 14, 1);
        Bytes(graph, 5, tensor.ToArray());
        return this;
    }

    /// <summary>A node that makes a vector of integers; the result is its name.</summary>
    public string Constant(params long[] values)
    {
        var name = $"constant{constants++}";
        Node("Constant", [], [name], Attribute("value", Tensor("", [values.Length], values)));
        return name;
    }

    public OnnxGraphWriter Node(string kind, string[] inputs, string[] outputs, params byte[][] attributes)
    {
        using var node = new MemoryStream();
        foreach (var input in inputs)
            Text(node, 1, input);
        foreach (var output in outputs)
            Text(node, 2, output);
        Text(node, 3, $"/{outputs.FirstOrDefault("x")}/{kind}");
        var dot = kind.LastIndexOf('.');
        Text(node, 4, kind[(dot + 1)..]);
        foreach (var attribute in attributes)
            Bytes(node, 5, attribute);
        if (dot > 0)
            Text(node, 7, kind[..dot]);
        Bytes(graph, 1, node.ToArray());
        return this;
    }

    /// <summary>Bytes as a field of the graph.</summary>
    public OnnxGraphWriter Raw(int field, byte[] bytes)
    {
        Bytes(graph, field, bytes);
        return this;
    }

    /// <summary>A function of one input and one output, made of one node.</summary>
    public OnnxGraphWriter Function(string name, string domain, string kind)
    {
        using var node = new MemoryStream();
        Text(node, 1, "in");
        Text(node, 2, "out");
        var dot = kind.LastIndexOf('.');
        Text(node, 4, kind[(dot + 1)..]);
        if (dot > 0)
            Text(node, 7, kind[..dot]);
        using var function = new MemoryStream();
        Text(function, 1, name);
        Text(function, 4, "in");
        Text(function, 5, "out");
        Bytes(function, 7, node.ToArray());
        Text(function, 10, domain);
        Bytes(model, 25, function.ToArray());
        return this;
    }

    public void Dispose()
    {
        graph.Dispose();
        model.Dispose();
    }

    public byte[] ToBytes()
    {
        using var whole = new MemoryStream();
        whole.Write(model.ToArray());
        Bytes(whole, 7, graph.ToArray());
        return whole.ToArray();
    }

    public static byte[] Attribute(string name, long value) => Attribute(name, part => Varint(part, 3, value));

    public static byte[] Attribute(string name, string value) => Attribute(name, part => Text(part, 4, value));

    public static byte[] Attribute(string name, byte[] tensor) => Attribute(name, part => Bytes(part, 5, tensor));

    public static byte[] Attributes(string name, params long[] values) => Attribute(name, part =>
    {
        foreach (var value in values)
            Varint(part, 8, value);
    });

    public static byte[] Attribute(string name, float value) => Attribute(name, part =>
    {
        Number(part, (2 << 3) | 5);
        part.Write(BitConverter.GetBytes(value));
    });

    /// <summary>The graph of another writer as an attribute.</summary>
    public static byte[] Attribute(string name, OnnxGraphWriter body) => Attribute(name, part => Bytes(part, 6, body.graph.ToArray()));

    public static byte[] RealsAttribute(string name, params float[] values) => Attribute(name, part =>
    {
        foreach (var value in values)
        {
            Number(part, (7 << 3) | 5);
            part.Write(BitConverter.GetBytes(value));
        }
    });

    public static byte[] TensorAttribute(string name, int type, long[] shape, byte[] raw) => Attribute(name, Tensor("", type, shape, raw));

    public static byte[] GraphAttribute(string name) => Attribute(name, part => Bytes(part, 6, []));

    public static byte[] Field(int field, byte[] bytes)
    {
        using var part = new MemoryStream();
        Bytes(part, field, bytes);
        return part.ToArray();
    }

    private static byte[] Attribute(string name, Action<MemoryStream> value)
    {
        using var part = new MemoryStream();
        Text(part, 1, name);
        value(part);
        return part.ToArray();
    }

    private static byte[] Tensor(string name, long[] shape, long[] values) => Tensor(name, 7, shape, [.. values.SelectMany(BitConverter.GetBytes)]);

    private static byte[] Tensor(string name, int type, long[] shape, byte[]? raw)
    {
        using var tensor = new MemoryStream();
        foreach (var size in shape)
            Varint(tensor, 1, size);
        Varint(tensor, 2, type);
        Text(tensor, 8, name);
        if (raw is not null)
            Bytes(tensor, 9, raw);
        return tensor.ToArray();
    }

    private static byte[] Value(string name, int type, object[] sizes)
    {
        using var shape = new MemoryStream();
        foreach (var size in sizes)
        {
            using var dimension = new MemoryStream();
            if (size is string text)
                Text(dimension, 2, text);
            else
                Varint(dimension, 1, Convert.ToInt64(size, System.Globalization.CultureInfo.InvariantCulture));
            Bytes(shape, 1, dimension.ToArray());
        }

        using var tensor = new MemoryStream();
        Varint(tensor, 1, type);
        Bytes(tensor, 2, shape.ToArray());
        using var value = new MemoryStream();
        Text(value, 1, name);
        Bytes(value, 2, Field(1, tensor.ToArray()));
        return value.ToArray();
    }

    private static void Text(MemoryStream to, int field, string text) => Bytes(to, field, Encoding.UTF8.GetBytes(text));

    private static void Bytes(MemoryStream to, int field, byte[] bytes)
    {
        Number(to, ((ulong)field << 3) | 2);
        Number(to, (ulong)bytes.Length);
        to.Write(bytes);
    }

    private static void Varint(MemoryStream to, int field, long value)
    {
        Number(to, (ulong)field << 3);
        Number(to, unchecked((ulong)value));
    }

    public static void Number(MemoryStream to, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            to.WriteByte((byte)(value | 0x80));
        to.WriteByte((byte)value);
    }
}
