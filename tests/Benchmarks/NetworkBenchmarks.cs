using Allspark.Engine.Hardware;
using Allspark.Engine.Simulation.Network;
using BenchmarkDotNet.Attributes;

namespace Benchmarks;

/// <summary>Runs of 30 000 cycles and their drain under uniform traffic, on the router of the presets.</summary>
[ShortRunJob]
public class NetworkBenchmarks
{
    private NetworkSimulator simulator = null!;

    /// <summary>Rows and columns of the mesh.</summary>
    [Params(8)]
    public int Side { get; set; }

    /// <summary>Flits per cycle and node.</summary>
    [Params(0.01, 0.1, 0.3)]
    public double InjectionRate { get; set; }

    /// <summary>Builds the routing.</summary>
    [GlobalSetup]
    public void Build()
    {
        var spec = ArrayCatalog.Get("stack-8x8").InterconnectSpec;
        simulator = new NetworkSimulator(new MeshInterconnect(spec, Side, Side), spec);
    }

    /// <summary>One measurement.</summary>
    [Benchmark]
    public TrafficMeasurement Run() => simulator.Run(new TrafficSettings { InjectionRate = InjectionRate, SampleCycles = 5000 });
}
