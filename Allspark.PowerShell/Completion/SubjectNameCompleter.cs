using Allspark.Engine.Hardware;
using Allspark.Engine.Models;

namespace Allspark.PowerShell.Completion;

/// <summary>Completes the names of model presets, and then of arrays, where either may be meant.</summary>
public sealed class SubjectNameCompleter : NameCompleter
{
    private protected override IEnumerable<(string Name, string Description)> Candidates =>
        ModelCatalog.Names.Select(name => (name, $"the model preset {name}"))
            .Concat(ArrayCatalog.Names.Select(name => (name, $"the array preset {name}")));
}
