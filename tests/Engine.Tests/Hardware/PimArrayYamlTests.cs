using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Specifications;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Engine.Tests.Hardware;

[Trait("Speed", "Slow")]
public sealed class PimArrayYamlTests
{
    private static readonly PimArray Reference = ArrayCatalog.Get("stack-16x16");
    private static readonly string Text = PimArrayYaml.Write(Reference with { Sources = [], Derived = [] });

    [Fact]
    public void WhatIsWrittenReadsBackEqual()
    {
        var arrays = from rows in Gen.Choose(1, 40)
                     from columns in Gen.Choose(1, 40)
                     from topology in Gen.Elements(Topology.Mesh, Topology.Torus)
                     from buffer in Gen.Choose(1, 1 << 30)
                     from memory in Gen.Choose(1, 1 << 20)
                     from fraction in Gen.Choose(1, int.MaxValue)
                     from energy in Gen.Choose(0, int.MaxValue)
                     from inner in Gen.Elements(true, false)
                     from derived in Gen.Elements<ValueList<string>>([], ["interconnect.clock", "energy.sramRead"], DerivedConstants.Keys)
                     select DerivedConstants.Apply(Reference with
                     {
                         Derived = derived,
                         Name = "a-1.2_b",
                         Rows = rows,
                         Columns = columns,
                         InterconnectSpec = Reference.InterconnectSpec with { Topology = topology, ClockHertz = 2e10 * fraction / int.MaxValue + 1e6 },
                         Node = Reference.Node with
                         {
                             BufferBytes = buffer,
                             MemoryBytes = memory * 1024L,
                             MemoryBandwidthBytesPerSecond = 1e6 + fraction / 3.0,
                             Dataflows = [Dataflow.OutputStationary, Dataflow.WeightStationary],
                             Dram = Reference.Node.Dram with { ClockPeriodSeconds = 1e-11 + (1e-9 * fraction / int.MaxValue) },
                         },
                         Energy = Reference.Energy with { HopJoulesPerBit = energy * 1e-20 / 7, StaticWattsPerNode = energy / 1e8, MacInt8Joules = energy * 1e-22 },
                         Io = Reference.Io with { Ports = inner ? [new GridPosition(rows - 1, columns / 2)] : [] },
                     });
        Prop.ForAll(arrays.ToArbitrary(), array => PimArrayYaml.Read(PimArrayYaml.Write(array), "x") == array)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(577, 21));
    }

    [Theory]
    [InlineData("stack-4x4", 16, 128L << 20, 196 * 0.5e9)]
    [InlineData("stack-8x8", 64, 16L << 20, 64 * 0.5e9)]
    [InlineData("stack-16x16", 256, 4L << 20, 64 * 0.5e9)]
    public void PresetsAreThoseOfTheDesign(string name, int nodes, long memory, double macsPerSecond)
    {
        var array = ArrayCatalog.Get(name);
        Assert.Equal((nodes, memory, macsPerSecond), (array.NodeCount, array.Node.MemoryBytes, array.Node.PeakMacsPerSecond));
        Assert.Equal(nodes * memory, array.MemoryBytes);
        Assert.Equal(nodes * macsPerSecond, array.PeakMacsPerSecond);
        Assert.Equal(nodes, array.Interconnect.NodeCount);
        Assert.Equal(array, PimArrayYaml.Read(PimArrayYaml.Write(array), "again.yaml"));
    }

    [Fact]
    public void EveryConstantOfAPresetHasASource()
    {
        var values = Text.Split('\n').Count(line => line.Contains(": ", StringComparison.Ordinal)) - 2; // all but name and family
        Assert.All(ArrayCatalog.Names, name => Assert.Equal(values, ArrayCatalog.Get(name).Sources.Count));
    }

    [Fact]
    public void StreamingPaysForRowMissesAndRefresh()
    {
        var dram = Reference.Node.Dram; // rows of 1 KiB, tRCD = tRP = 14, tRAS = 34 at 1 ns
        var refresh = 1 - (260.0 / 3900);
        Assert.Equal(128.0 / (128 + 28) * refresh, Reference.Node.StreamingEfficiency, 12);
        Assert.Equal(refresh, (dram with { BanksPerNode = 2 }).StreamingEfficiency(8e9), 12);
        Assert.Equal(10.0 / 24 * refresh, (dram with { BanksPerNode = 2 }).StreamingEfficiency(1024 / 10e-9), 12); // tRC = 48 ns over two banks
        Assert.Equal(28e-9, dram.AccessLatencySeconds, 15);
        Assert.True(ArrayCatalog.Get("stack-4x4").Node.StreamingEfficiency > Reference.Node.StreamingEfficiency);
    }

    [Fact]
    public void AnotherSizeKeepsTheNodesAndTakesItsOwnCorners()
    {
        var array = PimArray.Create(3, 5, Reference);
        Assert.Equal(("custom-3x5", 15, 15), (array.Name, array.NodeCount, array.Interconnect.NodeCount));
        Assert.Equal([0, 4, 10, 14], array.IoNodes);
        Assert.Equal(Reference.Node, array.Node);
        Assert.Equal([0], PimArray.Create(1, 1, Reference).IoNodes);
        Assert.Throws<ArgumentOutOfRangeException>(() => PimArray.Create(0, 4, Reference));
        Assert.Throws<ArgumentOutOfRangeException>(() => PimArray.Create(4, 257, Reference));
        var inner = Reference with { Io = Reference.Io with { Ports = [new GridPosition(9, 9)] } };
        Assert.Contains("[9, 9]", Assert.Throws<ArgumentException>(() => PimArray.Create(4, 4, inner)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ACopyWithOtherRowsHasTheInterconnectForThem()
    {
        Assert.Equal(256, Reference.Interconnect.NodeCount);
        Assert.Equal(32, (Reference with { Rows = 2 }).Interconnect.NodeCount);
        Assert.Equal(32, (Reference with { Columns = 2 }).Interconnect.NodeCount);
        Assert.Equal(1024, (Reference with { InterconnectSpec = Reference.InterconnectSpec with { Topology = Topology.Torus } }).Interconnect.LinkCount);
    }

    /// <summary>SET's figures at the ends; between and beyond them E = E₀·(E₁/E₀)^(log₁₂₈(B / 8 KiB)).</summary>
    [Theory]
    [InlineData(8, 0.049, 0.041)]
    [InlineData(32, 0.0650, 0.0674)]
    [InlineData(128, 0.0863, 0.1109)]
    [InlineData(1024, 0.132, 0.234)]
    [InlineData(131_072, 0.3556, 1.3356)]
    public void TheBuffersEnergyFollowsItsSize(int kibibytes, double read, double write)
    {
        var node = Reference.Node with { BufferBytes = kibibytes * 1024L };
        var array = Reference.Revised(Reference with { Node = node }, ["node.buffer"]);
        Assert.Equal(read * 1e-12, array.Energy.SramReadJoulesPerBit, 0.0001e-12);
        Assert.Equal(write * 1e-12, array.Energy.SramWriteJoulesPerBit, 0.0001e-12);
    }

    [Fact]
    public void WhatFollowsFromAConstantChangesWithIt()
    {
        var node = Reference.Node with { ArrayColumns = 12, MemoryBytes = 8 << 20, ClockHertz = 1e9 };
        var array = Reference.Revised(
            Reference with
            {
                Node = node,
                InterconnectSpec = Reference.InterconnectSpec with { FlitBytes = 32 },
                Energy = Reference.Energy with { MacInt8Joules = 0.02e-12 },
            },
            ["node.arrayColumns", "node.memory", "node.clock", "interconnect.flit", "energy.macInt8"]);

        Assert.Equal((12, 32, 1e9), (array.Node.VectorLanes, array.InterconnectSpec.LinkBytesPerCycle, array.InterconnectSpec.ClockHertz));
        Assert.Equal(1.5e-3, array.Energy.StaticWattsPerNode, 12);
        Assert.Equal((0.13e-12, 0.4e-12), (array.Energy.MacFp16Joules, array.Energy.MacFp32Joules));
        Assert.Equal(DerivedConstants.Keys.Order(), array.Derived.Order());
        Assert.Subset(array.Sources.Select(note => note.Key).ToHashSet(), DerivedConstants.Keys.ToHashSet());
        Assert.DoesNotContain(array.Sources, note => note.Key is "node.arrayColumns" or "node.memory" or "node.clock" or "interconnect.flit" or "energy.macInt8");
        Assert.Equal(array, PimArrayYaml.Read(PimArrayYaml.Write(array), "again.yaml"));
    }

    [Fact]
    public void AGivenValueOverridesItsRule()
    {
        var array = Reference.Revised(
            Reference with { InterconnectSpec = Reference.InterconnectSpec with { LinkBytesPerCycle = 8, FlitBytes = 32 } },
            ["interconnect.link", "interconnect.flit"]);
        Assert.Equal(8, array.InterconnectSpec.LinkBytesPerCycle);
        Assert.DoesNotContain("interconnect.link", array.Derived);
        Assert.DoesNotContain(array.Sources, note => note.Key == "interconnect.link");
    }

    [Fact]
    public void InYamlAnEditedConstantTakesAlongWhatFollowsFromIt()
    {
        var text = PimArrayYaml.Write(Reference);
        Assert.Contains("value: derived, source: \"ours: SET's 8 KB", text, StringComparison.Ordinal);
        var larger = PimArrayYaml.Read(text.Replace("value: 128 KiB", "value: 1 MiB", StringComparison.Ordinal), "larger.yaml");
        Assert.Equal((0.132e-12, 0.234e-12), (larger.Energy.SramReadJoulesPerBit, larger.Energy.SramWriteJoulesPerBit));
        var lines = text.Split('\n').Select(line => line.Contains("staticPower", StringComparison.Ordinal) ? "  staticPower: 2 mW" : line);
        var overridden = PimArrayYaml.Read(string.Join('\n', lines), "overridden.yaml");
        Assert.Equal(2e-3, overridden.Energy.StaticWattsPerNode);
        Assert.DoesNotContain("energy.staticPower", overridden.Derived);
        var refused = Assert.Throws<SpecificationException>(() => PimArrayYaml.Read(text.Replace("value: 128 KiB", "value: derived", StringComparison.Ordinal), "x"));
        Assert.Contains("'derived' is not a size", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void APresetsOwnValueGivenAgainLeavesThePreset()
    {
        Assert.Equal(Reference, Reference.Revised(Reference with { }, ["node.buffer", "interconnect.link"]));
        Assert.Equal(Reference, PimArray.Create(16, 16, Reference));
        Assert.Equal("mine", Reference.Revised(Reference, ["node.buffer"], "mine").Name);
        Assert.Equal(Reference.Sources, Reference.Revised(Reference, ["node.buffer"], "mine").Sources);
    }

    [Fact]
    public void TheHashTellsWhatDeterminesResults()
    {
        Assert.Equal(Reference.ContentHash, (Reference with { Name = "mine", Sources = [], Derived = [] }).ContentHash);
        PimArray[] others =
        [
            Reference with { Rows = 8 },
            Reference with { Node = Reference.Node with { VectorLanes = 9 } },
            Reference with { Node = Reference.Node with { Dataflows = [Dataflow.OutputStationary] } },
            Reference with { Node = Reference.Node with { Dram = Reference.Node.Dram with { PrechargeCycles = 15 } } },
            Reference with { InterconnectSpec = Reference.InterconnectSpec with { LinkCycles = 2 } },
            Reference with { Energy = Reference.Energy with { HopJoulesPerBit = 0.4e-12 } },
            Reference with { Io = Reference.Io with { Ports = [new GridPosition(0, 0)] } },
        ];
        Assert.Equal(others.Length + 1, others.Append(Reference).Select(array => array.ContentHash).Distinct().Count());
    }

    [Fact]
    public void AnUnknownPresetListsTheNearOnes()
    {
        Assert.Equal("stack-8x8", ArrayCatalog.Get("STACK_8x8").Name);
        var error = Assert.Throws<UnknownPresetException>(() => ArrayCatalog.Get("stack-16x6"));
        Assert.Equal("stack-16x16", error.NearMatches[0]);
    }

    [Theory]
    [InlineData("clock: 0.5 GHz", "clok: 0.5 GHz", "node.clok", "Did you mean 'clock'?")]
    [InlineData("clock: 0.5 GHz", "clock: 0.5 GHz\n  clock: 1 GHz", "node.clock", "given twice")]
    [InlineData("clock: 0.5 GHz", "clock: 0.5 GB/s", "node.clock", "Allowed: GHz, Hz, kHz, MHz")]
    [InlineData("clock: 0.5 GHz", "clock: 0.5", "node.clock", "has no unit")]
    [InlineData("clock: 0.5 GHz", "clock: -0.5 GHz", "node.clock", "out of bounds")]
    [InlineData("clock: 0.5 GHz", "clock: 5e300 GHz", "node.clock", "out of bounds")]
    [InlineData("clock: 0.5 GHz", "clock: .nan", "node.clock", "a number with a unit")]
    [InlineData("clock: 0.5 GHz", "clock: .inf", "node.clock", "a number with a unit")]
    [InlineData("clock: 0.5 GHz", "clock: [0.5 GHz]", "node.clock", "a single value")]
    [InlineData("clock: 0.5 GHz", "clock: { value: 0.5 GHz }", "node.clock", "'source' is missing")]
    [InlineData("clock: 0.5 GHz", "clock: { value: 0.5 GHz, sauce: x }", "node.clock.sauce", "Did you mean 'source'?")]
    [InlineData("clock: 0.5 GHz", "clock: &a 0.5 GHz", "node.clock", "anchors are not allowed")]
    [InlineData("clock: 0.5 GHz", "clock: *a", "node.clock", "aliases are not allowed")]
    [InlineData("clock: 0.5 GHz", "clock: !!int 3", "node.clock", "tags are not allowed")]
    [InlineData("buffer: 128 KiB", "buffer: 0.3 B", "node.buffer", "out of bounds")]
    [InlineData("buffer: 128 KiB", "buffer: 1.5 B", "node.buffer", "whole number")]
    [InlineData("buffer: 128 KiB", "buffer: 128 KB", "node.buffer", "Allowed: B, KiB, MiB, GiB")]
    [InlineData("buffer: 128 KiB", "buffer: 99999999999999999999999 GiB", "node.buffer", "out of bounds")]
    [InlineData("arrayRows: 8", "arrayRows: 8.5", "node.arrayRows", "not a whole number")]
    [InlineData("arrayRows: 8", "arrayRows: 0", "node.arrayRows", "Allowed: 1 to 1024")]
    [InlineData("dataflows: [WeightStationary, OutputStationary, InputStationary]", "dataflows: [Best]", "node.dataflows", "'Best' is a choice")]
    [InlineData("dataflows: [WeightStationary, OutputStationary, InputStationary]", "dataflows: [WeightStationery]", "node.dataflows[0]", "Did you mean 'WeightStationary'?")]
    [InlineData("dataflows: [WeightStationary, OutputStationary, InputStationary]", "dataflows: []", "node.dataflows", "has 0 elements")]
    [InlineData("refresh: 260 cycles", "refresh: 3900 cycles", "node.dram.refresh", "leaves no time")]
    [InlineData("topology: Mesh", "topology: Ring", "interconnect.topology", "Allowed: Mesh, Torus")]
    [InlineData("hop: 0.7 pJ/bit", "hop: 0.7 pJ", "energy.hop", "Allowed: pJ/bit")]
    [InlineData("ports: corners", "ports: edges", "io.ports", "'corners' or a list")]
    [InlineData("ports: corners", "ports: [[0, 16]]", "io.ports[0][1]", "Allowed: 0 to 15")]
    [InlineData("ports: corners", "ports: [[0, 1], [0, 1]]", "io.ports", "twice")]
    [InlineData("name: stack-16x16", "name: ../../etc", "name", "not a name")]
    public void ABadValueIsRefusedWithItsPlace(string good, string bad, string key, string problem)
    {
        Assert.Contains(good, Text, StringComparison.Ordinal);
        var text = Text.Replace(good, bad, StringComparison.Ordinal);
        var error = Assert.Throws<SpecificationException>(() => PimArrayYaml.Read(text, "bad.yaml"));
        Assert.Equal(("bad.yaml", key), (error.File, error.Key));
        var line = 1 + Text[..Text.IndexOf(good, StringComparison.Ordinal)].Count(character => character == '\n') + bad.Count(character => character == '\n');
        Assert.Equal(line, error.Line);
        Assert.InRange(error.Column, 1, 60);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.StartsWith($"bad.yaml({error.Line},{error.Column}): {key}: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingKeyIsNamedWithItsSection()
    {
        var error = Assert.Throws<SpecificationException>(() =>
            PimArrayYaml.Read(Text.Replace("  vectorLanes: 8\n", "", StringComparison.Ordinal), "bad.yaml"));
        Assert.Equal(("node", 6), (error.Key, error.Line));
        Assert.Contains("'vectorLanes' is missing", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("just words", "must be keys and values")]
    [InlineData("a: 1\n---\nb: 2\n", "second document")]
    [InlineData("a: [1, 2", "is not YAML")]
    [InlineData("a: 'open", "is not YAML")]
    [InlineData("? [a]\n: b", "key that is not a plain word")]
    public void WhatIsNoSpecificationIsRefused(string text, string problem) =>
        Assert.Contains(problem, Assert.Throws<SpecificationException>(() => PimArrayYaml.Read(text, "bad.yaml")).Message, StringComparison.Ordinal);

    [Fact]
    public void BombsAreRefusedBeforeTheyGoOff()
    {
        Refused("a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n", "anchors are not allowed");
        Refused($"name: {new string('[', 200_000)}", "nested deeper");
        Refused($"name: {string.Concat(Enumerable.Repeat("{a: ", 100_000))}", "nested deeper");
        Refused($"name: [{string.Concat(Enumerable.Repeat("1,", 100_000))}]", "at most 20000");
        Refused(new string('x', SpecificationParser.MaximumLength + 1), "is longer than");
    }

    [Fact]
    public void FilesAreReadWithinTheSameLimits()
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.yaml");
        try
        {
            File.WriteAllText(path, PimArrayYaml.Write(Reference));
            Assert.Equal(Reference, PimArrayYaml.ReadFile(path));
            File.WriteAllBytes(path, [0x61, 0x3A, 0x20, 0xFF, 0xFE, 0x80]);
            Assert.Contains("UTF-8", Assert.Throws<SpecificationException>(() => PimArrayYaml.ReadFile(path)).Message, StringComparison.Ordinal);
            File.WriteAllBytes(path, new byte[SpecificationParser.MaximumLength + 1]);
            Assert.Contains("longer", Assert.Throws<SpecificationException>(() => PimArrayYaml.ReadFile(path)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void Refused(string text, string problem) =>
        Assert.Contains(problem, Assert.Throws<SpecificationException>(() => PimArrayYaml.Read(text, "bomb.yaml")).Message, StringComparison.Ordinal);
}
