using System.Globalization;
using System.Text;

namespace Engine.Tests.Import;

/// <summary>
/// The multiply-accumulates of an ONNX graph, counted by walking over its nodes and nothing else: a reader, shapes and a count of their own, which
/// share no line with the import. It knows the operators that the graphs of the tests have, and no others.
/// </summary>
internal sealed class NaiveCount
{
    private const int MostElements = 1 << 16;

    private readonly Dictionary<string, Known> values = new(StringComparer.Ordinal) { [""] = new([], null, false) };

    private sealed record Known(long[] Shape, double[]? Data, bool Whole)
    {
        public long Count => Shape.Aggregate(1L, (count, size) => count * size);

        public long[] Numbers => Array.ConvertAll(Data!, value => (long)value);
    }

    private sealed record Field(int Number, ulong Value, byte[] Bytes);

    private sealed class Attributes : Dictionary<string, List<Field>>
    {
        public long Integer(string name, long otherwise) => TryGetValue(name, out var fields) ? (long)fields.First(field => field.Number == 3).Value : otherwise;

        public long[]? Integers(string name) =>
            TryGetValue(name, out var fields) ? [.. fields.Where(field => field.Number == 8).SelectMany(Packed)] : null;

        public string? Text(string name) => TryGetValue(name, out var fields) ? Encoding.UTF8.GetString(fields.First(field => field.Number == 4).Bytes) : null;
    }

    /// <summary>The products of the graph, one line each: the node, and what it multiplies and accumulates.</summary>
    public static IReadOnlyList<(string Node, long Macs)> Of(byte[] model, params (string Name, long Size)[] dimensions)
    {
        var count = new NaiveCount();
        var fields = Fields(Fields(model).First(field => field.Number == 7).Bytes).ToList();
        foreach (var field in fields.Where(field => field.Number == 5))
            count.values[Name(field.Bytes, 8)] = Tensor(field.Bytes);
        foreach (var field in fields.Where(field => field.Number == 11))
            count.values.TryAdd(Name(field.Bytes, 1), Input(field.Bytes, dimensions));
        return [.. fields.Where(field => field.Number == 1).Select(field => count.Node(field.Bytes)).Where(product => product.Macs > 0)];
    }

    private (string Node, long Macs) Node(byte[] bytes)
    {
        var fields = Fields(bytes).ToList();
        var attributes = new Attributes();
        foreach (var field in fields.Where(field => field.Number == 5))
            attributes[Name(field.Bytes, 1)] = [.. Fields(field.Bytes)];
        var outputs = fields.Where(field => field.Number == 2).Select(field => Encoding.UTF8.GetString(field.Bytes)).ToArray();
        Known[] inputs = [.. fields.Where(field => field.Number == 1).Select(field => values[Encoding.UTF8.GetString(field.Bytes)])];
        var kind = Name(bytes, 4);
        var results = kind == "Split" ? Split(inputs, attributes, outputs.Length) : [Result(kind, inputs, attributes)];
        for (var i = 0; i < outputs.Length && i < results.Length; i++)
            values[outputs[i]] = results[i];
        return ($"{kind} {outputs[0]}", Macs(kind, inputs, results[0], attributes));
    }

    private static long Macs(string kind, Known[] inputs, Known result, Attributes attributes) => kind switch
    {
        "Conv" => result.Count * (inputs[1].Count / inputs[1].Shape[0]),
        "MatMul" => result.Count * inputs[0].Shape[^1],
        "Gemm" => result.Count * (attributes.Integer("transA", 0) == 0 ? inputs[0].Shape[1] : inputs[0].Shape[0]),
        "Einsum" => Letters(inputs, attributes).Values.Aggregate(1L, (product, size) => product * size),
        _ => 0,
    };

    private static Dictionary<char, long> Letters(Known[] inputs, Attributes attributes)
    {
        var sizes = new Dictionary<char, long>();
        var terms = attributes.Text("equation")!.Split("->")[0].Replace(" ", "", StringComparison.Ordinal).Split(',');
        for (var i = 0; i < terms.Length; i++)
        {
            for (var axis = 0; axis < terms[i].Length; axis++)
                sizes[terms[i][axis]] = inputs[i].Shape[axis];
        }

        return sizes;
    }

