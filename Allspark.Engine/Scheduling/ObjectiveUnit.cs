using System.Globalization;

namespace Allspark.Engine.Scheduling;

/// <summary>What the whole numbers of an objective count.</summary>
public static class ObjectiveUnit
{
    private static readonly (string Prefix, double PerBase)[] Prefixes = [("", 1), ("m", 1e3), ("µ", 1e6), ("n", 1e9), ("p", 1e12), ("f", 1e15)];

    /// <summary>The unit that programs and solvers count in: ps, pJ or fJ·s.</summary>
    public static string UnitOf(ScheduleObjective objective) => (objective == ScheduleObjective.EnergyDelayProduct ? "f" : "p") + BaseOf(objective);

    /// <summary>The objective in seconds, joules or joule-seconds.</summary>
    public static double InBaseUnit(ScheduleObjective objective, long count) => count / (objective == ScheduleObjective.EnergyDelayProduct ? 1e15 : 1e12);

    /// <summary>The objective to a thousandth of the unit that suits it, such as <c>1.085 ms</c> or <c>10.393 µJ·s</c>.</summary>
    public static string Text(ScheduleObjective objective, long count)
    {
        var value = InBaseUnit(objective, count);
        var (prefix, perBase) = Array.Find(Prefixes, prefix => Math.Abs(value) * prefix.PerBase >= 1);
        return string.Create(CultureInfo.InvariantCulture, $"{value * (perBase == 0 ? 1 : perBase):F3} {prefix}{BaseOf(objective)}");
    }

    private static string BaseOf(ScheduleObjective objective) => objective switch
    {
        ScheduleObjective.Latency => "s",
        ScheduleObjective.Energy => "J",
        _ => "J·s",
    };
}
