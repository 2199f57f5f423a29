using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Allspark.Engine.Charts;

/// <summary>Writes a chart as data: its description as JSON, its table as CSV, its timeline as trace events.</summary>
internal static class DataWriter
{
    private const double MicrosecondsPerSecond = 1e6;

    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // a file of data is no part of a page
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new CellConverter() },
        TypeInfoResolver = WritingContracts.Resolver(),
    };

    /// <summary>The whole description.</summary>
    public static byte[] Json(ChartDescription chart) => [.. JsonSerializer.SerializeToUtf8Bytes(chart, Options), (byte)'\n'];

    /// <summary>The table, as RFC 4180 has it but for the line ends.</summary>
    public static byte[] Csv(ChartDescription chart)
    {
        var csv = new StringBuilder();
        csv.AppendJoin(',', chart.Table.Columns.Select(column => Quoted(column.Head))).Append('\n');
        foreach (var row in chart.Table.Rows)
            csv.AppendJoin(',', row.Select(cell => Quoted(cell.ToString()))).Append('\n');
        return Encoding.UTF8.GetBytes(csv.ToString());
    }

    /// <summary>
    /// A timeline as complete events ("X") of the Trace Event Format, which Perfetto and chrome://tracing open: a process for nodes and one
    /// for links, a thread for each of them, microseconds.
    /// </summary>
    public static byte[] Trace(ChartDescription chart)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("displayTimeUnit", "ns");
            json.WriteStartArray("traceEvents");
            foreach (var (process, kind) in chart.Table.Rows.GroupBy(row => row[TimelineChart.WhatColumn].Text, StringComparer.Ordinal).Index())
            {
                Name(json, "process_name", process, thread: 0, $"{kind.Key}s");
                foreach (var (thread, lane) in kind.GroupBy(row => row[TimelineChart.LaneColumn].Text, StringComparer.Ordinal).Index())
                {
                    Name(json, "thread_name", process, thread, lane.Key!);
                    foreach (var row in lane)
                        Event(json, process, thread, row);
                }
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static void Name(Utf8JsonWriter json, string what, int process, int thread, string name)
    {
        json.WriteStartObject();
        json.WriteString("ph", "M");
        json.WriteString("name", what);
        json.WriteNumber("pid", process);
        json.WriteNumber("tid", thread);
        json.WriteStartObject("args");
        json.WriteString("name", name);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Event(Utf8JsonWriter json, int process, int thread, IReadOnlyList<ChartCell> row)
    {
        var (start, end) = (row[TimelineChart.StartColumn].Number, row[TimelineChart.EndColumn].Number);
        json.WriteStartObject();
        json.WriteString("ph", "X");
        json.WriteString("name", row[TimelineChart.WorkColumn].Text);
        json.WriteNumber("pid", process);
        json.WriteNumber("tid", thread);
        json.WriteNumber("ts", start * MicrosecondsPerSecond);
        json.WriteNumber("dur", (end - start) * MicrosecondsPerSecond);
        json.WriteEndObject();
    }

    private static string Quoted(string text) => text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text
        : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A cell as the text, number or null that it holds.</summary>
    private sealed class CellConverter : JsonConverter<ChartCell>
    {
        public override ChartCell Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, ChartCell value, JsonSerializerOptions options)
        {
            if (value.IsEmpty)
                writer.WriteNullValue();
            else if (value.Text is { } text)
                writer.WriteStringValue(text);
            else
                writer.WriteNumberValue(value.Number);
        }
    }
}
