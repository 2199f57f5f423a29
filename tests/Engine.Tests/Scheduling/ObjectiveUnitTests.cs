using Allspark.Engine.Scheduling;
using Xunit;

namespace Engine.Tests.Scheduling;

public sealed class ObjectiveUnitTests
{
    [Theory]
    [InlineData(ScheduleObjective.Latency, 1_085_194_628, "ps", "1.085 ms")]
    [InlineData(ScheduleObjective.Latency, 2_500_000_000_000, "ps", "2.500 s")]
    [InlineData(ScheduleObjective.Energy, 12_299_083_882, "pJ", "12.299 mJ")]
    [InlineData(ScheduleObjective.Energy, 999, "pJ", "999.000 pJ")]
    [InlineData(ScheduleObjective.EnergyDelayProduct, 10_393_000_000, "fJ·s", "10.393 µJ·s")]
    [InlineData(ScheduleObjective.EnergyDelayProduct, 7, "fJ·s", "7.000 fJ·s")]
    [InlineData(ScheduleObjective.EnergyDelayProduct, 0, "fJ·s", "0.000 J·s")]
    public void AnObjectiveIsShownInTheUnitThatSuitsIt(ScheduleObjective objective, long count, string unit, string text)
    {
        Assert.Equal(unit, ObjectiveUnit.UnitOf(objective));
        Assert.Equal(text, ObjectiveUnit.Text(objective, count));
    }
}
