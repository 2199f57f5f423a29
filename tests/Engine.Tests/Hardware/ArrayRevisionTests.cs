using Allspark.Engine.Hardware;
using Allspark.Engine.Specifications;
using Xunit;

namespace Engine.Tests.Hardware;

public sealed class ArrayRevisionTests
{
    private static readonly PimArray s_preset = ArrayCatalog.Get("stack-4x4");

    // All that the YAML has but the family, of which there is one, and the size.
    public static TheoryData<string> Keys() =>
        [.. ArrayParameter.Of(s_preset).Select(parameter => parameter.Key).Where(key => key is not ("family" or "rows" or "columns"))];

    [Theory]
    [MemberData(nameof(Keys))]
    public void ReplacesOneConstantAndWhatFollowsFromIt(string key)
    {
        var revised = ArrayRevision.With(s_preset, new Dictionary<string, object> { [key] = Other(key) });
        var changed = ArrayParameter.Of(s_preset).Zip(ArrayParameter.Of(revised)).Where(pair => pair.First.Text != pair.Second.Text)
            .Select(pair => pair.First.Key).ToArray();
        Assert.Contains(key, changed);
        Assert.All(changed, other => Assert.True(other == key || revised.Derived.Contains(other), other));
        Assert.DoesNotContain(key, revised.Derived);
        Assert.DoesNotContain(revised.Sources, note => note.Key == key);
        Assert.Equal("custom-4x4", revised.Name);
        Assert.NotEqual(s_preset.ContentHash, revised.ContentHash);
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void GivingTheSameValueAgainChangesNothing(string key)
    {
        object same = key switch
        {
            "node.dataflows" => s_preset.Node.Dataflows,
            "interconnect.topology" => s_preset.InterconnectSpec.Topology,
            "io.ports" => s_preset.Io.Ports,
            _ => Typed(key, ArrayParameter.Of(s_preset).Single(parameter => parameter.Key == key).Value),
        };
        Assert.Equal(s_preset, ArrayRevision.With(s_preset, new Dictionary<string, object> { [key] = same }));
    }

    [Fact]
    public void RefusesWhatDoesNotGoTogether()
    {
        var refresh = Assert.Throws<SpecificationException>(() => ArrayRevision.With(s_preset, new Dictionary<string, object> { ["node.dram.refresh"] = 1_000_000 }));
        Assert.Contains("node.dram.refresh", refresh.Message, StringComparison.Ordinal);
        var port = Assert.Throws<SpecificationException>(() => ArrayRevision.With(s_preset, new Dictionary<string, object> { ["io.ports"] = new[] { new GridPosition(4, 0) } }));
        Assert.Contains("io.ports", port.Message, StringComparison.Ordinal);
        Assert.Throws<SpecificationException>(() => ArrayRevision.With(s_preset, new Dictionary<string, object> { ["node.dataflows"] = Array.Empty<Dataflow>() }));
    }

    [Theory]
    [InlineData("node.clocks", 1.0)]
    [InlineData("node.dram.clocks", 1.0)]
    [InlineData("speed", 1.0)]
    [InlineData("interconnect.speed", 1)]
    [InlineData("energy.speed", 1.0)]
    [InlineData("io.speed", 1.0)]
    [InlineData("node.clock", "fast")]
    public void RefusesUnknownKeysAndOtherTypes(string key, object value)
    {
        var error = Assert.Throws<ArgumentException>(() => ArrayRevision.With(s_preset, new Dictionary<string, object> { [key] = value }));
        Assert.Contains(key, error.Message, StringComparison.Ordinal);
    }

    private static object Other(string key) => key switch
    {
        "node.dataflows" => new[] { Dataflow.OutputStationary },
        "interconnect.topology" => Topology.Torus,
        "io.ports" => new[] { new GridPosition(1, 2) },
        _ => ArrayParameter.Of(s_preset).Single(parameter => parameter.Key == key).Value switch
        {
            // Twice the interval leaves a refresh its time; twice the refresh fits the interval.
            long whole => Typed(key, whole * 2),
            double number => number * 2,
            var value => throw new InvalidOperationException($"{key} is {value}"),
        },
    };

    private static object Typed(string key, object value) => value is long whole && key is not ("node.buffer" or "node.memory") ? (int)whole : value;
}
