namespace Allspark.Engine.Import.Onnx;

/// <content>The attentions. Queries, keys and values are [batch, heads, tokens, head dimension] from where they are split.</content>
internal sealed partial class Expansion
{
    // Projection, attention of all heads; keys and values before these are one tensor.
    private string[] FusedAttention(string past, string bias)
    {
        var heads = Needed("num_heads");
        var width = Shape(1)[1];
        var widths = node.Attributes.TryGetValue("qkv_hidden_sizes", out var sizes) && sizes.Integers.Length == 3
            ? sizes.Integers
            : [width / 3, width / 3, width / 3];
        var projected = Sum(Emit("MatMul", In(0), In(1)), In(2));
        var parts = Emit("Split", [projected], 3, ("axis", [-1]), ("split", widths));
        var (query, key, value) = (Split(parts[0], heads), Split(parts[1], heads), Split(parts[2], heads));
        var (tokens, before) = (Shape(0)[1], 0L);
        if (past.Length > 0)
        {
            before = inputs[int.Parse(past.AsSpan(2), System.Globalization.CultureInfo.InvariantCulture)]!.Shape[3];
            key = Behind(Emit("Gather", past, Index(0)), key);
            value = Behind(Emit("Gather", past, Index(1)), value);
        }

        var result = Attend(query, key, value, bias, Attribute("unidirectional", 0) != 0, tokens, before + tokens);
        var present = Emit("Concat", [EmitWith("Unsqueeze", key, "axes", 0), EmitWith("Unsqueeze", value, "axes", 0)], 1, ("axis", [0]))[0];
        return [Joined(result), present];
    }

    private string[] MultiHeadAttention()
    {
        var heads = Needed("num_heads");
        var (query, key, value) = QueriesKeysValues(heads);
        var (tokens, keys) = (Shape(0)[1], !Has(1) ? Shape(0)[1] : Shape(1).Length == 4 ? Shape(1)[2] : Shape(1)[1]);
        if (Has(6) && Has(7))
        {
            key = Behind(In(6), key);
            value = Behind(In(7), value);
            keys += Shape(6)[2];
        }

        var result = Attend(query, key, value, In(5), Attribute("unidirectional", 0) != 0, tokens, keys);
        return [Joined(result), key, value];
    }

    // Three operands, or packed for each head: three in the queries, or two in the keys.
    private (string Query, string Key, string Value) QueriesKeysValues(long heads)
    {
        if (!Has(1))
        {
            var all = Emit("Split", [In(0)], 3, ("axis", [3]), ("split", [1, 1, 1]));
            return (Unpacked(all[0]), Unpacked(all[1]), Unpacked(all[2]));
        }

        var (query, key, value) = (In(0), In(1), In(2));
        if (Has(3))
        {
            var width = Shape(0)[^1];
            var parts = Emit("Split", [In(3)], 3, ("axis", [0]), ("split", [width, width, Shape(3)[0] - (2 * width)]));
            query = Emit("Add", query, parts[0]);
            if (Shape(1).Length == 3)
                (key, value) = (Emit("Add", key, parts[1]), Emit("Add", value, parts[2]));
        }

        if (!Has(2))
        {
            var two = Emit("Split", [In(1)], 2, ("axis", [3]), ("split", [1, 1]));
            return (Split(query, heads), Unpacked(two[0]), Unpacked(two[1]));
        }

        return Shape(1).Length == 4 ? (Split(query, heads), key, value) : (Split(query, heads), Split(key, heads), Split(value, heads));

        string Unpacked(string part) => EmitWith("Transpose", EmitWith("Squeeze", part, "axes", 3), "perm", 0, 2, 1, 3);
    }

