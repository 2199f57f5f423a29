namespace Allspark.Engine.Import.Onnx;

/// <summary>Operators that work on each element by itself, and normalisations, which keep the shape too.</summary>
internal static class ElementwiseOperators
{
    private static readonly string[] Unary =
    [
        "Relu", "LeakyRelu", "Elu", "Selu", "Celu", "Sigmoid", "HardSigmoid", "HardSwish", "Tanh", "Erf", "Gelu", "Mish",
        "Softplus", "Softsign", "ThresholdedRelu", "Swish", "Exp", "Log", "Round", "Sign", "Sin", "Cos", "Tan", "Asin", "Acos", "Atan",
        "Sinh", "Cosh", "Asinh", "Acosh", "Atanh", "Softmax", "LogSoftmax", "Hardmax", "LayerNormalization", "GroupNormalization",
        "InstanceNormalization", "BatchNormalization", "LpNormalization", "MeanVarianceNormalization", "RMSNormalization", "CumSum",
        "CumProd", "Trilu", "LRN", "Shrink", "BitwiseNot", "RandomNormalLike", "RandomUniformLike", "Bernoulli", "Clip", "PRelu",
    ];

    private static readonly string[] Comparisons = ["Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual", "And", "Or", "Xor"];

    private static readonly string[] Arithmetic =
        ["Add", "Sub", "Mul", "Div", "Pow", "Mod", "Min", "Max", "Sum", "Mean", "BitShift", "BitwiseAnd", "BitwiseOr", "BitwiseXor"];

    public static void Register(Dictionary<string, Action<NodeContext>> rules)
    {
        foreach (var name in Unary)
            rules[name] = static context => context.SetLike(0);
        rules["LayerNormalization"] = LayerNormalization;
        foreach (var (name, whole, real) in Folded())
            rules[name] = context => Map(context, whole, real);
        rules["Identity"] = static context => context.Set(context.In(0));
        rules["Not"] = static context => Map(context, static value => value == 0 ? 1 : 0, static value => value);
        rules["IsNaN"] = rules["IsInf"] = static context => context.Set(ElementType.Bool, context.Shape(0));
        rules["Cast"] = static context => Cast(context, (ElementType)context.Integer("to", 1));
        rules["CastLike"] = static context => Cast(context, context.In(1).Type);
        rules["QuantizeLinear"] = static context => context.Set(context.Has(2) ? context.In(2).Type : ElementType.UInt8, context.Shape(0));
        rules["DequantizeLinear"] = static context => context.Set(context.In(1).Type, context.Shape(0));
        rules["DynamicQuantizeLinear"] = static context =>
        {
            context.Set(ElementType.UInt8, context.Shape(0));
            context.Set(ElementType.Float, [], 1);
            context.Set(ElementType.UInt8, [], 2);
        };
        rules["Dropout"] = static context =>
        {
            context.Set(context.In(0));
            context.Set(ElementType.Bool, context.Shape(0), 1);
        };
        foreach (var name in Arithmetic)
            rules[name] = Combine;
        foreach (var name in Comparisons)
            rules[name] = Combine;
        rules["Where"] = Where;
    }

    private static IEnumerable<(string Name, Func<long, long> Whole, Func<double, double> Real)> Folded() =>
    [
        ("Neg", static value => unchecked(-value), static value => -value),
        ("Abs", static value => value == long.MinValue ? value : Math.Abs(value), Math.Abs),
        ("Ceil", static value => value, Math.Ceiling),
        ("Floor", static value => value, Math.Floor),
        ("Sqrt", static value => (long)Math.Sqrt(value), Math.Sqrt),
        ("Reciprocal", static value => value == 0 ? 0 : 1 / value, static value => 1 / value),
    ];

    private static void LayerNormalization(NodeContext context)
    {
        var shape = context.Shape(0);
        var axis = context.Axis(context.Integer("axis", -1), shape.Length);
        context.Set(context.In(0).Type, shape);
        long[] statistics = [.. shape[..axis], .. Enumerable.Repeat(1L, shape.Length - axis)];
        context.Set(ElementType.Float, statistics, 1);
        context.Set(ElementType.Float, statistics, 2);
    }

    private static void Map(NodeContext context, Func<long, long> whole, Func<double, double> real)
    {
        var input = context.In(0);
        context.Set(input.Integers is { } integers ? new Tensor(input.Type, input.Shape, Array.ConvertAll(integers, whole.Invoke))
            : input.Reals is { } reals ? new Tensor(input.Type, input.Shape, Array.ConvertAll(reals, real.Invoke))
            : new Tensor(input.Type, input.Shape));
    }

    private static void Cast(NodeContext context, ElementType type)
    {
        var input = context.In(0);
        if (Tensor.IsReal(type))
        {
            context.Set(input.Reals is { } reals ? new Tensor(type, input.Shape, reals)
                : input.Integers is { } whole ? new Tensor(type, input.Shape, Array.ConvertAll(whole, static value => (double)value))
                : new Tensor(type, input.Shape));
            return;
        }

        Func<long, long> narrow = type == ElementType.Bool ? static value => value == 0 ? 0 : 1 : static value => value;
        context.Set(input.Integers is { } integers ? new Tensor(type, input.Shape, Array.ConvertAll(integers, narrow.Invoke))
            : input.Reals is { } fractions
                ? new Tensor(type, input.Shape, Array.ConvertAll(fractions, value => type == ElementType.Bool ? value == 0 ? 0L : 1L : Truncate(value)))
            : new Tensor(type, input.Shape));
    }

    private static long Truncate(double value) =>
        double.IsNaN(value) || Math.Abs(value) >= 9.2e18 ? long.MinValue : (long)value;

