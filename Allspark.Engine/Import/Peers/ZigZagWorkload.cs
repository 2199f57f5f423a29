using System.Globalization;
using System.Text.RegularExpressions;
using Allspark.Engine.Models;
using Allspark.Engine.Specifications;

namespace Allspark.Engine.Import.Peers;

/// <summary>
/// Reads the workloads of ZigZag and Stream: a list of layers, each an equation over named loops with their sizes, and by which
/// layers its operands are made. The form is that of ZigZag's own check of such files (zigzag/parser/workload_validator.py).
/// </summary>
internal static partial class ZigZagWorkload
{
    private const int MostLayers = 10_000;
    private const int MostSize = int.MaxValue;

    private static readonly string[] Keys =
    [
        "id", "name", "operator_type", "equation", "dimension_relations", "loop_dims", "loop_sizes", "operand_precision",
            "operand_source",
        "pr_loop_dims", "pr_loop_sizes", "padding", "time_dim",
    ];

    /// <summary>Whether a file's root is a list of such layers.</summary>
    public static bool Recognizes(SpecificationNode root) =>
        root is SpecificationList { Items: [SpecificationMap first, ..] } && first.TryGet("operator_type", out _);

    /// <summary>Reads the network.</summary>
    /// <exception cref="SpecificationException">It is no such workload; says where, what is wrong and what is
    /// allowed.</exception>
    public static DnnModel Read(SpecificationNode root, string name, Precision? precision)
    {
        if (root.AsList().Items.Count > MostLayers)
            throw root.Error($"has {root.AsList().Items.Count} layers. Allowed: 1 to {MostLayers}.");
        var layers = root.AsList().Items.Select(item => Layer(item.AsMap())).ToList();
        CheckSources(layers);
        try
        {
            return Model(root, layers, name, precision);
        }
        catch (OverflowException error)
        {
            throw new SpecificationException(root.File, 1, 1, "", "has loops whose product is more than can be counted.", error);
        }
    }

    private static DnnModel Model(SpecificationNode root, List<ZigZagLayer> layers, string name, Precision? precision)
    {
        var (steps, batches) = (new List<PeerStep>(), new List<int>());
        var flow = new OperandFlow(layers);
        foreach (var layer in layers.Where(layer => layer.Nest is not null))
        {
            var step = layer.Nest!.Step(layer.Name, layer.Map, layer.WeightSource is not null, out var images);
            flow.Define(layer, step.OutputChannels);
            steps.Add(step);
            batches.Add(images);
        }

        var batch = batches.Count > 0 && batches.TrueForAll(images => images == batches[0]) ? batches[0] : 1;
        if (batch == 1 && batches.Exists(images => images > 1))
            throw layers.First(layer => layer.Nest is not null).Map.Error($"computes {batches[0]} images, other layers {batches.First(images => images != batches[0])}: the loop B must be the same in all.");
        var live = flow.LiveChannels();
        return new LayerChain(root.File).Build(
            [.. steps.Select((step, index) => step with { LiveChannels = live[index] })],
            name, precision ?? Stored(layers), batch, Notes(root.File, layers, flow));
    }

    private static ZigZagLayer Layer(SpecificationMap map)
    {
        var id = map["id"].Integer(0, MostSize);
        var type = map["operator_type"].Sentence(100);
        var loops = Loops(map);
        var equation = Equation(map["equation"].Sentence(400), map["equation"]);
        var sources = map.TryGet("operand_source", out var node) ? node.AsMap().Allow("I", "W") : null;
        var bits = map["operand_precision"].AsMap().Allow("I", "W", "O", "O_final", "S");
        return new ZigZagLayer
        {
            Map = map,
            Id = id,
            Name = map.TryGet("name", out var name) && name.AsScalar().Text is not ("" or "null" or "~") ? name.Sentence(100)
                : $"Layer{id}",
            Operator = type,
            Nest = type.Contains("pool", StringComparison.OrdinalIgnoreCase) || !equation.IsProduct ? null
                : Nest(map, equation, loops),
            InputSource = Source(sources, "I", id),
            WeightSource = Source(sources, "W", id),
            InputBits = Bits(bits, "I"),
            WeightBits = Bits(bits, "W"),
        };
    }

    private static List<(string, long)> Loops(SpecificationMap map)
    {
        var names = map["loop_dims"].Each(1, LoopNest.MostLoops, item => item.Identifier().ToUpperInvariant());
        var sizes = map["loop_sizes"].Each(1, LoopNest.MostLoops, item => (long)item.Integer(1, MostSize));
        if (names.Count != sizes.Count)
            throw map["loop_sizes"].Error($"has {sizes.Count} sizes for {names.Count} loops.");
        return names.Distinct(StringComparer.Ordinal).Count() == names.Count
            ? [.. names.Zip(sizes)]
            : throw map["loop_dims"].Error("names a loop twice.");
    }

