using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace Allspark.Engine.Models;

/// <summary>The canonical JSON of a network: fixed property order, invariant numbers, no whitespace. Its name and notes stay out.</summary>
internal static class ModelHash
{
    public static string Compute(DnnModel model)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
            Write(json, model);
        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan));
    }

    private static void Write(Utf8JsonWriter json, DnnModel model)
    {
        json.WriteStartObject();
        json.WriteString("precision", model.Precision.ToString());
        if (model.Batch != 1)
            json.WriteNumber("batch", model.Batch);
        json.WriteNumber("inputHeight", model.InputHeight);
        json.WriteNumber("inputWidth", model.InputWidth);
        json.WriteNumber("inputChannels", model.InputChannels);
        json.WriteStartArray("layers");
        foreach (var layer in model.Layers)
            Write(json, layer);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Layer layer)
    {
        json.WriteStartObject();
        json.WriteString("name", layer.Name);
        json.WriteString("type", layer.GetType().Name);
        Write(json, "input", layer.InputGrid, layer.InputChannels);
        Write(json, "output", layer.OutputGrid, layer.OutputChannels);
        switch (layer)
        {
            case ProjectionLayer projection:
                json.WriteString("kind", projection.Kind.ToString());
                json.WriteNumber("computedTokens", projection.ComputedTokens);
                json.WriteNumber("reductionLength", projection.ReductionLength);
                json.WriteNumber("groups", projection.Groups);
                json.WriteNumber("extraParameters", projection.ExtraParameters);
                if (projection.PooledBy != 1)
                    json.WriteNumber("pooledBy", projection.PooledBy);
                break;
            case ProductLayer product:
                json.WriteNumber("groups", product.Groups);
                json.WriteNumber("rows", product.Rows);
                json.WriteNumber("reductionLength", product.ReductionLength);
                json.WriteNumber("extraParameters", product.ExtraParameters);
                break;
            case TransformerBlock block:
                json.WriteNumber("stage", block.Stage);
                json.WriteNumber("indexInStage", block.IndexInStage);
                json.WriteNumber("heads", block.Heads);
                json.WriteNumber("headDimension", block.HeadDimension);
                json.WriteNumber("feedForwardWidth", block.FeedForwardWidth);
                if (block.KeyValueHeads != block.Heads)
                    json.WriteNumber("keyValueHeads", block.KeyValueHeads);
                if (block.GatedFeedForward)
                    json.WriteBoolean("gatedFeedForward", true);
                // A record's text names its type and every parameter, all of them integers or booleans.
                json.WriteString("attention", block.Attention.ToString());
                json.WriteNumber("attentionExtraParameters", block.AttentionExtraParameters);
                json.WriteNumber("feedForwardExtraParameters", block.FeedForwardExtraParameters);
                break;
            default:
                throw new NotSupportedException($"Layer {layer.Name} has the type {layer.GetType().Name}, unknown here.");
        }

        if (layer.CarriedChannels != 0)
            json.WriteNumber("carriedChannels", layer.CarriedChannels);
        json.WriteStartArray("auxiliary");
        foreach (var operation in layer.Auxiliary)
            Write(json, operation);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, TokenGrid grid, int channels)
    {
        json.WriteStartArray(name);
        json.WriteNumberValue(grid.Height);
        json.WriteNumberValue(grid.Width);
        json.WriteNumberValue(grid.ExtraTokens);
        json.WriteNumberValue(channels);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, AuxiliaryOperator operation)
    {
        json.WriteStartObject();
        json.WriteString("name", operation.Name);
        json.WriteString("phase", operation.Phase.ToString());
        json.WriteNumber("groups", operation.Groups);
        json.WriteNumber("rows", operation.Rows);
        json.WriteNumber("reductionLength", operation.ReductionLength);
        json.WriteNumber("columns", operation.Columns);
        json.WriteNumber("extraParameters", operation.ExtraParameters);
        json.WriteEndObject();
    }
}
