using System.Globalization;
using Allspark.Engine.Models;
using Allspark.Engine.Specifications;

namespace Allspark.Engine.Import.Peers;

/// <summary>
/// Reads a problem of Timeloop, versions 0.2 to 0.4: a shape (dimensions and the projections of the data spaces on them) and an
/// instance of it. One problem is one layer.
/// </summary>
internal static class TimeloopProblem
{
    /// <summary>The shape that Timeloop ships and takes where a problem names none.</summary>
    private const string ConvolutionShape = "cnn-layer";

    private const int MostSize = int.MaxValue;
    private const int MostAxes = 16;

    // The shape's own file, problem-shapes/cnn-layer.yaml, in this reader's terms.
    private static readonly TimeloopShape Convolution = new(
        ["R", "S", "P", "Q", "C", "K", "N"],
        new Dictionary<string, long>(StringComparer.Ordinal) { ["Wstride"] = 1, ["Hstride"] = 1, ["Wdilation"] = 1,
            ["Hdilation"] = 1 },
        new LoopArrays(["N", "K", "P", "Q"], ["N", "C", "R", "P", "S", "Q"], ["C", "K", "R", "S"]),
        [new TimeloopSum("P", "Wstride", "R", "Wdilation"), new TimeloopSum("Q", "Hstride", "S", "Hdilation")]);

    /// <summary>Whether a file's root has a problem.</summary>
    public static bool Recognizes(SpecificationNode root) => root is SpecificationMap map && map.TryGet("problem", out _);

    /// <summary>Reads the layer.</summary>
    /// <exception cref="SpecificationException">It is no such problem; says where, what is wrong and what is allowed.</exception>
    public static DnnModel Read(SpecificationNode root, string name, Precision? precision)
    {
        var problem = root.AsMap()["problem"].AsMap();
        var notes = new List<string> { $"Imported from {root.File}, a problem of Timeloop: one layer." };
        var shape = Shape(problem, notes);
        var instance = problem.TryGet("instance", out var own) ? own.AsMap() : problem;
        Remark(root.AsMap(), problem, instance, shape, notes);
        try
        {
            long Size(string dimension) => instance.TryGet(dimension, out var node)
                ? node.Integer(1, MostSize)
                : throw instance.Error($"the size of the dimension {dimension} is missing.");
            long Factor(string coefficient) => long.TryParse(coefficient, NumberStyles.None, CultureInfo.InvariantCulture,
                out var factor) ? factor
                : instance.TryGet(coefficient, out var node) ? node.Integer(1, MostSize)
                : shape.Coefficients.TryGetValue(coefficient, out var usual) ? usual
                : throw instance.Error($"the coefficient {coefficient} has no value.");
            var nest = new LoopNest
            {
                Loops = [.. shape.Dimensions.Select(dimension => (dimension, Size(dimension)))],
                Arrays = shape.Arrays,
                Sliding = [.. shape.Sums.Select(sum =>
                    new SlidingIndex(sum.Output, Factor(sum.Stride), sum.Kernel, Factor(sum.Dilation)))],
                BatchLoop = shape.Sums.Count > 0 ? "N" : null,
            };
            var step = nest.Step(name, problem, ofActivations: false, out var images);
            return new LayerChain(root.File).Build([step], name, precision ?? Precision.Fp16, images, notes);
        }
        catch (OverflowException error)
        {
            throw new SpecificationException(root.File, 1, 1, "", "has dimensions whose product is more than can be counted.",
                error);
        }
    }

    private static TimeloopShape Shape(SpecificationMap problem, List<string> notes)
    {
        if (!problem.TryGet("shape", out var node))
        {
            notes.Add($"No shape is given: as Timeloop does, {ConvolutionShape} is taken.");
            return Convolution;
        }

        if (node is SpecificationScalar word)
        {
            return word.Text is ConvolutionShape or ConvolutionShape + ".yaml"
                ? Convolution
                : throw word.Error($"'{Shown(word)}' is a shape of a file of its own; write its dimensions and data_spaces here. Known by name: {ConvolutionShape}.");
        }

        var map = node.AsMap();
        map.Allow("name", "version", "dimensions", "coefficients", "data_spaces", "data-spaces", "dataSpaces", "operation",
            "einsums");
        var dimensions = map["dimensions"].Each(1, LoopNest.MostLoops, item => item.Identifier());
        if (dimensions.Distinct().Count() != dimensions.Count)
            throw map["dimensions"].Error("names a dimension twice.");
        var coefficients = map.TryGet("coefficients", out var list) && list is SpecificationList
            ? list.Each(0, LoopNest.MostLoops, Coefficient).ToDictionary(StringComparer.Ordinal) : [];
        var spaces = Spaces(map);
        var arrays = spaces.Each(1, MostAxes, item => Space(item.AsMap(), dimensions, coefficients));
        return Arranged(spaces, dimensions, coefficients, arrays);
    }

    private static KeyValuePair<string, long> Coefficient(SpecificationNode node)
    {
        var map = node.AsMap().Allow("name", "default");
        return new(map["name"].Identifier(), map.TryGet("default", out var usual) ? usual.Integer(1, MostSize) : 1);
    }

    private static SpecificationNode Spaces(SpecificationMap map) =>
        map.TryGet("data_spaces", out var spaces) || map.TryGet("data-spaces", out spaces) || map.TryGet("dataSpaces", out spaces)
            ? spaces
            : throw map.Error("the key 'data_spaces' is missing.");

