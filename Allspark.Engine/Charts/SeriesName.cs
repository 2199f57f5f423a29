using Allspark.Engine.Experiments;

namespace Allspark.Engine.Charts;

/// <summary>Names results by the model, and by array and scheme where there are several.</summary>
internal static class SeriesName
{
    /// <summary>" on " and the array, where all results are on one.</summary>
    public static string OnTheArray(IReadOnlyCollection<ResultPoint> all) =>
        all.Select(result => result.Array).Distinct(StringComparer.Ordinal).Take(2).ToArray() is [var array] ? $" on {array}" : "";

    public static Func<ResultPoint, string> Of(IReadOnlyCollection<ResultPoint> all, bool withArray = true)
    {
        var several = (
            Arrays: withArray && all.Select(result => result.Array).Distinct(StringComparer.Ordinal).Skip(1).Any(),
            Schemes: all.Select(result => result.Scheme).Distinct(StringComparer.Ordinal).Skip(1).Any());
        return result => string.Concat(
            result.Model, several.Arrays ? $" on {result.Array}" : "", several.Schemes ? $", {result.Scheme}" : "");
    }
}
