using Allspark.Engine.Hardware;

namespace Allspark.PowerShell.Completion;

/// <summary>Completes the families of machines, where any text is taken.</summary>
public sealed class FamilyNameCompleter : NameCompleter
{
    private protected override IEnumerable<(string Name, string Description)> Candidates =>
        Enum.GetNames<MachineFamily>().Select(name => (name, $"the machine family {name}"));
}
