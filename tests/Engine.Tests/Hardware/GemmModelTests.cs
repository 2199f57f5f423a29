using System.Globalization;
using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Engine.Tests.Hardware;

[Trait("Speed", "Slow")]
public sealed class GemmModelTests
{
    private static readonly NodeSpec Node = ArrayCatalog.Get("stack-16x16").Node;

    [Fact]
    public void CyclesAreThoseOfScaleSim()
    {
        var rows = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Data", "scalesim", "gemm_cycles.csv"))[1..];
        Assert.Equal(42, rows.Length);
        Assert.All(rows, row =>
        {
            var cells = row.Split(',');
            var numbers = cells.Select(cell => int.TryParse(cell, CultureInfo.InvariantCulture, out var number) ? number : -1).ToArray();
            var gemm = new Gemm(numbers[3], numbers[5], numbers[4]);
            var flow = cells[8] switch
            {
                "ws" => Dataflow.WeightStationary,
                "os" => Dataflow.OutputStationary,
                "is" => Dataflow.InputStationary,
                _ => throw new InvalidDataException(row),
            };
            Assert.Equal(numbers[9] + 1, GemmModel.Cycles(gemm, flow, numbers[6], numbers[7]));
            var node = Node with { ArrayRows = numbers[6], ArrayColumns = numbers[7], BufferBytes = 1 << 20 };
            var cost = new GemmModel(node, 2).Evaluate(gemm, flow);
            Assert.Equal(numbers[9] + 1, cost.ComputeCycles);
            Assert.Equal(gemm.Macs / ((numbers[9] + 1.0) * numbers[6] * numbers[7]), cost.Utilization, 12);
        });
    }

    [Fact]
    public void BestIsNoSlowerThanAnyDataflow() => Check(Shapes(2000), gemm =>
    {
        var model = new GemmModel(Node, 2);
        var best = model.Evaluate(gemm);
        return Node.Dataflows.All(flow => best.Seconds <= model.Evaluate(gemm, flow).Seconds)
            && best == model.Evaluate(gemm, best.Dataflow);
    });

    [Fact]
    public void TrafficIsNeverBelowEachOperandOnce() => Check(Shapes(5000), gemm =>
    {
        var cost = new GemmModel(Node, 2).Evaluate(gemm);
        return cost.InputBytes >= 2L * gemm.M * gemm.K && cost.WeightBytes >= 2L * gemm.K * gemm.N && cost.OutputBytes >= 2L * gemm.M * gemm.N;
    });

    [Fact]
    public void ABufferForAllLeavesEachOperandOnce() => Check(Shapes(5000), gemm =>
    {
        var cost = new GemmModel(Node with { BufferBytes = 1L << 40 }, 2).Evaluate(gemm);
        return cost.DramBytes == 2 * (((long)gemm.M * gemm.K) + ((long)gemm.K * gemm.N) + ((long)gemm.M * gemm.N));
    });

    [Fact]
    public void ALargerBufferNeverMovesMore() => Check(Shapes(5000), gemm =>
        new GemmModel(Node with { BufferBytes = 2 * Node.BufferBytes }, 2).Evaluate(gemm).DramBytes
            <= new GemmModel(Node, 2).Evaluate(gemm).DramBytes);

    [Theory]
    [InlineData(Dataflow.WeightStationary)]
    [InlineData(Dataflow.OutputStationary)]
    [InlineData(Dataflow.InputStationary)]
    public void TilingMatchesATrialOfEveryTileAndLoopOrder(Dataflow dataflow) => Check(Shapes(24), gemm =>
    {
        var node = Node with { ArrayRows = 2, ArrayColumns = 3, BufferBytes = 300 };
        return new GemmModel(node, 1).Evaluate(gemm, dataflow).DramBytes == EveryTiling(gemm, dataflow, node).Min();
    });

    [Theory]
    [InlineData(Dataflow.Best)]
    [InlineData(Dataflow.WeightStationary)]
    [InlineData(Dataflow.OutputStationary)]
    [InlineData(Dataflow.InputStationary)]
    public void ALargerBufferIsNeverSlower(Dataflow dataflow) => Check(Shapes(5000), gemm =>
    {
        var seconds = Enumerable.Range(3, 11).Select(power => Seconds((1L << power) * 1024)).ToArray();
        return seconds.Zip(seconds.Skip(1)).All(pair => pair.Second <= pair.First);

        double Seconds(long bufferBytes) => new[] { MemoryShare.All, new(0, 1, 0), new(1, 0.25, 1) }
            .Sum(share => new GemmModel(Node with { BufferBytes = bufferBytes, ArrayRows = 16, ArrayColumns = 24 }, 2).Evaluate(gemm, dataflow, share).Seconds);
    });

