using Allspark.Engine.Hardware;
using Allspark.Engine.Hardware.Peers;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Scheduling;
using Allspark.Engine.Simulation;
using Allspark.Engine.Specifications;
using Allspark.Engine.Verification;
using Xunit;

namespace Engine.Tests.Hardware;

[Trait("Speed", "Slow")]
public sealed class PeerMachineTests
{
    private const double Clock = 0.5e9;

    public static TheoryData<string> Files => ["scalesim.cfg", "zigzag_core.yaml", "stream_mesh.yaml"];

    [Fact]
    public void ScaleSimBecomesOneNode()
    {
        var array = Read("scalesim.cfg");
        Assert.Equal(("small_ws", 1, 1), (array.Name, array.Rows, array.Columns));
        Assert.Equal((16, 32, 160L << 10), (array.Node.ArrayRows, array.Node.ArrayColumns, array.Node.BufferBytes));
        Assert.Equal([Dataflow.WeightStationary], array.Node.Dataflows);
        // Ten words of one byte a cycle on each of three interfaces, without rows and refresh.
        Assert.Equal(30 * Clock, array.Node.StreamingBandwidthBytesPerSecond);
        Assert.Contains(array.Sources, note => note.Key == "node.arrayRows" && note.Source == "scalesim.cfg: ArrayHeight");
        Assert.Contains(array.Sources, note => note.Key == "energy.dram" && note.Source.StartsWith("not in scalesim.cfg", StringComparison.Ordinal));
        Assert.Contains(array.Notes, note => note.Contains("Sparsity", StringComparison.Ordinal));
        Assert.Contains(array.Notes, note => note.Contains("[layout]", StringComparison.Ordinal));
        Assert.Contains(array.Notes, note => note.Contains("memorybanks", StringComparison.Ordinal));
    }

    // Where SCALE-Sim finds the bandwidth itself nothing may stall, at any precision.
    [Theory]
    [InlineData(Precision.Int8)]
    [InlineData(Precision.Fp32)]
    public void WithoutABandwidthNothingStalls(Precision precision)
    {
        var array = ReadText(File.ReadAllText(Data("scalesim.cfg")).Replace("USER", "CALC", StringComparison.Ordinal), "calc.cfg");
        var cost = new GemmModel(array.Node, precision.Bytes()).Evaluate(new Gemm(1000, 500, 300));
        Assert.True(cost.MemorySeconds < cost.ComputeSeconds);
    }

    [Fact]
    public void ZigZagBecomesOneNode()
    {
        var array = Read("zigzag_core.yaml");
        Assert.Equal(("edge_core", 1), (array.Name, array.NodeCount));
        Assert.Equal((16, 16, 192L << 10), (array.Node.ArrayRows, array.Node.ArrayColumns, array.Node.BufferBytes));
        Assert.Equal(1_250_000_000, array.Node.MemoryBytes);
        Assert.Equal(8 * Clock, array.Node.StreamingBandwidthBytesPerSecond);
        Assert.Equal(0.1e-12, array.Energy.SramReadJoulesPerBit, 1e-18);
        Assert.Equal(0.2e-12, array.Energy.SramWriteJoulesPerBit, 1e-18);
        Assert.Equal(10e-12, array.Energy.DramJoulesPerBit, 1e-18);
        Assert.Equal(0.04e-12, array.Energy.MacInt8Joules, 1e-18);
        Assert.Equal(0.26e-12, array.Energy.MacFp16Joules, 1e-18);
        Assert.Contains(array.Notes, note => note.StartsWith("regs: registers", StringComparison.Ordinal));
        Assert.Contains(array.Notes, note => note.StartsWith("3 dimensions", StringComparison.Ordinal));
    }