    private static void Combine(NodeContext context)
    {
        var result = context.In(0);
        context.Require(context.InputCount > 1 || context.Node.Operator is "Sum" or "Mean" or "Min" or "Max", "its second operand is missing.");
        for (var place = 1; place < context.InputCount; place++)
            result = Combine(context, result, context.In(place));
        context.Set(Array.IndexOf(Comparisons, context.Node.Operator) >= 0 && result.Type != ElementType.Bool
            ? new Tensor(ElementType.Bool, result.Shape)
            : result);
    }

    private static Tensor Combine(NodeContext context, Tensor left, Tensor right)
    {
        var shape = context.Broadcast(left.Shape, right.Shape);
        var compares = Array.IndexOf(Comparisons, context.Node.Operator) >= 0;
        var type = compares ? ElementType.Bool : left.Type;
        if (Tensor.CountOf(shape) > Tensor.MostElements || !left.IsKnown || !right.IsKnown)
            return new Tensor(type, shape);
        if (left.Integers is { } a && right.Integers is { } b)
            return new Tensor(type, shape, Pairs(shape, left.Shape, right.Shape, (x, y) => Whole(context, a[x], b[y])));
        if (compares || context.Node.Operator.StartsWith("Bit", StringComparison.Ordinal))
        {
            return left.Reals is { } p && right.Reals is { } q
                ? new Tensor(type, shape, Pairs(shape, left.Shape, right.Shape, (x, y) => Compare(context.Node.Operator, p[x].CompareTo(q[y]))))
                : new Tensor(type, shape);
        }

        double At(Tensor tensor, long place) => tensor.Reals is { } reals ? reals[place] : tensor.Integers![place];
        return new Tensor(type, shape, Pairs(shape, left.Shape, right.Shape, (x, y) => Real(context, At(left, x), At(right, y))));
    }

    private static T[] Pairs<T>(long[] shape, long[] left, long[] right, Func<long, long, T> combine)
    {
        var (a, b) = (new BroadcastIndex(shape, left), new BroadcastIndex(shape, right));
        var result = new T[Tensor.CountOf(shape)];
        for (var i = 0; i < result.Length; i++)
            result[i] = combine(a.Of(i), b.Of(i));
        return result;
    }

    private static long Whole(NodeContext context, long a, long b)
    {
        switch (context.Node.Operator)
        {
            case "Add" or "Sum":
                return checked(a + b);
            case "Sub":
                return checked(a - b);
            case "Mul":
                return checked(a * b);
            case "Div":
                context.Require(b != 0 && (a != long.MinValue || b != -1), "it divides by zero.");
                return a / b;
            case "Mod":
                context.Require(b != 0, "it divides by zero.");
                var rest = b == -1 ? 0 : a % b;
                return context.Integer("fmod", 0) == 0 && rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
            case "Min":
                return Math.Min(a, b);
            case "Max":
                return Math.Max(a, b);
            case "Pow":
                return Truncate(Math.Pow(a, b));
            case "Mean":
                return (a / 2) + (b / 2);
            case "And" or "BitwiseAnd":
                return a & b;
            case "Or" or "BitwiseOr":
                return a | b;
            case "Xor" or "BitwiseXor":
                return a ^ b;
            case "BitShift":
                return context.Node.Text("direction", "LEFT") == "LEFT" ? a << (int)b : a >> (int)b;
            default:
                return Compare(context.Node.Operator, a.CompareTo(b));
        }
    }

    private static long Compare(string name, int order) => name switch
    {
        "Equal" => order == 0,
        "Less" => order < 0,
        "LessOrEqual" => order <= 0,
        "Greater" => order > 0,
        _ => order >= 0,
    } ? 1 : 0;

    private static double Real(NodeContext context, double a, double b) => context.Node.Operator switch
    {
        "Add" or "Sum" => a + b,
        "Sub" => a - b,
        "Mul" => a * b,
        "Div" => a / b,
        "Pow" => Math.Pow(a, b),
        "Mod" => a % b,
        "Min" => Math.Min(a, b),
        "Max" => Math.Max(a, b),
        _ => (a + b) / 2,
    };

    private static void Where(NodeContext context)
    {
        var (condition, yes, no) = (context.In(0), context.In(1), context.In(2));
        var shape = context.Broadcast(context.Broadcast(condition.Shape, yes.Shape), no.Shape);
        if (Tensor.CountOf(shape) > Tensor.MostElements || condition.Integers is not { } choices || yes.Integers is not { } first
            || no.Integers is not { } second)
        {
            context.Set(yes.Type, shape);
            return;
        }

        var (c, a, b) = (new BroadcastIndex(shape, condition.Shape), new BroadcastIndex(shape, yes.Shape), new BroadcastIndex(shape, no.Shape));
        var chosen = new long[Tensor.CountOf(shape)];
        for (var i = 0; i < chosen.Length; i++)
            chosen[i] = choices[c.Of(i)] != 0 ? first[a.Of(i)] : second[b.Of(i)];
        context.Set(new Tensor(yes.Type, shape, chosen));
    }
}

/// <summary>Where an element of a broadcast result comes from in one of the operands.</summary>
internal readonly struct BroadcastIndex
{
    private readonly long[] shape;
    private readonly long[] steps;

    public BroadcastIndex(long[] shape, long[] operand)
    {
        this.shape = shape;
        steps = new long[shape.Length];
        var strides = Tensor.Strides(operand);
        for (var back = 1; back <= operand.Length; back++)
            steps[^back] = operand[^back] == 1 ? 0 : strides[^back];
    }

    public long Of(long place)
    {
        var source = 0L;
        for (var axis = shape.Length - 1; axis >= 0; axis--)
        {
            source += place % shape[axis] * steps[axis];
            place /= shape[axis];
        }

        return source;
    }
}
