using System.Text.Json.Nodes;
using Allspark.Engine.Experiments;

namespace Allspark.Engine.Charts;

/// <summary>How many times faster one model runs than under one reference.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Reference">The baseline scheme or the machine compared with.</param>
/// <param name="Speedup">Latency of the reference over latency of the subject; above zero, 1 is equal.</param>
public sealed record SpeedupRow(string Model, string Reference, double Speedup);

/// <summary>
/// Grouped bars: per model, the speed-up over each reference, on a logarithmic axis that starts at 1, so that a bar
/// downwards is a slow-down; with the geometric mean over the models as the last group.
/// </summary>
/// <param name="Rows">The bars; models and references are shown in the order in which they first appear.</param>
public sealed record SpeedupChart(IReadOnlyList<SpeedupRow> Rows) : IChart
{
    private const string MeanGroup = "geometric mean";
    private const int MostUprightLabels = 48;
    private const double Height = 380;

    /// <inheritdoc/>
    public string Kind => "Speedup";

    /// <summary>What is compared with the references.</summary>
    public string Subject { get; init; } = "Allspark";

    /// <summary>The title; null for one made from <see cref="Subject"/>.</summary>
    public string? Title { get; init; }

    /// <summary>What a reader must know to read the numbers rightly, such as a reference's caveat.</summary>
    public string? Note { get; init; }

    /// <summary>
    /// The chart of comparisons of one scheme; where they are of several arrays, each model is shown once for each. The
    /// references' caveats become the note.
    /// </summary>
    /// <exception cref="ChartException">The comparisons are of several schemes.</exception>
    public static SpeedupChart Of(IEnumerable<Comparison> comparisons)
    {
        var all = comparisons.ToArray();
        var schemes = all.Select(comparison => comparison.Scheme).Distinct(StringComparer.Ordinal).ToArray();
        if (schemes.Length > 1)
            throw new ChartException(
                ChartFailure.BadRows, $"a speed-up chart is of one scheme; these comparisons are of {string.Join(", ", schemes)}: choose one");
        var arrays = all.Select(comparison => comparison.Array).Distinct(StringComparer.Ordinal).ToArray();
        var caveats = all.Select(comparison => comparison.Caveat).OfType<string>().Distinct(StringComparer.Ordinal).ToArray();
        var chart = new SpeedupChart(
            [.. all.Select(item => new SpeedupRow(arrays.Length > 1 ? $"{item.Model} on {item.Array}" : item.Model, item.Reference, item.Speedup))]);
        return schemes.Length == 0 ? chart : chart with
        {
            Subject = schemes[0],
            Title = arrays.Length > 1 ? null : $"Speed-up of {schemes[0]} on {arrays[0]}",
            Note = caveats.Length == 0 ? null : string.Join(" ", caveats),
        };
    }

    /// <inheritdoc/>
    public JsonObject ToVegaLite()
    {
        Check();
        var references = Rows.Select(row => row.Reference).Distinct(StringComparer.Ordinal).ToArray();
        var bars = WithMeans(references);
        var groups = bars.Select(row => row.Model).Distinct(StringComparer.Ordinal).ToArray();
        var upright = bars.Count <= MostUprightLabels;
        var domain = Domain(upright);

        var spec = ChartTheme.Frame(Title ?? $"Speed-up of {Subject}", Note);
        spec["data"] = new JsonObject { ["values"] = new JsonArray([.. bars.Select(Datum)]) };
        spec["width"] = new JsonObject { ["step"] = upright ? 38 : 18, ["for"] = "offset" };
        spec["height"] = Height;
        spec["encoding"] = Encoding(groups, references, domain, upright);
        spec["layer"] = new JsonArray(Bars(references), Equality(), Labels(above: true, upright), Labels(above: false, upright));
        return spec;
    }

