using System.Text;

namespace Allspark.Engine.Hardware;

/// <summary>Writes the YAML of an array, values with their sources beside them, derived ones with their numbers as a comment.</summary>
internal static class ArrayWriter
{
    public static string Write(PimArray array)
    {
        var sources = array.Sources.ToDictionary(note => note.Key, note => note.Source, StringComparer.Ordinal);
        var text = new StringBuilder("name: ").Append(array.Name).Append('\n');
        string[] open = [];
        foreach (var (parameter, byRule) in ArrayParameter.Of(array).Zip(ArrayParameter.Of(DerivedConstants.Apply(array))))
        {
            var path = parameter.Key.Split('.');
            for (var depth = 0; depth < path.Length - 1; depth++)
            {
                if (depth >= open.Length || open[depth] != path[depth])
                    Indented(depth).Append(path[depth]).Append(":\n");
            }

            open = path[..^1];
            var derived = array.Derived.Contains(parameter.Key) && parameter.Text == byRule.Text;
            var value = derived ? DerivedConstants.Word : parameter.Text;
            Indented(open.Length).Append(path[^1]).Append(": ");
            text.Append(sources.TryGetValue(parameter.Key, out var source) ? $"{{ value: {value}, source: {Quoted(source)} }}" : value);
            text.Append(derived ? $" # {parameter.Text}\n" : "\n");
        }

        if (array.Notes.Count > 0)
            text.Append("notes:\n");
        foreach (var note in array.Notes)
            text.Append("  - ").Append(Quoted(note)).Append('\n');
        return text.ToString();

        StringBuilder Indented(int depth) => text.Append(' ', depth * 2);
    }

    private static string Quoted(string sentence) =>
        $"\"{sentence.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