    private static Known Result(string kind, Known[] inputs, Attributes attributes)
    {
        switch (kind)
        {
            case "Constant":
                return attributes.TryGetValue("value", out var value) ? Tensor(value.First(field => field.Number == 5).Bytes)
                    : attributes.TryGetValue("value_int", out _) ? new([], [attributes.Integer("value_int", 0)], true)
                    : attributes.Integers("value_ints") is { } numbers ? new([numbers.Length], Array.ConvertAll(numbers, number => (double)number), true)
                    : new([], null, false);
            case "Shape":
                return new([inputs[0].Shape.Length], Array.ConvertAll(inputs[0].Shape, size => (double)size), true);
            case "ConstantOfShape":
                var filling = attributes.TryGetValue("value", out var filled) ? Tensor(filled.First(field => field.Number == 5).Bytes) : new Known([1], [0], false);
                return Filled(inputs[0].Numbers, () => filling.Data![0], filling.Whole);
            case "Range":
                var (start, end, step) = (inputs[0].Data![0], inputs[1].Data![0], inputs[2].Data![0]);
                var count = (long)Math.Max(0, Math.Ceiling((end - start) / step));
                return new([count], [.. Enumerable.Range(0, (int)count).Select(i => start + (i * step))], inputs[0].Whole);
            case "Cast":
                var whole = attributes.Integer("to", 1) is 2 or 3 or 4 or 5 or 6 or 7 or 9 or 12 or 13;
                return new(inputs[0].Shape, inputs[0].Data is { } data && whole ? Array.ConvertAll(data, Math.Truncate) : inputs[0].Data, whole);
            case "Identity":
                return inputs[0];
            case "Neg":
                return inputs[0] with { Data = inputs[0].Data is { } positive ? Array.ConvertAll(positive, number => -number) : null };
            case "Sqrt":
                return inputs[0] with { Data = inputs[0].Data is { } squares ? Array.ConvertAll(squares, Math.Sqrt) : null };
            case "Add" or "Sub" or "Mul" or "Div" or "Mod" or "Pow" or "Equal" or "Greater" or "GreaterOrEqual" or "Less" or "Min" or "Max":
                return Pairwise(kind, inputs[0], inputs[1]);
            case "Where":
                return Chosen(inputs[0], inputs[1], inputs[2]);
            case "Reshape":
                return inputs[0] with { Shape = Reshaped(inputs[0], inputs[1].Numbers) };
            case "Flatten":
                var cut = (int)attributes.Integer("axis", 1);
                var outer = inputs[0].Shape.Take(cut).Aggregate(1L, (product, size) => product * size);
                return inputs[0] with { Shape = [outer, inputs[0].Count / outer] };
            case "Squeeze":
                var dropped = Axes(inputs, attributes, inputs[0].Shape.Length);
                return inputs[0] with { Shape = [.. inputs[0].Shape.Where((size, axis) => dropped is null ? size != 1 : !dropped.Contains(axis))] };
            case "Unsqueeze":
                return inputs[0] with { Shape = Unsqueezed(inputs, attributes) };
            case "Expand":
                var wanted = Broadcast(inputs[0].Shape, inputs[1].Numbers);
                return Picked(inputs[0], wanted, place => Under(place, inputs[0].Shape));
            case "Transpose":
                var order = attributes.Integers("perm") ?? [.. Enumerable.Range(0, inputs[0].Shape.Length).Reverse().Select(axis => (long)axis)];
                return Picked(inputs[0], Array.ConvertAll(order, axis => inputs[0].Shape[axis]), place =>
                {
                    var source = new long[place.Length];
                    for (var axis = 0; axis < place.Length; axis++)
                        source[order[axis]] = place[axis];
                    return source;
                });
            case "Gather":
                return Gathered(inputs[0], inputs[1], attributes.Integer("axis", 0));
            case "Slice":
                return Sliced(inputs);
            case "Concat":
                return Joined(inputs, attributes.Integer("axis", 0));
            case "Pad":
                var pads = inputs.Length > 1 ? inputs[1].Numbers : attributes.Integers("pads")!;
                return new([.. inputs[0].Shape.Select((size, axis) => size + pads[axis] + pads[axis + inputs[0].Shape.Length])], null, inputs[0].Whole);
            case "ReduceMean" or "ReduceL2" or "ReduceSum" or "ReduceMax":
                var axes = Axes(inputs, attributes, inputs[0].Shape.Length) ?? [.. Enumerable.Range(0, inputs[0].Shape.Length)];
                var keep = attributes.Integer("keepdims", 1) != 0;
                return new([.. inputs[0].Shape.Select((size, axis) => axes.Contains(axis) ? keep ? 1 : -1 : size).Where(size => size >= 0)], null, false);
            case "GlobalAveragePool":
                return new([.. inputs[0].Shape.Select((size, axis) => axis < 2 ? size : 1)], null, false);
            case "Conv":
                return new([inputs[0].Shape[0], inputs[1].Shape[0], .. Slid(inputs[0].Shape[2..], inputs[1].Shape[2..], attributes)], null, false);
            case "MaxPool" or "AveragePool":
                return new([.. inputs[0].Shape[..2], .. Slid(inputs[0].Shape[2..], attributes.Integers("kernel_shape")!, attributes)], null, false);
            case "MatMul":
                return new([.. Broadcast(inputs[0].Shape[..^2], inputs[1].Shape[..^2]), inputs[0].Shape[^2], inputs[1].Shape[^1]], null, false);
            case "Gemm":
                return new([inputs[0].Shape[attributes.Integer("transA", 0)], inputs[1].Shape[1 - attributes.Integer("transB", 0)]], null, false);
            case "Einsum":
                var sizes = Letters(inputs, attributes);
                return new([.. attributes.Text("equation")!.Split("->")[1].Replace(" ", "", StringComparison.Ordinal).Select(letter => sizes[letter])], null, false);
            case "Relu" or "Sigmoid" or "Erf" or "Exp" or "Tanh" or "Clip" or "HardSwish" or "HardSigmoid" or "Dropout" or "Softmax" or "BatchNormalization"
                or "LayerNormalization" or "Cos" or "Sin" or "Trilu" or "Not" or "ScatterND" or "Reciprocal":
                return new(inputs[0].Shape, null, inputs[0].Whole);
            default:
                throw new NotSupportedException($"The naive count knows no {kind}.");
        }
    }

