using Allspark.Engine.Simulation.Network;
using Allspark.Engine.Specifications;
using Xunit;

namespace Engine.Tests.Simulation.Network;

public sealed class TraceFileTests
{
    [Fact]
    public void PacketsAreReadInOrder()
    {
        var packets = TraceFile.Read(new StringReader("Cycle, Source, Target, Flits\n0,1,2,3\n\n\"7\", 0 ,15,1\r\n"), "t.csv");
        Assert.Equal([new TracePacket(0, 1, 2, 3), new TracePacket(7, 0, 15, 1)], packets);
    }

    [Theory]
    [InlineData("", 1, "begins with the line")]
    [InlineData("source,cycle,target,flits\n", 1, "begins with the line")]
    [InlineData("cycle,source,target,flits\n1,2,3\n", 2, "four fields")]
    [InlineData("cycle,source,target,flits\n0,0,0,1\n1,2,3,4,5\n", 3, "four fields")]
    [InlineData("cycle,source,target,flits\n0,0,-1,1\n", 2, "'-1' is not")]
    [InlineData("cycle,source,target,flits\n0,0,1.5,1\n", 2, "'1.5' is not")]
    [InlineData("cycle,source,target,flits\n99999999999,0,1,1\n", 2, "is not a whole number")]
    public void LinesThatAreWrongAreNamed(string text, int line, string reason)
    {
        var error = Assert.Throws<SpecificationException>(() => TraceFile.Read(new StringReader(text), "t.csv"));
        Assert.Equal(("t.csv", line), (error.File, error.Line));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }
}
