using Allspark.Engine.Hardware;

namespace Allspark.PowerShell.Completion;

/// <summary>Completes the names of array presets.</summary>
public sealed class ArrayNameCompleter : NameCompleter
{
    private protected override IEnumerable<(string Name, string Description)> Candidates =>
        ArrayCatalog.Names.Select(name => (name, Describe(ArrayCatalog.Get(name))));

    private static string Describe(PimArray array) => $"{array.Rows}×{array.Columns} nodes, {array.Node.MemoryBytes >> 20} MiB each";
}