    [Fact]
    public void StreamBecomesAMeshOfItsCores()
    {
        var array = Read("stream_mesh.yaml");
        Assert.Equal(("six_tiles", 2, 3, Topology.Mesh), (array.Name, array.Rows, array.Columns, array.InterconnectSpec.Topology));
        Assert.Equal((16, 16, 256L << 10), (array.Node.ArrayRows, array.Node.ArrayColumns, array.Node.BufferBytes));
        Assert.Equal((8L << 30) / 6, array.Node.MemoryBytes);
        Assert.Equal(8, array.InterconnectSpec.LinkBytesPerCycle);
        Assert.Equal(0.5e-12, array.Energy.HopJoulesPerBit, 1e-18);
        // The bus to memory is narrower than its port: 256 bits a cycle for all.
        Assert.Equal(32 * Clock, array.Io.OffStackBandwidthBytesPerSecond);
        Assert.Equal(32 * Clock / 6, array.Node.MemoryBandwidthBytesPerSecond, 1.0);
        Assert.Contains(array.Notes, note => note.Contains("64 to 128 bits", StringComparison.Ordinal));
        Assert.Contains(array.Notes, note => note.Contains("divided among them", StringComparison.Ordinal));
    }

    [Fact]
    public void TheEarlierFormOfStreamHasAGraph()
    {
        var array = ReadText("""
            name: quad
            cores: [tile.yaml, tile.yaml, tile.yaml, tile.yaml, memory.yaml]
            graph: {type: 2d_mesh, nb_rows: 2, nb_cols: 2, bandwidth: 32, unit_energy_cost: 0, offchip_core_id: 4}
            """, "quad.yaml");
        Assert.Equal((2, 2, 4, 0.0), (array.Rows, array.Columns, array.InterconnectSpec.LinkBytesPerCycle, array.Energy.HopJoulesPerBit));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void EveryMachineRunsANetworkAndIsWrittenAndReadBack(string file)
    {
        var array = Read(file);
        Assert.Equal(array, PimArrayYaml.Read(PimArrayYaml.Write(array), "back.yaml"));
        var model = ModelCatalog.Get("deit_ti", precision: Precision.Int8);
        var (workload, scheduler) = (Partitioner.Split(model, array), new Scheduler());
        var schedule = scheduler.Schedule(workload, new ExactSolver());
        Assert.Empty(LegalityChecker.Check(schedule).Findings);
        var measured = AnalyticSimulator.Measure(schedule, scheduler.Machine(workload));
        Assert.True(measured.LatencySeconds >= model.Macs / array.PeakMacsPerSecond);
    }

    [Theory]
    [InlineData("scalesim.cfg", "ArrayHeight:    16", "ArrayHeight:    0", 6, "0 is out of bounds. Allowed: 1 to 1024.")]
    [InlineData("scalesim.cfg", "ArrayHeight:    16", "ArrayHeight:    99999999999", 6, "is not a whole number")]
    [InlineData("scalesim.cfg", "ArrayHeight:    16\n", "", 5, "the key 'arrayheight' is missing")]
    [InlineData("scalesim.cfg", "Dataflow : ws", "Dataflow : rs", 14, "'RS' is not a known dataflow")]
    [InlineData("scalesim.cfg", "Dataflow : ws", "Dataflow ws", 14, "is no line of a configuration")]
    [InlineData("scalesim.cfg", "Bandwidth : 10", "Bandwidth : -1", 15, "-1 is out of bounds")]
    [InlineData("scalesim.cfg", "IfmapSramSzkB:   64", "IfmapSramSzkB:   1048576", 5, "Allowed: 1 B to 1 GiB")]
    [InlineData("scalesim.cfg", "Bandwidth : 10", "Dataflow : os", 15, "given twice")]
    [InlineData("scalesim.cfg", "[architecture_presets]", "[architecture]", 1, "has no section [architecture_presets]")]
    [InlineData("zigzag_core.yaml", "sizes: [16, 8, 2]", "sizes: [16, 8]", 78, "has 2 sizes for 3 dimensions")]
    [InlineData("zigzag_core.yaml", "sizes: [16, 8, 2]", "sizes: [16, 800, 2]", 78, "comes to 16×1600 multipliers")]
    [InlineData("zigzag_core.yaml", "multiplier_area: 1", "is_imc: true", 76, "computes in the memory itself")]
    [InlineData("zigzag_core.yaml", "size: 10000000000", "size: -1", 58, "must be a number from 0")]
    [InlineData("zigzag_core.yaml", "served_dimensions: [D2]", "served_dimensions: [D7]", 20, "'D7' is not a known dimension")]
    [InlineData("zigzag_core.yaml", "operands: [I1, I2, O]", "operands: [I1]", 3, "has no memory that serves inputs, weights and outputs")]
    [InlineData("stream_mesh.yaml", "5: ./cores/tile.yaml", "5: ../tile.yaml", 2, "leaves the folder")]
    [InlineData("stream_mesh.yaml", "5: ./cores/tile.yaml", "5: /etc/passwd", 2, "leaves the folder")]
    [InlineData("stream_mesh.yaml", "5: ./cores/tile.yaml", "5: none.yaml", 2, "there is no file 'none.yaml'")]
    [InlineData("stream_mesh.yaml", "5: ./cores/tile.yaml", "5: memory.yaml", 6, "are no mesh and no torus")]
    [InlineData("stream_mesh.yaml", "cores: [0, 1], bandwidth", "cores: [0, 4], bandwidth", 6, "are no mesh and no torus")]
    [InlineData("stream_mesh.yaml", "type: link, cores: [0, 1]", "type: bus, cores: [0, 1]", 6, "share a bus")]
    [InlineData("stream_mesh.yaml", "offchip_core_id: 6", "offchip_core_id: 60", 3, "60 is the number of no core")]
    public void WhatDoesNotMapIsRefusedWithItsLine(string file, string right, string wrong, int line, string problem)
    {
        var text = File.ReadAllText(Data(file));
        Assert.Contains(right, text, StringComparison.Ordinal);
        Refused(text.Replace(right, wrong, StringComparison.Ordinal), file, line, problem);
    }

    [Theory]
    [InlineData("architecture: {version: 0.4}", "is an architecture of Timeloop")]
    [InlineData("problem: {}", "Import-DnnModel reads it")]
    [InlineData("- operator_type: Conv", "a network is read by Import-DnnModel")]
    public void WhatIsNoMachineIsSaidToBeSo(string text, string problem) => Refused(text, "x.yaml", 1, problem);

    [Fact]
    public void UnlikeCoresAreNoArray()
    {
        var text = "name: mixed\ncores: [tile.yaml, zigzag_core.yaml, memory.yaml]\ngraph: {type: 2d_mesh, nb_rows: 1, nb_cols: 2, bandwidth: 32, offchip_core_id: 2}";
        Refused(text, "x.yaml", 2, "core 1 (edge_core) is not like core 0 (tile)");
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void DamageIsRefusedOrReadButNeverCrashes(string file)
    {
        var text = File.ReadAllText(Data(file));
        var random = new Random(11);
        var refused = 0;
        for (var trial = 0; trial < 200; trial++)
        {
            var letters = text.ToCharArray();
            for (var change = 0; change < 3; change++)
                letters[random.Next(letters.Length)] = "0-9:,[]{}x#\n*&é"[random.Next(15)];
            try
            {
                var array = ReadText(new string(letters), file);
                Assert.Equal(array, PimArrayYaml.Read(PimArrayYaml.Write(array), "back.yaml"));
            }
            catch (SpecificationException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1, 200);
    }

    private static void Refused(string text, string file, int line, string problem)
    {
        var error = Assert.Throws<SpecificationException>(() => ReadText(text, file));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Equal(line, error.Line);
    }

    private static string Data(string file) => Path.Combine(AppContext.BaseDirectory, "Data", "peers", file);

    private static PimArray Read(string file) => ArrayImport.ReadFile(Data(file));

    private static PimArray ReadText(string text, string file)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("cores"));
        foreach (var core in Directory.GetFiles(Data("cores")))
            File.Copy(core, Path.Combine(folder.File("cores"), Path.GetFileName(core)));
        File.Copy(Data("zigzag_core.yaml"), Path.Combine(folder.File("cores"), "zigzag_core.yaml"));
        File.WriteAllText(folder.File(file), text);
        return ArrayImport.ReadFile(folder.File(file));
    }
}