    private static LoopNest Nest(SpecificationMap map, ZigZagEquation equation, List<(string Name, long Size)> loops)
    {
        var sliding = Sliding(map);
        List<string> Indices(string array) => [.. equation.Indices(array).SelectMany(index =>
            sliding.TryGetValue(index, out var sum) ? [sum.Output, sum.Kernel]
            : loops.Exists(loop => loop.Name == index) ? new[] { index }
            : throw map["equation"].Error($"the index {index.ToLowerInvariant()} of {array} is no loop of loop_dims, and no sum of dimension_relations."))];
        var arrays = new LoopArrays(Indices("O"), Indices("I"), Indices("W"));
        foreach (var (loop, _) in loops.Where(loop => !arrays.Output.Contains(loop.Name) && !arrays.Input.Contains(loop.Name)
            && !arrays.Weights.Contains(loop.Name)))
            throw map["loop_dims"].Error($"the loop {loop} is in no array of the equation.");
        foreach (var sum in sliding.Values.Where(sum => !loops.Exists(loop => loop.Name == sum.Output)
            || !loops.Exists(loop => loop.Name == sum.Kernel)))
            throw map["dimension_relations"].Error($"a sum of {sum.Output} and {sum.Kernel}: both must be loops of loop_dims.");
        return new LoopNest
        {
            Loops = loops,
            Arrays = arrays,
            // The sum is written in either order; what the weights have is the kernel.
            Sliding = [.. sliding.Where(sum => equation.Indices("I").Contains(sum.Key, StringComparer.Ordinal))
                .Select(sum => sum.Value)
                .Select(sum => arrays.Weights.Contains(sum.Output) && !arrays.Weights.Contains(sum.Kernel)
                    ? new SlidingIndex(sum.Kernel, sum.Dilation, sum.Output, sum.Stride) : sum)],
            BatchLoop = "B",
        };
    }

    private static Dictionary<string, SlidingIndex> Sliding(SpecificationMap map)
    {
        var sums = new Dictionary<string, SlidingIndex>(StringComparer.Ordinal);
        if (!map.TryGet("dimension_relations", out var node))
            return sums;
        foreach (var item in node.Each(0, LoopNest.MostLoops, item => item))
        {
            var match = RelationPattern().Match(item.Sentence(200));
            if (!match.Success)
                throw item.Error("is no sum of two loops, such as ix=2*ox+1*fx.");
            string Loop(string part) => match.Groups[part].Value.ToUpperInvariant();
            long Factor(string part) => match.Groups[part].Success
                ? int.Parse(match.Groups[part].Value, CultureInfo.InvariantCulture) is > 0 and var factor ? factor
                    : throw item.Error("has a factor of 0.")
                : 1;
            if (!sums.TryAdd(Loop("sum"), new SlidingIndex(Loop("first"), Factor("firstFactor"), Loop("second"),
                Factor("secondFactor"))))
                throw item.Error($"{match.Groups["sum"].Value} is given twice.");
        }

        return sums;
    }

    private static ZigZagEquation Equation(string text, SpecificationNode place)
    {
        var match = EquationPattern().Match(text.Replace(" ", "", StringComparison.Ordinal));
        if (!match.Success)
            throw place.Error("is no equation of three arrays, such as O[b][k][oy][ox]+=W[k][c][fy][fx]*I[b][c][iy][ix].");
        var arrays = match.Groups["array"].Captures.Zip(match.Groups["indices"].Captures)
            .Select(pair => (Name: pair.First.Value, Indices: IndexPattern().Matches(pair.Second.Value)
                .Select(index => index.Groups["name"].Value.ToUpperInvariant()).ToArray()))
            .ToList();
        if (!arrays.Select(array => array.Name).Order(StringComparer.Ordinal).SequenceEqual(["I", "O", "W"],
            StringComparer.Ordinal) || arrays[0].Name != "O")
            throw place.Error("must be of the arrays O (result), I (inputs) and W (weights).");
        return new ZigZagEquation(arrays.ToDictionary(array => array.Name, array => array.Indices, StringComparer.Ordinal),
            match.Groups["operator"].Value == "*");
    }

    private static int? Source(SpecificationMap? sources, string operand, int id) =>
        sources is not null && sources.TryGet(operand, out var node) && node.Integer(0, MostSize) is var source && source != id
            ? source : null;

    private static int Bits(SpecificationMap map, string operand) => map.TryGet(operand, out var node) ? node.Integer(0, 32) : 0;

