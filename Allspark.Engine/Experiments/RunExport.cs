using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Allspark.Engine.Experiments;

/// <summary>Writes runs to a file for other tools; the extension says how.</summary>
public static class RunExport
{
    private static readonly (string Extension, Action<IReadOnlyList<Run>, Stream> Write)[] Formats =
    [
        (".csv", WriteCsv),
        (".json", WriteJson),
        (".jsonl", WriteJsonLines),
    ];

    /// <summary>The columns that every run has, before those of its parameters and its metrics.</summary>
    private static readonly (string Name, Func<Run, object?> Value)[] Columns =
    [
        ("Id", run => run.Id),
        ("Experiment", run => run.Experiment),
        ("Model", run => run.Model),
        ("Array", run => run.Array),
        ("Scheme", run => run.Scheme),
        ("Fidelity", run => run.Fidelity),
        ("Solver", run => run.Solver),
        ("Seed", run => run.Seed),
        ("Status", run => run.Status.ToString()),
        ("Message", run => run.Message),
        ("Options", run => run.OptionsJson),
        ("EngineVersion", run => run.EngineVersion),
        ("Identity", run => run.Identity),
        ("Result", run => run.Result),
        ("ModelHash", run => run.ModelHash),
        ("ArrayHash", run => run.ArrayHash),
        ("Started", run => run.Started.ToString("O", CultureInfo.InvariantCulture)),
        ("WallSeconds", run => run.WallSeconds),
        ("SolveSeconds", run => run.SolveSeconds),
        ("Executions", run => run.Executions),
        ("GitCommit", run => run.Provenance.GitCommit),
        ("EngineCommit", run => run.Provenance.EngineCommit),
        ("Host", run => run.Provenance.Host),
        ("OperatingSystem", run => run.Provenance.OperatingSystem),
        ("Architecture", run => run.Provenance.Architecture),
        ("Runtime", run => run.Provenance.Runtime),
        ("ProcessorCount", run => run.Provenance.ProcessorCount),
    ];

    /// <summary>The extensions that can be written.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [.. Formats.Select(format => format.Extension)];

    /// <summary>
    /// Writes the runs, whole or not at all: <c>.csv</c> one line a run and one column a parameter or metric, texts quoted (RFC 4180);
    /// <c>.json</c> an array; <c>.jsonl</c> one object a line. Numbers keep every bit.
    /// </summary>
    /// <returns>The file's full path.</returns>
    /// <exception cref="ArgumentException">The extension names no format.</exception>
    public static string Write(IReadOnlyList<Run> runs, string path)
    {
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentException.ThrowIfNullOrEmpty(path);
        foreach (var (extension, write) in Formats)
        {
            if (path.EndsWith(extension, StringComparison.OrdinalIgnoreCase))
                return AtomicFile.Write(path, stream => write(runs, stream));
        }

        throw new ArgumentException(
            $"'{Path.GetFileName(path)}' names no format: end it with one of {string.Join(", ", Extensions)}", nameof(path));
    }

    private static void WriteCsv(IReadOnlyList<Run> runs, Stream stream)
    {
        var parameters = Names(run => run.Parameters.Keys);
        var metrics = Names(run => run.Metrics.Keys);
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\r\n" };
        writer.WriteLine(string.Join(',', ((string[])[.. Columns.Select(column => column.Name), .. parameters, .. metrics]).Select(Cell)));
        foreach (var run in runs)
        {
            IEnumerable<object?> values =
            [
                .. Columns.Select(column => column.Value(run)),
                .. parameters.Select(name => run.Parameters.GetValueOrDefault(name)),
                .. metrics.Select(name => (object?)run.Metric(name)),
            ];
            writer.WriteLine(string.Join(',', values.Select(Cell)));
        }

        string[] Names(Func<Run, IEnumerable<string>> of) =>
            [.. runs.SelectMany(of).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    private static string Cell(object? value) => value switch
    {
        null => "",
        string text => "\"" + text.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"no cell for {value.GetType()}", nameof(value)),
    };

    private static void WriteJson(IReadOnlyList<Run> runs, Stream stream)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartArray();
        foreach (var run in runs)
            WriteObject(run, json);
        json.WriteEndArray();
    }

    private static void WriteJsonLines(IReadOnlyList<Run> runs, Stream stream)
    {
        foreach (var run in runs)
        {
            using (var json = new Utf8JsonWriter(stream))
                WriteObject(run, json);
            stream.WriteByte((byte)'\n');
        }
    }

    private static void WriteObject(Run run, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach (var (name, value) in Columns)
        {
            json.WritePropertyName(name);
            if (name == "Options")
                json.WriteRawValue(run.OptionsJson);
            else
                JsonSerializer.Serialize(json, value(run));
        }

        WriteEntries("Parameters", run.Parameters);
        WriteEntries("Metrics", run.Metrics);
        json.WriteEndObject();

        void WriteEntries<T>(string section, IReadOnlyDictionary<string, T> entries)
        {
            json.WriteStartObject(section);
            foreach (var (name, value) in entries.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            {
                json.WriteStartObject(name);
                json.WritePropertyName("Value");
                JsonSerializer.Serialize(json, value);
                json.WriteString("Unit", run.Units[name]);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }
    }
}