    private string[] GroupedAttention()
    {
        var (heads, shared) = (Needed("num_heads"), Needed("kv_num_heads"));
        string query, key, value;
        if (Has(1))
            (query, key, value) = (Split(In(0), heads), Split(In(1), shared), Split(In(2), shared));
        else
        {
            var all = Emit("Split", [Split(In(0), heads + (2 * shared))], 3, ("axis", [1]), ("split", [heads, shared, shared]));
            (query, key, value) = (all[0], all[1], all[2]);
        }

        var (tokens, before) = (Shape(0)[1], 0L);
        if (Has(3) && Has(4))
        {
            before = Shape(3)[2];
            key = Behind(In(3), key);
            value = Behind(In(4), value);
        }

        var result = Attend(query, Repeated(key, heads, shared), Repeated(value, heads, shared), In(10), causal: true, tokens, before + tokens);
        return [Joined(result), key, value];
    }

    // The standard set's: operands of three axes, whose heads are attributes, or of four.
    private string[] StandardAttention()
    {
        var joined = Shape(0).Length == 3;
        var (heads, shared) = joined ? (Needed("q_num_heads"), Needed("kv_num_heads")) : (Shape(0)[1], Shape(1)[1]);
        var (query, key, value) = joined ? (Split(In(0), heads), Split(In(1), shared), Split(In(2), shared)) : (In(0), In(1), In(2));
        var (tokens, keys) = joined ? (Shape(0)[1], Shape(1)[1]) : (Shape(0)[2], Shape(1)[2]);
        if (Has(4) && Has(5))
        {
            key = Behind(In(4), key);
            value = Behind(In(5), value);
            keys += Shape(4)[2];
        }

        var result = Attend(query, Repeated(key, heads, shared), Repeated(value, heads, shared), In(3), Attribute("is_causal", 0) != 0, tokens, keys);
        return [joined ? Joined(result) : result, key, value];
    }

    // Keys or values behind those that a cache holds.
    private string Behind(string past, string now) => Emit("Concat", [past, now], 1, ("axis", [2]))[0];

    private string Split(string tokens, long heads) =>
        EmitWith("Transpose", Emit("Reshape", tokens, Numbers(0, 0, heads, -1)), "perm", 0, 2, 1, 3);

    private string Joined(string result) => Emit("Reshape", EmitWith("Transpose", result, "perm", 0, 2, 1, 3), Numbers(0, 0, -1));

    // Every head of keys serves as many heads of queries.
    private string Repeated(string keys, long heads, long shared)
    {
        if (heads == shared)
            return keys;
        if (heads % shared != 0 || heads > Tensor.MostElements)
            throw Bad($"{shared} heads of keys do not divide {heads} heads of queries.");
        return Emit("Gather", [keys, Numbers([.. Enumerable.Range(0, (int)heads).Select(head => head / (heads / shared))])], 1, ("axis", [1]))[0];
    }

    private string Attend(string query, string key, string value, string bias, bool causal, long queries, long keys)
    {
        var scores = Emit("MatMul", query, EmitWith("Transpose", key, "perm", 0, 1, 3, 2));
        var infinite = new OnnxAttribute("value_float") { Real = float.NegativeInfinity };
        var never = Emit("Constant", [], 1, new Dictionary<string, OnnxAttribute> { [infinite.Name] = infinite })[0];
        if (bias.Length > 0)
        {
            var isChoice = inputs[int.Parse(bias.AsSpan(2), System.Globalization.CultureInfo.InvariantCulture)]!.Tensor.Type == ElementType.Bool;
            scores = isChoice ? Emit("Where", bias, scores, never) : Emit("Add", scores, bias);
        }

        // One token sees all that is before it.
        if (causal && queries > 1)
        {
            var ones = Emit("ConstantOfShape", Numbers(queries, keys));
            scores = Emit("Where", Emit("Trilu", [ones, Index(keys - queries)], 1, ("upper", [0]))[0], scores, never);
        }

        return Emit("MatMul", Softmax(scores, -1), value);
    }

    private ModelImportException Bad(string problem) => new(file, node.Label, problem);
}
