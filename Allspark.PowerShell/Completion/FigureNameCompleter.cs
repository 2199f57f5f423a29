using Allspark.Engine.Experiments;

namespace Allspark.PowerShell.Completion;

/// <summary>Completes the names of metrics and parameters of results.</summary>
public sealed class FigureNameCompleter : NameCompleter
{
    private protected override IEnumerable<(string Name, string Description)> Candidates =>
        ResultFigure.Names.Select(name => (name, $"the figure {name}"));
}
