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

    public static NetworkSimulator Simulator(IInterconnect network, InterconnectSpec? spec = null) => new(network, spec ?? Spec);
}