    private static HashSet<int>? Axes(Known[] inputs, Attributes attributes, int rank) =>
        (inputs.Length > 1 ? inputs[1].Numbers : attributes.Integers("axes"))?.Select(axis => (int)(axis < 0 ? axis + rank : axis)).ToHashSet();

    private static long[] Unsqueezed(Known[] inputs, Attributes attributes)
    {
        var given = inputs.Length > 1 ? inputs[1].Numbers : attributes.Integers("axes")!;
        var rank = inputs[0].Shape.Length + given.Length;
        var added = given.Select(axis => axis < 0 ? axis + rank : axis).ToHashSet();
        var rest = new Queue<long>(inputs[0].Shape);
        return [.. Enumerable.Range(0, rank).Select(axis => added.Contains(axis) ? 1 : rest.Dequeue())];
    }

    private static long[] Reshaped(Known input, long[] wanted)
    {
        long[] shape = [.. wanted.Select((size, axis) => size == 0 ? input.Shape[axis] : size)];
        var open = Array.IndexOf(shape, -1);
        if (open >= 0)
            shape[open] = input.Count / shape.Where(size => size >= 0).Aggregate(1L, (product, size) => product * size);
        return shape;
    }

    private static long[] Slid(long[] sizes, long[] kernel, Attributes attributes)
    {
        var strides = attributes.Integers("strides") ?? [.. kernel.Select(_ => 1L)];
        var dilations = attributes.Integers("dilations") ?? [.. kernel.Select(_ => 1L)];
        var pads = attributes.Integers("pads") ?? [.. kernel.Concat(kernel).Select(_ => 0L)];
        return [.. sizes.Select((size, axis) =>
        {
            // How many windows begin at a multiple of the stride and end within the padded image.
            var count = 0L;
            for (var at = 0L; at + (dilations[axis] * (kernel[axis] - 1)) < size + pads[axis] + pads[axis + sizes.Length]; at += strides[axis])
                count++;
            return count;
        })];
    }

    private static Known[] Split(Known[] inputs, Attributes attributes, int parts)
    {
        var axis = attributes.Integer("axis", 0) is < 0 and var back ? back + inputs[0].Shape.Length : attributes.Integer("axis", 0);
        var sizes = inputs.Length > 1 ? inputs[1].Numbers : attributes.Integers("split") ?? [.. Enumerable.Repeat(inputs[0].Shape[axis] / parts, parts)];
        var start = 0L;
        return Array.ConvertAll(sizes, size =>
        {
            var from = start;
            start += size;
            long[] shape = [.. inputs[0].Shape.Select((whole, at) => at == axis ? size : whole)];
            return Picked(inputs[0], shape, place => [.. place.Select((index, at) => at == axis ? index + from : index)]);
        });
    }

