using System.Text;

namespace Allspark.Host.Console;

/// <summary>Command lines of this and earlier sessions, in a file of the user's data folder, one a line with \ and newline escaped.</summary>
internal sealed class History
{
    private const int Kept = 4096;

    private readonly string path = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "allspark", "host-history.txt");

    private readonly List<string> lines = [];

    public History()
    {
        try
        {
            if (File.Exists(path))
                lines.AddRange(File.ReadLines(path).Select(Unescape));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return;
        }
        if (lines.Count > Kept)
            lines.RemoveRange(0, lines.Count - Kept);
    }

    public int Count => lines.Count;

    public string this[int index] => lines[index];

    public void Add(string line)
    {
        if (string.IsNullOrWhiteSpace(line) || lines is [.., var last] && last == line)
            return;
        lines.Add(line);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.AppendAllText(path, Escape(line) + "\n");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A read-only home keeps no history; the session goes on with what it has.
        }
    }

    private static string Escape(string line) => line.Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\r", "", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Unescape(string line)
    {
        if (!line.Contains('\\'))
            return line;
        var text = new StringBuilder(line.Length);
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '\\' && i + 1 < line.Length)
                text.Append(line[++i] == 'n' ? '\n' : line[i]);
            else
                text.Append(line[i]);
        }
        return text.ToString();
    }
}
