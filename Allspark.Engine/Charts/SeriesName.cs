using Allspark.Engine.Experiments;

namespace Allspark.Engine.Charts;

/// <summary>Names results by the model, and by array and scheme where there are several.</summary>
internal static class SeriesName
{
    public static Func<ResultPoint, string> Of(IReadOnlyCollection<ResultPoint> all, bool withArray = true)
    {
        var several = (
            Arrays: withArray && all.Select(result => result.Array).Distinct(StringComparer.Ordinal).Skip(1).Any(),
            Schemes: all.Select(result => result.Scheme).Distinct(StringComparer.Ordinal).Skip(1).Any());
        return result => string.Concat(
            result.Model, several.Arrays ? $" on {result.Array}" : "", several.Schemes ? $", {result.Scheme}" : "");
    }
}
