using System.Management.Automation;
using Allspark.Engine.Hardware;
using Allspark.PowerShell.Completion;
using Allspark.PowerShell.Parameters;

namespace Allspark.PowerShell.Commands;

/// <summary>Gets the arrays that ship with Allspark.</summary>
/// <remarks>
/// An array is a machine: a grid of equal nodes, the network between them, energies, and the way in and out. Case does not matter in
/// names, and a dash equals an underscore. New-PimArray makes one that differs from these; Sources says where each constant is from.
/// </remarks>
/// <example>
/// <summary>All arrays, with their sizes.</summary>
/// <code>Get-PimArray</code>
/// </example>
/// <example>
/// <summary>A network on every stacked DRAM.</summary>
/// <code>Get-PimArray stack-* | Split-VitWorkload deit_ti | Invoke-AllsparkSchedule -Solver Greedy | Measure-PimInference</code>
/// </example>
/// <example>
/// <summary>Where the constants of an array are from.</summary>
/// <code>(Get-PimArray stack-16x16).Sources</code>
/// </example>
[Cmdlet(VerbsCommon.Get, "PimArray")]
[OutputType(typeof(PimArray))]
public sealed class GetPimArrayCommand : AllsparkCommand
{
    /// <summary>Names of arrays; wildcards are allowed. All arrays if omitted.</summary>
    /// <value>*</value>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ArrayNameCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Families of machines; wildcards are allowed. All families if omitted.</summary>
    /// <value>*</value>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(FamilyNameCompleter))]
    public string[] Family { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        foreach (var name in Family)
            Require(name, () => NamePattern.Expand(name, "family", Enum.GetNames<MachineFamily>()));
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var families = Family.Select(name => new NamePattern(name)).ToArray();
        foreach (var name in Name)
        {
            ForItem(name, () =>
            {
                foreach (var match in NamePattern.Expand(name, "array preset", ArrayCatalog.Names))
                {
                    var array = ArrayCatalog.Get(match);
                    if (families.Any(family => family.Matches(array.Family.ToString())))
                        WriteObject(array);
                }
            });
        }
    }
}
