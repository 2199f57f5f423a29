namespace Allspark.Engine.Import.Onnx;

/// <summary>Operators that make a tensor of attributes or of a shape.</summary>
internal static class CreationOperators
{
    public static void Register(Dictionary<string, Action<NodeContext>> rules)
    {
        rules["Constant"] = Constant;
        rules["ConstantOfShape"] = ConstantOfShape;
        rules["Range"] = Range;
        rules["EyeLike"] = static context => context.SetLike(0);
        rules["RandomNormal"] = rules["RandomUniform"] =
            static context => context.Set(ElementType.Float, context.Integers("shape") ?? throw context.Bad("it has no shape."));
    }

    private static void Constant(NodeContext context)
    {
        foreach (var (name, attribute) in context.Node.Source.Attributes)
        {
            Tensor? tensor = name switch
            {
                "value" => attribute.Tensor?.Value,
                "value_int" => Tensor.Scalar(attribute.Integer),
                "value_ints" => Tensor.Vector(attribute.Integers),
                "value_float" => new Tensor(ElementType.Float, [], [attribute.Real]),
                "value_floats" => new Tensor(ElementType.Float, [attribute.Reals.Length], Array.ConvertAll(attribute.Reals, value => (double)value)),
                "value_string" => new Tensor(ElementType.String, []),
                "value_strings" => new Tensor(ElementType.String, [1]),
                _ => null,
            };
            if (tensor is null)
                continue;
            context.Set(tensor);
            return;
        }

        throw context.Bad("it has no value.");
    }

    private static void ConstantOfShape(NodeContext context)
    {
        var shape = (long[])context.Known(0, "the shape").Clone();
        context.Require(Tensor.IsSound(shape), $"the shape [{string.Join(", ", shape)}] is impossible.");
        var value = context.Node.Source.Attributes.TryGetValue("value", out var attribute) ? attribute.Tensor?.Value : null;
        var type = value?.Type ?? ElementType.Float;
        var count = Tensor.CountOf(shape);
        context.Set(count > Tensor.MostElements ? new Tensor(type, shape)
            : Tensor.IsReal(type) ? new Tensor(type, shape, Filled(count, value?.Reals is [var real, ..] ? real : 0))
            : new Tensor(type, shape, Filled(count, value?.Integers is [var integer, ..] ? integer : 0)));
    }

    private static T[] Filled<T>(long count, T value)
    {
        var elements = new T[count];
        Array.Fill(elements, value);
        return elements;
    }

    private static void Range(NodeContext context)
    {
        if (context.In(0).Integers is [var start] && context.In(1).Integers is [var end] && context.In(2).Integers is [var step])
        {
            context.Require(step is not 0 and not long.MinValue, "it does not move.");
            var span = checked(end - start);
            var count = Math.Max(0, checked(span + step - Math.Sign(step)) / step);
            context.Set(count <= Tensor.MostElements
                ? new Tensor(context.In(0).Type, [count], [.. Enumerable.Range(0, (int)count).Select(i => start + (i * step))])
                : new Tensor(context.In(0).Type, [count]));
            return;
        }

        if (context.In(0).Reals is [var first] && context.In(1).Reals is [var last] && context.In(2).Reals is [var by])
        {
            var count = Math.Ceiling((last - first) / by);
            context.Require(count is >= double.MinValue and < Tensor.LargestSize, "it does not end.");
            context.Set(context.In(0).Type, [(long)Math.Max(0, count)]);
            return;
        }

        throw context.Unknown(Array.FindIndex(context.Node.Inputs, input => input is not { Tensor.IsKnown: true }) is >= 0 and var place ? place : 0, "a limit");
    }
}