    private static Known Gathered(Known data, Known indices, long axis)
    {
        axis = axis < 0 ? axis + data.Shape.Length : axis;
        long[] shape = [.. data.Shape.Take((int)axis), .. indices.Shape, .. data.Shape.Skip((int)axis + 1)];
        if (indices.Data is null)
            return new(shape, null, data.Whole);
        return Picked(data, shape, place =>
        {
            var index = (long)indices.Data[Flat(place.AsSpan((int)axis, indices.Shape.Length), indices.Shape)];
            return [.. place.Take((int)axis), index < 0 ? index + data.Shape[axis] : index, .. place.Skip((int)axis + indices.Shape.Length)];
        });
    }

    private static Known Sliced(Known[] inputs)
    {
        var shape = inputs[0].Shape;
        var (starts, steps, sizes) = (new long[shape.Length], Enumerable.Repeat(1L, shape.Length).ToArray(), (long[])shape.Clone());
        for (var i = 0; i < inputs[1].Count; i++)
        {
            var axis = inputs.Length > 3 ? inputs[3].Numbers[i] : i;
            axis = axis < 0 ? axis + shape.Length : axis;
            var step = inputs.Length > 4 ? inputs[4].Numbers[i] : 1;
            var from = inputs[1].Numbers[i] is < 0 and var back ? back + shape[axis] : inputs[1].Numbers[i];
            var to = inputs[2].Numbers[i] is < 0 and var last ? last + shape[axis] : inputs[2].Numbers[i];
            (starts[axis], steps[axis], sizes[axis]) = (Math.Clamp(from, 0, step > 0 ? shape[axis] : shape[axis] - 1), step, 0);
            for (var at = starts[axis]; step > 0 ? at < Math.Min(to, shape[axis]) : at > Math.Max(to, -1); at += step)
                sizes[axis]++;
        }

        return Picked(inputs[0], sizes, place => [.. place.Select((index, axis) => starts[axis] + (index * steps[axis]))]);
    }

    private static Known Joined(Known[] inputs, long axis)
    {
        axis = axis < 0 ? axis + inputs[0].Shape.Length : axis;
        long[] shape = [.. inputs[0].Shape.Select((size, at) => at == axis ? inputs.Sum(input => input.Shape[axis]) : size)];
        return new(shape, shape.Length == 1 && Array.TrueForAll(inputs, input => input.Data is not null) ? [.. inputs.SelectMany(input => input.Data!)] : null, inputs[0].Whole);
    }

    private static Known Pairwise(string kind, Known left, Known right)
    {
        var shape = Broadcast(left.Shape, right.Shape);
        var whole = left.Whole && right.Whole;
        var compares = kind is "Equal" or "Greater" or "GreaterOrEqual" or "Less";
        if (left.Data is null || right.Data is null || shape.Aggregate(1L, (count, size) => count * size) > MostElements)
            return new(shape, null, whole || compares);
        return Each(shape, whole || compares, place =>
        {
            var (a, b) = (left.Data[Flat(Under(place, left.Shape), left.Shape)], right.Data[Flat(Under(place, right.Shape), right.Shape)]);
            return kind switch
            {
                "Add" => a + b,
                "Sub" => a - b,
                "Mul" => a * b,
                "Div" => whole ? Math.Truncate(a / b) : a / b,
                "Mod" => a - (b * Math.Floor(a / b)),
                "Pow" => Math.Pow(a, b),
                "Min" => Math.Min(a, b),
                "Max" => Math.Max(a, b),
                "Equal" => a == b ? 1 : 0,
                "Greater" => a > b ? 1 : 0,
                "GreaterOrEqual" => a >= b ? 1 : 0,
                _ => a < b ? 1 : 0,
            };
        });
    }

    private static Known Chosen(Known condition, Known yes, Known no)
    {
        var shape = Broadcast(Broadcast(condition.Shape, yes.Shape), no.Shape);
        if (condition.Data is null || yes.Data is null || no.Data is null || shape.Aggregate(1L, (count, size) => count * size) > MostElements)
            return new(shape, null, yes.Whole);
        double At(Known from, long[] place) => from.Data![Flat(Under(place, from.Shape), from.Shape)];
        return Each(shape, yes.Whole, place => At(condition, place) != 0 ? At(yes, place) : At(no, place));
    }

    private static Known Picked(Known from, long[] shape, Func<long[], long[]> source) =>
        from.Data is null || shape.Aggregate(1L, (count, size) => count * size) > MostElements
            ? new(shape, null, from.Whole)
            : Each(shape, from.Whole, place => from.Data[Flat(source(place), from.Shape)]);

    private static Known Filled(long[] shape, Func<double> value, bool whole) =>
        shape.Aggregate(1L, (count, size) => count * size) > MostElements ? new(shape, null, whole) : Each(shape, whole, _ => value());

