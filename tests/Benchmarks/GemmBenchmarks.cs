using Allspark.Engine.Hardware;
using BenchmarkDotNet.Attributes;

namespace Benchmarks;

/// <summary>The node's model of one matrix product, tiling search included.</summary>
[ShortRunJob]
public class GemmBenchmarks
{
    private readonly NodeSpec node = ArrayCatalog.Get("stack-16x16").Node;
    private readonly Gemm gemm = new(3136, 384, 1536);
    private GemmModel known = null!;

    /// <summary>Has the product looked up once.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        known = new GemmModel(node, bytesPerElement: 2);
        known.Evaluate(gemm);
    }

    /// <summary>A product that was not asked for before.</summary>
    [Benchmark]
    public GemmCost Search() => new GemmModel(node, bytesPerElement: 2).Evaluate(gemm);

    /// <summary>A product that was.</summary>
    [Benchmark]
    public GemmCost Remembered() => known.Evaluate(gemm);
}