    // The result is what is written; of the operands, the inputs are those that slide or are named so, else those named first.
    private static TimeloopShape Arranged(
        SpecificationNode place, ValueList<string> dimensions, Dictionary<string, long> coefficients,
            ValueList<TimeloopSpace> spaces)
    {
        var results = spaces.Where(space => space.IsWritten).ToList();
        var operands = spaces.Where(space => !space.IsWritten).ToList();
        if (results.Count != 1 || operands.Count != 2)
        {
            throw place.Error($"has {operands.Count} data spaces that are read and {results.Count} that are written (read_write: true). "
                + "A matrix product has two and one.");
        }

        var weights = operands.FindIndex(space => space.Name.StartsWith("weight", StringComparison.OrdinalIgnoreCase)
            || space.Name.StartsWith("filter", StringComparison.OrdinalIgnoreCase));
        if (weights < 0)
            weights = operands[1].Sums.Count > 0 ? 0 : 1;
        var (inputs, second) = (operands[1 - weights], operands[weights]);
        if (results[0].Sums.Count > 0 || second.Sums.Count > 0)
            throw place.Error("only the inputs may have sums of two dimensions.");
        // The sum is written in either order; what the weights have is the kernel.
        var sums = inputs.Sums.Select(sum => second.Loops.Contains(sum.Output)
            ? new TimeloopSum(sum.Kernel, sum.Dilation, sum.Output, sum.Stride) : sum);
        return new TimeloopShape([.. dimensions], coefficients, new LoopArrays(results[0].Loops, inputs.Loops, second.Loops),
            [.. sums]);
    }

    private static TimeloopSpace Space(SpecificationMap map, ValueList<string> dimensions, Dictionary<string, long> coefficients)
    {
        map.Allow("name", "projection", "read_write", "read-write", "readWrite");
        var written = (map.TryGet("read_write", out var flag) || map.TryGet("read-write", out flag)
            || map.TryGet("readWrite", out flag))
            && flag.AsScalar().Text.ToUpperInvariant() is "TRUE" or "YES" or "1";
        var (loops, sums) = (new List<string>(), new List<TimeloopSum>());
        foreach (var axis in map["projection"].Each(1, MostAxes, item => item))
        {
            var terms = axis.Each(1, 2, term => Term(term, dimensions, coefficients));
            loops.AddRange(terms.Select(term => term.Dimension));
            if (terms.Count == 2)
                sums.Add(new TimeloopSum(terms[0].Dimension, terms[0].Factor, terms[1].Dimension, terms[1].Factor));
            else if (terms[0].Factor != "1")
                throw axis.Error("a single dimension with a coefficient skips data; that is no matrix product.");
        }

        return loops.Distinct(StringComparer.Ordinal).Count() == loops.Count
            ? new TimeloopSpace(map["name"].Identifier(), written, loops, sums)
            : throw map["projection"].Error("has a dimension twice.");
    }

    private static (string Dimension, string Factor) Term(SpecificationNode node, ValueList<string> dimensions, Dictionary<string,
        long> coefficients)
    {
        var parts = node.Each(1, 2, part => part.Identifier());
        if (!dimensions.Contains(parts[0]))
            throw node.Error(SpecificationMap.Unknown("dimension", parts[0], [.. dimensions]));
        var factor = parts.Count > 1 ? parts[1] : "1";
        return coefficients.ContainsKey(factor) || factor.All(char.IsAsciiDigit)
            ? (parts[0], factor)
            : throw node.Error(SpecificationMap.Unknown("coefficient", factor, [.. coefficients.Keys]));
    }

    private static void Remark(SpecificationMap root, SpecificationMap problem, SpecificationMap instance, TimeloopShape shape,
        List<string> notes)
    {
        var beside = root.Keys.Where(key => key != "problem").ToList();
        if (beside.Count > 0)
            notes.Add($"Not read here: {string.Join(", ", beside)}.");
        var known = shape.Dimensions.Concat(shape.Coefficients.Keys).ToHashSet(StringComparer.Ordinal);
        var others = problem.Keys.Except(["shape", "instance", "version", "name"], StringComparer.Ordinal)
            .Concat(instance == problem ? [] : instance.Keys).Where(key => !known.Contains(key)).Distinct(StringComparer.Ordinal)
                .ToList();
        if (others.Remove("densities"))
            notes.Add("Densities are not modelled: the product is dense.");
        if (others.Count > 0)
            notes.Add($"Without effect here: {string.Join(", ", others.Select(ModelImportException.Quote))}.");
    }

    private static string Shown(SpecificationScalar scalar) => scalar.Text.Length <= 60 ? scalar.Text : string
        .Concat(scalar.Text.AsSpan(0, 60), "…");
}

/// <summary>A shape: its dimensions, usual coefficients, what indexes each array, and the sums among the indices of the
/// inputs.</summary>
internal sealed record TimeloopShape(
    IReadOnlyList<string> Dimensions, Dictionary<string, long> Coefficients, LoopArrays Arrays, IReadOnlyList<TimeloopSum> Sums);

/// <summary>A data space: the dimensions that index it, and the sums of two among them.</summary>
internal sealed record TimeloopSpace(string Name, bool IsWritten, List<string> Loops, List<TimeloopSum> Sums);

/// <summary>An index that is a sum of two dimensions, each with the name of its coefficient or a number.</summary>
internal sealed record TimeloopSum(string Output, string Stride, string Kernel, string Dilation);