    private static Known Each(long[] shape, bool whole, Func<long[], double> element)
    {
        var data = new double[shape.Aggregate(1L, (count, size) => count * size)];
        var place = new long[shape.Length];
        for (var i = 0; i < data.Length; i++)
        {
            data[i] = element(place);
            for (var axis = shape.Length - 1; axis >= 0 && ++place[axis] == shape[axis]; axis--)
                place[axis] = 0;
        }

        return new(shape, data, whole);
    }

    private static long Flat(ReadOnlySpan<long> place, long[] shape)
    {
        var flat = 0L;
        for (var axis = 0; axis < shape.Length; axis++)
            flat = (flat * shape[axis]) + place[axis];
        return flat;
    }

    private static long[] Under(long[] place, long[] shape) =>
        [.. place.Skip(place.Length - shape.Length).Select((index, axis) => shape[axis] == 1 ? 0 : index)];

    private static long[] Broadcast(long[] left, long[] right)
    {
        var rank = Math.Max(left.Length, right.Length);
        long At(long[] shape, int axis) => axis < rank - shape.Length ? 1 : shape[axis - (rank - shape.Length)];
        return [.. Enumerable.Range(0, rank).Select(axis => At(left, axis) == 1 ? At(right, axis) : At(left, axis))];
    }

    private static Known Input(byte[] bytes, (string Name, long Size)[] dimensions)
    {
        byte[] Inner(byte[] from, int number) => Fields(from).First(field => field.Number == number).Bytes;
        var shape = Fields(Inner(Inner(Inner(bytes, 2), 1), 2)).Where(field => field.Number == 1).Select(dimension =>
        {
            var size = Fields(dimension.Bytes).First();
            return size.Number == 1 ? (long)size.Value : dimensions.Single(pair => pair.Name == Encoding.UTF8.GetString(size.Bytes)).Size;
        });
        return new([.. shape], null, Fields(Inner(Inner(bytes, 2), 1)).First(field => field.Number == 1).Value is 6 or 7);
    }

    private static Known Tensor(byte[] bytes)
    {
        var fields = Fields(bytes).ToList();
        long[] shape = [.. fields.Where(field => field.Number == 1).SelectMany(Packed)];
        var type = fields.First(field => field.Number == 2).Value;
        var count = shape.Aggregate(1L, (product, size) => product * size);
        var raw = fields.Find(field => field.Number == 9)?.Bytes;
        double[]? data = type switch
        {
            _ when count > MostElements => null,
            7 when raw?.Length == 8 * count => [.. Enumerable.Range(0, (int)count).Select(i => (double)BitConverter.ToInt64(raw, 8 * i))],
            7 when raw is null => [.. fields.Where(field => field.Number == 7).SelectMany(Packed).Select(number => (double)number)],
            6 when raw?.Length == 4 * count => [.. Enumerable.Range(0, (int)count).Select(i => (double)BitConverter.ToInt32(raw, 4 * i))],
            1 when raw?.Length == 4 * count => [.. Enumerable.Range(0, (int)count).Select(i => (double)BitConverter.ToSingle(raw, 4 * i))],
            9 when raw?.Length == count => [.. raw.Select(value => (double)value)],
            _ => null,
        };
        return new(shape, data?.Length == count ? data : null, type is 2 or 3 or 6 or 7 or 9);
    }

    private static string Name(byte[] bytes, int number) =>
        Encoding.UTF8.GetString(Fields(bytes).FirstOrDefault(field => field.Number == number)?.Bytes ?? []);

    private static IEnumerable<long> Packed(Field field)
    {
        if (field.Bytes.Length == 0)
            return [(long)field.Value];
        var at = 0;
        var numbers = new List<long>();
        while (at < field.Bytes.Length)
            numbers.Add((long)Number(field.Bytes, ref at));
        return numbers;
    }

    private static IEnumerable<Field> Fields(byte[] bytes)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var tag = Number(bytes, ref at);
            var number = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    yield return new(number, Number(bytes, ref at), []);
                    break;
                case 2:
                    var length = (int)Number(bytes, ref at);
                    yield return new(number, 0, bytes[at..(at + length)]);
                    at += length;
                    break;
                case var kind:
                    at += kind == 5 ? 4 : kind == 1 ? 8 : throw new InvalidDataException(kind.ToString(CultureInfo.InvariantCulture));
                    break;
            }
        }
    }

    private static ulong Number(byte[] bytes, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var part = bytes[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }
    }
}