    // Weights of 128×128 twice, and twice one row of inputs and of outputs: 66 560 bytes at fp16.
    [Theory]
    [InlineData(66_560, true)]
    [InlineData(66_559, false)]
    public void RowsStreamThroughStationaryWeightsOneByOne(long bufferBytes, bool fits)
    {
        var node = Node with { ArrayRows = 128, ArrayColumns = 128, BufferBytes = bufferBytes };
        var gemm = new Gemm(196, 384, 384);
        if (fits)
            Assert.Equal(5202, new GemmModel(node, 2).Evaluate(gemm, Dataflow.WeightStationary).ComputeCycles);
        else
            Assert.Contains("Give the node a larger buffer", Assert.Throws<ArgumentException>(
                () => new GemmModel(node, 2).Evaluate(gemm, Dataflow.WeightStationary)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ADataflowThatFitsIsTakenWhereAnotherDoesNot()
    {
        // Outputs of 2×8 twice, and twice 2 inputs and 8 weights: 52 elements. Weights of 8×8 twice alone are 128.
        var model = new GemmModel(Node with { BufferBytes = 100 }, 1);
        Assert.Throws<ArgumentException>(() => model.Evaluate(new Gemm(2, 64, 64), Dataflow.WeightStationary));
        Assert.Equal(Dataflow.OutputStationary, model.Evaluate(new Gemm(2, 64, 64)).Dataflow);
    }

    [Fact]
    public void WhatIsInTheBufferTakesNothingFromTheMemory()
    {
        var model = new GemmModel(Node, 2);
        var cost = model.Evaluate(new Gemm(49, 96, 288), share: new MemoryShare(0, 0.5, 0));
        Assert.Equal(cost.WeightBytes / 2.0, cost.MemoryBytes);
        Assert.Equal(0, model.Evaluate(new Gemm(49, 96, 288), share: default(MemoryShare)).FillSeconds);
    }

    [Fact]
    public void BufferAccessesFollowTheSchedule()
    {
        var (m, k, n) = (20L, 30L, 40L);
        var gemm = new Gemm(20, 30, 40);
        var model = new GemmModel(Node with { BufferBytes = 1 << 20 }, 1); // 8×8, everything fits: DRAM adds each operand once
        var (inputs, weights, outputs) = (m * k, k * n, m * n);
        var weight = model.Evaluate(gemm, Dataflow.WeightStationary);
        Assert.Equal(weights + (inputs * 5) + (outputs * 3) + outputs, weight.SramReadBytes);
        Assert.Equal((outputs * 4) + inputs + weights, weight.SramWriteBytes);
        var output = model.Evaluate(gemm, Dataflow.OutputStationary);
        Assert.Equal((inputs * 5) + (weights * 3) + outputs, output.SramReadBytes);
        Assert.Equal(outputs + inputs + weights, output.SramWriteBytes);
        var input = model.Evaluate(gemm, Dataflow.InputStationary);
        Assert.Equal(inputs + (weights * 3) + (outputs * 3) + outputs, input.SramReadBytes);
        Assert.Equal((outputs * 4) + inputs + weights, input.SramWriteBytes);
    }

    [Fact]
    public void TimeIsTheLargerOfComputeAndMemoryAfterTheFirstFold()
    {
        var cost = new GemmModel(Node, 2).Evaluate(new Gemm(49, 96, 288));
        var bandwidth = 8e9 * Node.StreamingEfficiency;
        Assert.Equal(cost.ComputeCycles / 0.5e9, cost.ComputeSeconds, 15);
        Assert.Equal(cost.DramBytes / bandwidth, cost.MemorySeconds, 15);
        Assert.Equal((cost.FirstFoldBytes / bandwidth) + 28e-9, cost.FillSeconds, 15);
        Assert.Equal(Math.Max(cost.ComputeSeconds, cost.MemorySeconds) + cost.FillSeconds, cost.Seconds);
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, -5, 1)]
    [InlineData(1, 1, 0)]
    public void DimensionsBelowOneAreRefused(int m, int k, int n)
    {
        var error = Assert.Throws<ArgumentException>(() => new GemmModel(Node, 2).Evaluate(new Gemm(m, k, n)));
        Assert.Contains($"M={m}, K={k}, N={n}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AProductBeyondCountingIsRefused()
    {
        var error = Assert.Throws<ArgumentException>(() => new GemmModel(Node, 2).Evaluate(new Gemm(int.MaxValue, int.MaxValue, int.MaxValue)));
        Assert.Contains("63 bits", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ABufferBelowOneTileIsRefused()
    {
        var error = Assert.Throws<ArgumentException>(() => new GemmModel(Node with { BufferBytes = 64 }, 2).Evaluate(new Gemm(64, 64, 64)));
        Assert.Contains("64 bytes cannot hold", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ADataflowTheNodeLacksIsRefused()
    {
        var node = Node with { Dataflows = [Dataflow.OutputStationary] };
        var error = Assert.Throws<ArgumentException>(() => new GemmModel(node, 2).Evaluate(new Gemm(4, 4, 4), Dataflow.WeightStationary));
        Assert.Contains("OutputStationary", error.Message, StringComparison.Ordinal);
        Assert.Equal(Dataflow.OutputStationary, new GemmModel(node, 2).Evaluate(new Gemm(4, 4, 4)).Dataflow);
    }

    private static void Check(Gen<Gemm> shapes, Func<Gemm, bool> holds) =>
        Prop.ForAll(shapes.ToArbitrary(), holds).Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(2718, 281));

    private static Gen<Gemm> Shapes(int most) =>
        from m in Gen.Choose(1, most)
        from k in Gen.Choose(1, most)
        from n in Gen.Choose(1, most)
        select new Gemm(m, k, n);

    /// <summary>The traffic of every tile size that keeps the array busy under every loop order, by walking the loops and counting what is not there.</summary>
    private static IEnumerable<long> EveryTiling(Gemm gemm, Dataflow dataflow, NodeSpec node)
    {
        int[] extents = [gemm.M, gemm.K, gemm.N];
        int[] sides = dataflow switch
        {
            Dataflow.WeightStationary => [1, node.ArrayRows, node.ArrayColumns],
            Dataflow.OutputStationary => [node.ArrayRows, 1, node.ArrayColumns],
            _ => [node.ArrayColumns, node.ArrayRows, 1],
        };
        int[] slices = [.. extents.Zip(sides, Math.Min)];
        int[][] orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
        foreach (var tile in Tiles(extents, slices))
        {
            var counts = extents.Select((extent, axis) => (extent + tile[axis] - 1) / tile[axis]).ToArray();
            if (Footprint(tile, counts) > node.BufferBytes)
                continue;
            foreach (var order in orders)
                yield return Walk(extents, tile, counts, order);
        }
    }

    private static IEnumerable<int[]> Tiles(int[] extents, int[] slices)
    {
        for (var m = 1; m <= extents[0]; m++)
        {
            for (var k = 1; k <= extents[1]; k++)
            {
                for (var n = 1; n <= extents[2]; n++)
                {
                    // A tile is as thick at least as the side of the array that it lies along.
                    if (m >= slices[0] && k >= slices[1] && n >= slices[2])
                        yield return [m, k, n];
                }
            }
        }
    }

    private static long Footprint(int[] tile, int[] counts) =>
        Operand(tile, counts, 0, 1) + Operand(tile, counts, 1, 2) + Operand(tile, counts, 0, 2);

    private static long Operand(int[] tile, int[] counts, int first, int second) =>
        (long)tile[first] * tile[second] * (counts[first] == 1 && counts[second] == 1 ? 1 : 2);

    private static long Walk(int[] extents, int[] tile, int[] counts, int[] order)
    {
        (int, int) inputs = (-1, -1), weights = (-1, -1), outputs = (-1, -1);
        var begun = new HashSet<(int, int)>();
        var traffic = 0L;
        var at = new int[3];
        long Size(int axis) => Math.Min(tile[axis], extents[axis] - (at[axis] * tile[axis]));
        for (at[order[0]] = 0; at[order[0]] < counts[order[0]]; at[order[0]]++)
        {
            for (at[order[1]] = 0; at[order[1]] < counts[order[1]]; at[order[1]]++)
            {
                for (at[order[2]] = 0; at[order[2]] < counts[order[2]]; at[order[2]]++)
                {
                    traffic += (inputs != (at[0], at[1]) ? Size(0) * Size(1) : 0) + (weights != (at[1], at[2]) ? Size(1) * Size(2) : 0);
                    if (outputs != (at[0], at[2]))
                        traffic += Size(0) * Size(2) * (begun.Add((at[0], at[2])) ? 1 : 2);
                    (inputs, weights, outputs) = ((at[0], at[1]), (at[1], at[2]), (at[0], at[2]));
                }
            }
        }

        return traffic;
    }
}
