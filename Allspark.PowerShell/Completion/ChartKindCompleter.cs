using Allspark.PowerShell.Commands;

namespace Allspark.PowerShell.Completion;

/// <summary>Completes the kinds of charts.</summary>
public sealed class ChartKindCompleter : NameCompleter
{
    private protected override IEnumerable<(string Name, string Description)> Candidates =>
        ExportAllsparkChartCommand.Kinds.Select(kind => (kind, $"the chart {kind}"));
}
