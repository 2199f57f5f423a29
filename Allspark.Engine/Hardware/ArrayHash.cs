using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Allspark.Engine.Hardware;

/// <summary>The canonical JSON of an array: declared properties in declaration order, round-trip numbers, no whitespace.</summary>
internal static class ArrayHash
{
    private static readonly JsonSerializerOptions Options = new()
    {
        IgnoreReadOnlyProperties = true,
        Converters = { new JsonStringEnumConverter() },
    };

    public static string Compute(PimArray array)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("name", array.Name);
            json.WriteString("family", array.Family.ToString());
            json.WriteNumber("rows", array.Rows);
            json.WriteNumber("columns", array.Columns);
            Write(json, "node", array.Node);
            Write(json, "interconnect", array.InterconnectSpec);
            Write(json, "energy", array.Energy);
            Write(json, "io", array.Io);
            json.WriteEndObject();
        }

        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan));
    }

    private static void Write<T>(Utf8JsonWriter json, string name, T value)
    {
        json.WritePropertyName(name);
        JsonSerializer.Serialize(json, value, Options);
    }
}
