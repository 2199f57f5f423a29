using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Scheduling;
using Allspark.Engine.Simulation;
using Xunit;

namespace Engine.Tests.Simulation;

/// <summary>Events against closed forms on every pair of presets; the output is the table of docs/validation.md.</summary>
[Trait("Speed", "Slow")]
public sealed class FidelityAgreementTests(ITestOutputHelper output)
{
    private const double Tolerance = 0.10;

    public static TheoryData<string> Models() => [.. ModelCatalog.Names];

    [Theory]
    [MemberData(nameof(Models))]
    public void EventsAreWithinTenPerCentOfTheClosedForms(string model)
    {
        var measured = 0;
        foreach (var array in ArrayCatalog.Names)
        {
            var scheduler = new Scheduler();
            var row = Enum.GetValues<PartitionScheme>().Select(scheme => Ratio(scheduler, model, array, scheme)).ToArray();
            output.WriteLine(string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"| {model} | {array} | {string.Join(" | ", row.Select(ratio => ratio is { } value ? value.ToString("F3", System.Globalization.CultureInfo.InvariantCulture) : "does not fit"))} |"));
            Assert.All(row.OfType<double>(), ratio => Assert.InRange(ratio, 1 - Tolerance, 1 + Tolerance));
            measured += row.OfType<double>().Count();
        }

        Assert.InRange(measured, 1, int.MaxValue);
    }

    private static double? Ratio(Scheduler scheduler, string model, string array, PartitionScheme scheme)
    {
        try
        {
            var workload = Partitioner.Split(ModelCatalog.Get(model), ArrayCatalog.Get(array), scheme);
            var schedule = scheduler.Schedule(workload, new ExactSolver());
            var machine = scheduler.Machine(workload);
            var (events, closed) = (EventSimulator.Measure(schedule, machine), AnalyticSimulator.Measure(schedule, machine));
            LatencyBoundTests.AssertHold(events);
            LatencyBoundTests.AssertHold(closed);
            return events.LatencySeconds / closed.LatencySeconds;
        }
        catch (InfeasibleScheduleException)
        {
            return null;
        }
    }
}