    private static void CheckSources(List<ZigZagLayer> layers)
    {
        var before = new HashSet<int>();
        foreach (var layer in layers)
        {
            foreach (var source in layer.Sources)
            {
                if (!before.Contains(source))
                    throw layer.Map["operand_source"].Error($"{source} is the id of no layer before this one.");
            }

            if (!before.Add(layer.Id))
                throw layer.Map["id"].Error($"{layer.Id} is the id of an earlier layer too.");
        }
    }

    // One format holds all: the widest of what is multiplied.
    private static Precision Stored(List<ZigZagLayer> layers) => Widest(layers) switch
    {
        <= 8 => Precision.Int8,
        <= 16 => Precision.Fp16,
        _ => Precision.Fp32,
    };

    private static int Widest(List<ZigZagLayer> layers) => layers.Max(layer => Math.Max(layer.InputBits, layer.WeightBits));

    private static IEnumerable<string> Notes(string file, List<ZigZagLayer> layers, OperandFlow flow)
    {
        yield return $"Imported from {file}, a workload of ZigZag or Stream.";
        var idle = layers.Where(layer => layer.Nest is null).GroupBy(layer => layer.Operator, StringComparer.Ordinal).ToList();
        if (idle.Count > 0)
            yield return $"No matrix products, and not counted: {string.Join(", ", idle.Select(group => $"{group.Count()} {group.Key}"))}.";
        var widths = layers.Where(layer => layer.Nest is not null)
            .SelectMany(layer => new[] { layer.InputBits, layer.WeightBits }).Distinct().Order().ToList();
        if (widths is not [8] and not [16] and not [32])
            yield return $"Operands of {string.Join(", ", widths)} bits are all stored as {Stored(layers)}; partial sums too.";
        else if (widths is [16] or [32])
            yield return $"Operands of {widths[0]} bits are counted as floating point, {Stored(layers)}.";
        var unread = layers.SelectMany(layer => layer.Map.Keys).Except(Keys, StringComparer.Ordinal).Take(8).ToList();
        if (unread.Count > 0)
            yield return $"Not read: {string.Join(", ", unread.Select(ModelImportException.Quote))}.";
        if (layers.Exists(layer => layer.Map.TryGet("padding", out _) || layer.Map.TryGet("pr_loop_sizes", out _)))
            yield return "Padding is not needed: outputs are counted by their own loops.";
        foreach (var remark in flow.Branches())
            yield return remark;
    }

    [GeneratedRegex(
        @"^(?<array>[A-Za-z])(?<indices>(\[\w*\])+)\+?=(?<array>[A-Za-z])(?<indices>(\[\w*\])+)(?<operator>[*+])(?<array>[A-Za-z])(?<indices>(\[\w*\])+)$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex EquationPattern();

    [GeneratedRegex(@"\[(?<name>\w+)\]", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex IndexPattern();

    [GeneratedRegex(
        @"^\s*(?<sum>\w{1,20})\s*=\s*((?<firstFactor>\d{1,9})\s*\*\s*)?(?<first>[A-Za-z]\w{0,19})\s*\+\s*((?<secondFactor>\d{1,9})\s*\*\s*)?(?<second>[A-Za-z]\w{0,19})\s*$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex RelationPattern();
}

/// <summary>The equation of a layer: the indices of each array, and whether the operands are multiplied or added.</summary>
internal sealed record ZigZagEquation(Dictionary<string, string[]> Arrays, bool IsProduct)
{
    /// <summary>The indices of an array, in capitals as loops are.</summary>
    public string[] Indices(string array) => Arrays[array];
}

/// <summary>A layer of such a workload.</summary>
internal sealed record ZigZagLayer
{
    /// <summary>Where it stands.</summary>
    public required SpecificationMap Map { get; init; }

    /// <summary>Its number.</summary>
    public required int Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What the file calls its operator.</summary>
    public required string Operator { get; init; }

    /// <summary>Its loops; none where it multiplies no matrices.</summary>
    public LoopNest? Nest { get; init; }

    /// <summary>The layer that makes the inputs; none where they are the network's.</summary>
    public int? InputSource { get; init; }

    /// <summary>The layer that makes the second operand; none where it is trained.</summary>
    public int? WeightSource { get; init; }

    /// <summary>Bits of an input.</summary>
    public int InputBits { get; init; }

    /// <summary>Bits of a weight.</summary>
    public int WeightBits { get; init; }

    /// <summary>The layers whose results it reads.</summary>
    public IEnumerable<int> Sources => new[] { InputSource, WeightSource }.OfType<int>();
}
