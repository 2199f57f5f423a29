using Allspark.Engine.Specifications;
using Xunit;

namespace Allspark.Engine.Tests.Specifications;

public sealed class PhysicalQuantityTests
{
    [Theory]
    [InlineData(1.0851e-3, "s", "1.085 ms")]
    [InlineData(0, "s", "0 s")]
    [InlineData(1, "s", "1 s")]
    [InlineData(999.96e-6, "s", "1 ms")]
    [InlineData(999.94e-6, "s", "999.9 µs")]
    [InlineData(-2.5e-9, "J", "-2.5 nJ")]
    [InlineData(1e-15, "J", "1 fJ")]
    [InlineData(1e-18, "J", "0.001 fJ")]
    [InlineData(8e9, "B/s", "8 GB/s")]
    [InlineData(5e8, "Hz", "500 MHz")]
    [InlineData(4194304, "B", "4 MiB")]
    [InlineData(1023, "B", "1023 B")]
    [InlineData(1024, "B", "1 KiB")]
    [InlineData(0.5, "B", "0.5 B")]
    [InlineData(1e18, "B", "888.2 PiB")]
    [InlineData(double.PositiveInfinity, "s", "Infinity s")]
    public void IsShownWithThePrefixThatSuitsIt(double value, string unit, string expected) =>
        Assert.Equal(expected, new PhysicalQuantity(value, unit).ToString());

    [Fact]
    public void IsComparedByItsValue()
    {
        var (small, large) = (new PhysicalQuantity(9e-6, "s"), new PhysicalQuantity(11e-6, "s"));
        Assert.True(small < large);
        Assert.True(((IComparable)small).CompareTo(1e-5) < 0);
        Assert.True(((IComparable)large).CompareTo(1e-5) > 0);
        Assert.Equal(new PhysicalQuantity(1e-3, "s"), (PhysicalQuantity)1e-3);
        Assert.NotEqual(new PhysicalQuantity(1e-3, "s"), new PhysicalQuantity(1e-3, "J"));
    }
}
