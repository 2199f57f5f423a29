using Allspark.Engine.Hardware;
using Allspark.Engine.Simulation.Network;

namespace Engine.Tests.Simulation.Network;

/// <summary>The networks of these tests: the presets' router, 4 virtual channels of 8 flits, one cycle a stage.</summary>
internal static class TestNetworks
{
    public static InterconnectSpec Spec { get; } = ArrayCatalog.Get("stack-8x8").InterconnectSpec;

    public static MeshInterconnect Mesh(int rows, int columns) => new(Spec, rows, columns);

    public static MeshInterconnect Torus(int rows, int columns) => new(Spec with { Topology = Topology.Torus }, rows, columns);

    /// <summary>A ring of links both ways, as a graph.</summary>
    public static GraphInterconnect Ring(int nodes) => new(Spec, nodes, RingLinks(nodes));

    public static IEnumerable<Link> RingLinks(int nodes) =>
        Enumerable.Range(0, nodes).SelectMany(node => new[] { new Link(node, (node + 1) % nodes), new Link((node + 1) % nodes, node) });

    /// <summary>"mesh 3x4", "torus 4x4", "ring 9", or a graph that BookSim 2 ran on.</summary>
    public static IInterconnect Named(string name)
    {
        var size = name.Contains(' ', StringComparison.Ordinal) ? Array.ConvertAll(name.Split(' ')[1].Split('x'), int.Parse) : [];
        return size.Length switch
        {
            0 => BookSimData.Graph(name),
            1 => Ring(size[0]),
            _ => name[0] == 'm' ? Mesh(size[0], size[1]) : Torus(size[0], size[1]),
        };
    }

    public static NetworkSimulator Simulator(IInterconnect network, InterconnectSpec? spec = null) => new(network, spec ?? Spec);
}