    private void Check()
    {
        if (Rows.Count == 0)
            throw new ChartException(ChartFailure.BadRows, "a speed-up chart needs at least one row: measure a baseline beside the subject");
        foreach (var row in Rows)
        {
            if (!double.IsFinite(row.Speedup) || row.Speedup <= 0)
                throw new ChartException(
                    ChartFailure.BadRows, FormattableString.Invariant($"the speed-up of {row.Model} over {row.Reference} is {row.Speedup}; it must be above zero"));
        }

        if (Rows.GroupBy(row => (row.Model, row.Reference)).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new ChartException(ChartFailure.BadRows, $"{twice.Key.Model} over {twice.Key.Reference} is given {twice.Count()} times: choose one run");
    }

    /// <summary>A mean says something only over several models, and only over the models that a reference has.</summary>
    private List<SpeedupRow> WithMeans(string[] references)
    {
        var bars = Rows.ToList();
        foreach (var reference in references)
        {
            var speedups = Rows.Where(row => row.Reference == reference).ToArray();
            if (speedups.Length > 1)
                bars.Add(new SpeedupRow(MeanGroup, reference, Math.Exp(speedups.Average(row => Math.Log(row.Speedup)))));
        }

        return bars;
    }

    private static JsonObject Datum(SpeedupRow row) => new()
    {
        ["model"] = row.Model,
        ["reference"] = row.Reference,
        ["speedup"] = row.Speedup,
        ["label"] = Quantity.ThreeDigits(row.Speedup) + "×",
    };

    private JsonObject Encoding(string[] groups, string[] references, (double Low, double High) domain, bool upright) => new()
    {
        ["x"] = new JsonObject
        {
            ["field"] = "model",
            ["type"] = "nominal",
            ["sort"] = new JsonArray([.. groups]),
            ["title"] = null,
            ["scale"] = new JsonObject { ["paddingInner"] = 0.12, ["paddingOuter"] = 0.06 },
            ["axis"] = new JsonObject
            {
                ["labelAngle"] = upright ? 0 : -30,
                ["labelFontSize"] = 13,
                ["labelPadding"] = 8,
                ["ticks"] = false,
                ["labelFontWeight"] = new JsonObject
                {
                    ["condition"] = new JsonObject { ["test"] = $"datum.value === '{MeanGroup}'", ["value"] = "bold" },
                    ["value"] = "normal",
                },
            },
        },
        ["xOffset"] = new JsonObject { ["field"] = "reference", ["type"] = "nominal", ["sort"] = new JsonArray([.. references]) },
        ["y"] = new JsonObject
        {
            ["field"] = "speedup",
            ["type"] = "quantitative",
            ["title"] = $"speed-up of {Subject} (×, log scale)",
            ["scale"] = new JsonObject { ["type"] = "log", ["domain"] = new JsonArray(domain.Low, domain.High), ["nice"] = false },
            ["axis"] = new JsonObject { ["values"] = new JsonArray([.. Ticks(domain.Low, domain.High)]), ["format"] = "~g", ["domain"] = false, ["ticks"] = false },
        },
    };

    /// <summary>From the lowest to the highest bar, with room beyond both for the labels.</summary>
    private (double Low, double High) Domain(bool upright)
    {
        var low = Math.Min(1, Rows.Min(row => row.Speedup));
        var high = Math.Max(2, Rows.Max(row => row.Speedup));
        var labelShare = (upright ? 20 : 52) / Height;
        var room = Math.Pow(high / low, labelShare / (1 - (2 * labelShare)));
        return (low < 1 ? low / room : 1, high * room);
    }

    /// <summary>1, 2, 5 and their decimal multiples within the domain; decades alone where it spans more than three.</summary>
    private static IEnumerable<JsonNode> Ticks(double low, double high)
    {
        double[] steps = high / low > 1000 ? [1] : [1, 2, 5];
        for (var decade = Math.Pow(10, Math.Floor(Math.Log10(low))); decade <= high; decade *= 10)
        {
            foreach (var step in steps)
            {
                if (decade * step >= low && decade * step <= high)
                    yield return JsonValue.Create(decade * step);
            }
        }
    }

    private JsonObject Bars(string[] references) => new()
    {
        ["mark"] = new JsonObject { ["type"] = "bar", ["tooltip"] = true },
        ["encoding"] = new JsonObject
        {
            ["y2"] = new JsonObject { ["datum"] = 1 },
            ["color"] = new JsonObject
            {
                ["field"] = "reference",
                ["type"] = "nominal",
                ["sort"] = new JsonArray([.. references]),
                ["title"] = $"{Subject} over",
                ["scale"] = ChartTheme.Colors(references),
                ["legend"] = new JsonObject { ["orient"] = "top", ["direction"] = "horizontal", ["columns"] = 6, ["titleOrient"] = "left" },
            },
        },
    };

    private static JsonObject Equality() => new()
    {
        ["mark"] = new JsonObject { ["type"] = "rule", ["color"] = "#222222", ["strokeWidth"] = 1.2 },
        ["encoding"] = new JsonObject { ["y"] = new JsonObject { ["datum"] = 1 }, ["x"] = null, ["xOffset"] = null },
    };

    /// <summary>Beyond the bar's end: upright where there is room, else along the bar.</summary>
    private static JsonObject Labels(bool above, bool upright)
    {
        var mark = new JsonObject { ["type"] = "text", ["fontSize"] = 11 };
        if (upright)
        {
            mark["baseline"] = above ? "bottom" : "top";
            mark["dy"] = above ? -3 : 3;
        }
        else
        {
            mark["angle"] = 270;
            mark["baseline"] = "middle";
            mark["align"] = above ? "left" : "right";
            mark["dx"] = above ? 4 : -4; // along the text
        }

        return new JsonObject
        {
            ["transform"] = new JsonArray(new JsonObject { ["filter"] = above ? "datum.speedup >= 1" : "datum.speedup < 1" }),
            ["mark"] = mark,
            ["encoding"] = new JsonObject { ["text"] = new JsonObject { ["field"] = "label" } },
        };
    }
}
