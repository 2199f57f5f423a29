using System.Globalization;
using Allspark.Engine.Models;
using Allspark.Engine.Specifications;

namespace Allspark.Engine.Simulation.Network;

/// <summary>Traces as text: a line of names, then a line of four whole numbers for each packet: cycle, source, target and flits.</summary>
public static class TraceFile
{
    private const string Names = "cycle,source,target,flits";

    /// <summary>Packets of the longest trace.</summary>
    private const int MostPackets = 10_000_000;

    /// <summary>Reads a trace.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SpecificationException">A line is not what it must be.</exception>
    public static ValueList<TracePacket> Read(string path)
    {
        using var reader = new StreamReader(path);
        return Read(reader, Path.GetFileName(path));
    }

    internal static ValueList<TracePacket> Read(TextReader reader, string file)
    {
        var first = reader.ReadLine() ?? "";
        if (!string.Equals(first.Replace("\"", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal), Names, StringComparison.OrdinalIgnoreCase))
            throw Wrong(file, 1, $"a trace begins with the line {Names}.");
        var packets = new List<TracePacket>();
        for (var line = 2; reader.ReadLine() is { } text; line++)
        {
            if (string.IsNullOrWhiteSpace(text))
                continue;
            if (packets.Count == MostPackets)
                throw Wrong(file, line, $"a trace has at most {MostPackets} packets.");
            packets.Add(Parse(text, file, line));
        }

        return packets.ToValueList();
    }

    private static TracePacket Parse(string text, string file, int line)
    {
        Span<Range> parts = stackalloc Range[5];
        var row = text.AsSpan();
        if (row.Split(parts, ',') != 4)
            throw Wrong(file, line, $"a packet has four fields: {Names}.");
        Span<int> values = stackalloc int[4];
        for (var field = 0; field < 4; field++)
        {
            var digits = row[parts[field]].Trim().Trim('"');
            if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out values[field]))
                throw Wrong(file, line, $"'{Shown(digits)}' is not a whole number of 0 to {int.MaxValue}.");
        }

        return new TracePacket(values[0], values[1], values[2], values[3]);
    }

    private static string Shown(ReadOnlySpan<char> text) => text.Length <= 20 ? text.ToString() : $"{text[..20]}…";

    private static SpecificationException Wrong(string file, int line, string problem) => new(file, line, 1, "", problem);
}
