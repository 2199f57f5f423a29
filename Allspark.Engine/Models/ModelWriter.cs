using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Allspark.Engine.Models;

/// <summary>Writes the YAML of a network, a line for each layer. What has its usual value is left out.</summary>
internal sealed class ModelWriter
{
    private readonly StringBuilder line = new();

    public static string Write(DnnModel model)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"name: {Quoted(model.Name)}\n");
        text.Append(CultureInfo.InvariantCulture, $"family: {Quoted(model.Family)}\n");
        text.Append(CultureInfo.InvariantCulture, $"precision: {model.Precision}\n");
        text.Append(CultureInfo.InvariantCulture, $"# rows, columns, channels\ninput: [{model.InputHeight}, {model.InputWidth}, {model.InputChannels}]\n");
        if (model.Batch != 1)
            text.Append(CultureInfo.InvariantCulture, $"batch: {model.Batch}\n");
        if (model.Notes.Count > 0)
        {
            text.Append("notes:\n");
            foreach (var note in model.Notes)
                text.Append(CultureInfo.InvariantCulture, $"  - {Quoted(note)}\n");
        }

        text.Append("# input and output: rows, columns and extra tokens of the grid, channels\nlayers:\n");
        foreach (var layer in model.Layers)
            text.Append("  - { ").Append(new ModelWriter().Entry(layer)).Append(" }\n");
        return text.ToString();
    }

    private StringBuilder Entry(Layer layer)
    {
        Add("name", Quoted(layer.Name));
        switch (layer)
        {
            case ProjectionLayer projection:
                Add("type", "projection");
                Add("kind", projection.Kind.ToString());
                Shapes(layer);
                Add("computedTokens", projection.ComputedTokens);
                Add("reductionLength", projection.ReductionLength);
                Add("groups", projection.Groups, 1);
                Add("pooledBy", projection.PooledBy, 1);
                Add("extraParameters", projection.ExtraParameters, 0);
                break;
            case TransformerBlock block:
                Add("type", "block");
                Shapes(layer);
                Add("stage", block.Stage);
                Add("indexInStage", block.IndexInStage);
                Add("heads", block.Heads);
                Add("keyValueHeads", block.KeyValueHeads, block.Heads);
                Add("headDimension", block.HeadDimension);
                Add("feedForwardWidth", block.FeedForwardWidth);
                if (block.GatedFeedForward)
                    Add("gatedFeedForward", "true");
                Add("attention", Attention(block.Attention));
                Add("attentionExtraParameters", block.AttentionExtraParameters, 0);
                Add("feedForwardExtraParameters", block.FeedForwardExtraParameters, 0);
                break;
            case ProductLayer product:
                Add("type", "product");
                Shapes(layer);
                Add("groups", product.Groups);
                Add("rows", product.Rows);
                Add("reductionLength", product.ReductionLength);
                Add("extraParameters", product.ExtraParameters, 0);
                break;
            default:
                throw new NotSupportedException($"Layer '{layer.Name}' is of kind {layer.GetType().Name}, which has no YAML.");
        }

        Add("carriedChannels", layer.CarriedChannels, 0);
        if (layer.Auxiliary.Count > 0)
            Add("auxiliary", $"[{string.Join(", ", layer.Auxiliary.Select(Auxiliary))}]");
        return line;
    }

    private void Shapes(Layer layer)
    {
        Add("input", Shape(layer.InputGrid, layer.InputChannels));
        Add("output", Shape(layer.OutputGrid, layer.OutputChannels));
    }

    private static string Shape(TokenGrid grid, int channels) =>
        string.Create(CultureInfo.InvariantCulture, $"[{grid.Height}, {grid.Width}, {grid.ExtraTokens}, {channels}]");

    private static string Attention(AttentionGeometry geometry) => geometry switch
    {
        GlobalAttention { Causal: true } => "{ kind: causal }",
        GlobalAttention => "{ kind: global }",
        WindowAttention window => string.Create(CultureInfo.InvariantCulture, $"{{ kind: window, size: {window.Size}, shift: {window.Shift} }}"),
        GridAttention grid => string.Create(CultureInfo.InvariantCulture, $"{{ kind: grid, size: {grid.Size} }}"),
        StripeAttention stripe => string.Create(CultureInfo.InvariantCulture, $"{{ kind: stripe, width: {stripe.Width} }}"),
        SpatialReductionAttention reduction => string.Create(CultureInfo.InvariantCulture, $"{{ kind: spatialReduction, ratio: {reduction.Ratio} }}"),
        _ => throw new NotSupportedException($"Attention of kind {geometry.GetType().Name} has no YAML."),
    };

    private static string Auxiliary(AuxiliaryOperator operation) => string.Create(
        CultureInfo.InvariantCulture,
        $"{{ name: {Quoted(operation.Name)}, phase: {operation.Phase}, groups: {operation.Groups}, rows: {operation.Rows}, reductionLength: {operation.ReductionLength}, columns: {operation.Columns}, extraParameters: {operation.ExtraParameters} }}");

    private void Add(string key, long value, long usual)
    {
        if (value != usual)
            Add(key, value);
    }

    private void Add(string key, long value) => Add(key, value.ToString(CultureInfo.InvariantCulture));

    private void Add(string key, string value)
    {
        if (line.Length > 0)
            line.Append(", ");
        line.Append(key).Append(": ").Append(value);
    }

    // A text of JSON is one of YAML, in double quotes.
    private static string Quoted(string text) =>
        $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
