using System.Runtime.InteropServices;
using Allspark.Engine.Import.Onnx;

namespace Allspark.Engine.Import.Recognition;

/// <summary>Which token of which grid an element belongs to.</summary>
/// <param name="Height">Rows of the grid; 0 where the element belongs to none.</param>
/// <param name="Width">Columns of the grid.</param>
/// <param name="Index">The token in raster order, or one of the negative marks.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TokenPlace(int Height, int Width, int Index)
{
    /// <summary>Filling around the grid.</summary>
    public static readonly TokenPlace Padding = new(0, 0, -1);

    /// <summary>A trained token beside the grid, as a class token is.</summary>
    public static readonly TokenPlace Extra = new(0, 0, -2);

    /// <summary>Nothing that could be followed.</summary>
    public static readonly TokenPlace Lost = new(0, 0, -3);

    public bool InGrid => Index >= 0;

    public int Row => Index / Width;

    public int Column => Index % Width;
}

/// <summary>An element of a product's result that an element comes from.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ProductElement(Product Product, long Row, long Column);

/// <summary>
/// Follows single elements backwards through the graph, to the product or to the image token that they come from. What a window, a
/// shift, a head or a merged patch is shows in where the elements come from, however the graph spells the way.
/// </summary>
internal sealed class TokenTracer
{
    // A graph made to be slow is given up on, not waited for.
    private const long MostSteps = 60_000_000;
    private const long MostRows = 1 << 22;

    private readonly DataFlow flow;
    private readonly ElementMaps maps;
    private readonly TokenPlace[]?[] rows;
    private long steps;
    private long stored;

    public TokenTracer(DataFlow flow)
    {
        this.flow = flow;
        maps = new ElementMaps(flow.Graph);
        rows = new TokenPlace[]?[flow.Products.Length];

        // In the order of computation: what a product's rows come from ends at products before it.
        foreach (var product in flow.Products)
        {
            if (product.IsRowWise && product.IsWeighted && !product.Data.IsStatic && (stored += product.Rows) <= MostRows)
                rows[product.Place] = Regrid(product, [.. Enumerable.Range(0, (int)product.Rows).Select(row => TokenOf(product.Data, row * product.Reduction))]);
        }
    }

    /// <summary>The tokens that a row-wise product's result rows are.</summary>
    public TokenPlace[]? RowsOf(Product product) => rows[product.Place];

    /// <summary>The weighted product that an element comes from, through operators that move it or work on it alone.</summary>
    public ProductElement? ProductOf(Value value, long place)
    {
        while (++steps < MostSteps && value.Producer is not null && !value.IsStatic)
        {
            if (flow.ProductOf(value) is { } product)
                return product.IsWeighted ? Locate(product, place) : null;
            if (maps.Of(value) is not { } map || map(place) is not { Input: >= 0 } source)
                return null;
            (value, place) = (value.Producer.Input(source.Input), source.Place);
        }

        return null;
    }

    /// <summary>The token that an element belongs to.</summary>
    public TokenPlace TokenOf(Value value, long place)
    {
        while (++steps < MostSteps)
        {
            if (value.IsStatic)
                return TokenPlace.Extra;
            if (value.Producer is not { } node)
                return TokenPlace.Lost;
            if (flow.ProductOf(node) is { } product)
            {
                if (product.IsConvolution)
                    return InImage(value, place);
                if (rows[product.Place] is { } known)
                    return known[place / product.Columns];
                if (product.IsWeighted || RowStart(product, place) is not { } start)
                    return TokenPlace.Lost;
                (value, place) = (product.Data, start);
                continue;
            }

            if (node.Operator is "MaxPool" or "AveragePool" or "LpPool" or "Resize" or "Upsample")
                return InImage(value, place);
            if (node.Operator == "Gather" && node.Input(0).IsStatic)
                return InText(node, place);
            if (maps.Of(value) is not { } map)
                return TokenPlace.Lost;
            var source = map(place);
            if (source.Input < 0)
                return source == ElementSource.Padding ? TokenPlace.Padding : TokenPlace.Lost;
            (value, place) = (node.Input(source.Input), source.Place);
        }

        return TokenPlace.Lost;
    }

    private static ProductElement Locate(Product product, long place)
    {
        if (!product.IsConvolution)
            return new ProductElement(product, place / product.Columns, place % product.Columns);
        var pixels = Tensor.CountOf(product.Node.Output.Shape.AsSpan(2));
        return new ProductElement(product, place % pixels, place / pixels % product.Node.Output.Shape[1]);
    }

    // The first element of the row of the left operand that a row of a product of activations comes from.
    private static long? RowStart(Product product, long place) =>
        product.Data.Tensor.Count == product.Groups * product.Rows * product.Reduction
        && product.Node.Output.Tensor.Count == product.Groups * product.Rows * product.Columns
            ? place / product.Columns * product.Reduction
            : null;

    // Rows of a table, looked up for the words of a text.
    private static TokenPlace InText(GraphNode node, long place)
    {
        var (table, words) = (node.Input(0).Tensor, node.Input(1).Tensor.Count);
        return table.Rank == 2 && node.Integer("axis", 0) == 0 && words <= int.MaxValue
            ? new TokenPlace(1, (int)words, (int)(place / table.Shape[1] % words))
            : TokenPlace.Lost;
    }

    private static TokenPlace InImage(Value value, long place)
    {
        var shape = value.Shape;
        if (shape.Length is not (3 or 4) || shape[0] != 1 || shape[2] > int.MaxValue >> 8 || shape[^1] > int.MaxValue >> 8)
            return TokenPlace.Lost;
        var (height, width) = shape.Length == 4 ? (shape[2], shape[3]) : (1, shape[2]);
        return height * width > int.MaxValue ? TokenPlace.Lost : new TokenPlace((int)height, (int)width, (int)(place % (height * width)));
    }

    // Where rows are a coarser lattice of the tokens, as after merging of neighbours, they are the tokens of a smaller grid.
    private static TokenPlace[] Regrid(Product product, TokenPlace[] places)
    {
        var first = Array.Find(places, place => place.InGrid);
        if (product.Rows == 0 || first == default || Array.Exists(places, place => !place.InGrid || (place.Height, place.Width) != (first.Height, first.Width)))
            return places;
        var (down, across) = (Ranks(places, place => place.Row), Ranks(places, place => place.Column));
        if (places.Length >= first.Height * first.Width || (long)down.Count * across.Count != places.Length)
            return places;
        return Array.ConvertAll(places, place => new TokenPlace(down.Count, across.Count, (down[place.Row] * across.Count) + across[place.Column]));
    }

    private static Dictionary<int, int> Ranks(TokenPlace[] places, Func<TokenPlace, int> coordinate) =>
        places.Select(coordinate).Distinct().Order().Index().ToDictionary(pair => pair.Item, pair => pair.Index);
}
