using Allspark.Engine.Models;

namespace Allspark.PowerShell.Completion;

/// <summary>Completes the names of model presets.</summary>
public sealed class ModelNameCompleter : NameCompleter
{
    private protected override IEnumerable<(string Name, string Description)> Candidates =>
        ModelCatalog.Names.Select(name => (name, $"the model preset {name}"));
}
