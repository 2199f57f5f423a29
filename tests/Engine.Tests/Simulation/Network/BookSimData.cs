using System.Globalization;
using Allspark.Engine.Hardware;

namespace Engine.Tests.Simulation.Network;

/// <summary>What BookSim 2 reported, from Data/booksim.</summary>
internal static class BookSimData
{
    public static IEnumerable<string> Rows(string file) =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Data", "booksim", file)).Skip(1);

    public static double Number(string field) => double.Parse(field, CultureInfo.InvariantCulture);

    public static IEnumerable<string> GraphNames() => Rows("graphs.csv").Select(row => row.Split(',')[0]);

    public static GraphInterconnect Graph(string name)
    {
        var edges = Rows("graphs.csv").Select(row => row.Split(',')).Single(row => row[0] == name)[1];
        Link[] links = [.. edges.Split(' ').Select(edge => Array.ConvertAll(edge.Split('-'), int.Parse))
            .SelectMany(ends => new[] { new Link(ends[0], ends[1]), new Link(ends[1], ends[0]) })
            .OrderBy(link => link.From).ThenBy(link => link.To)];
        return new GraphInterconnect(TestNetworks.Spec, links.Max(link => link.From) + 1, links);
    }
}
