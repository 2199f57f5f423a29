using System.Management.Automation;
using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.PowerShell.Completion;
using Allspark.PowerShell.Errors;
using Allspark.PowerShell.Parameters;

namespace Allspark.PowerShell.Commands;

/// <summary>Splits networks for arrays: into computational branches and phases, with the options that a scheme opens to each phase.</summary>
/// <remarks>
/// A branch is one (window, head) pair of a block. A phase is a step that one grouping of nodes computes: a block's attention, its
/// feed-forward network, or a projection. The scheme Allspark opens every grouping; the others are the policies it is compared with:
/// WholeBranch, TokenParallel, TensorParallel and LayerPipeline.
/// </remarks>
/// <example>
/// <summary>A network for the reference array.</summary>
/// <code>Get-DnnModel swin_t | Split-VitWorkload -Array stack-16x16</code>
/// </example>
/// <example>
/// <summary>The phases of a block.</summary>
/// <code>(Split-VitWorkload swin_t -Array stack-16x16).Phases | Select-Object -First 5</code>
/// </example>
/// <example>
/// <summary>A network under two schemes on two arrays: four workloads.</summary>
/// <code>Get-DnnModel vit_b_16 | Split-VitWorkload -Array stack-8x8, stack-16x16 -Scheme Allspark, TensorParallel</code>
/// </example>
/// <example>
/// <summary>A network on arrays of one's own.</summary>
/// <code>2MB, 4MB | ForEach-Object { New-PimArray stack-16x16 -NodeMemoryBytes $_ } | Split-VitWorkload swin_t</code>
/// </example>
[Cmdlet(VerbsCommon.Split, "VitWorkload")]
[OutputType(typeof(Workload))]
public sealed class SplitVitWorkloadCommand : AllsparkCommand
{
    /// <summary>The networks: names of presets, wildcards are allowed, or models. They and the arrays may come in either order.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("Model")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [SubjectTransformation]
    [ArgumentCompleter(typeof(SubjectNameCompleter))]
    public object[] InputObject { get; set; } = [];

    /// <summary>The arrays: names of presets, wildcards are allowed, or arrays. Each network is split for each of them.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [SubjectTransformation(ArraysFirst = true)]
    [ArgumentCompleter(typeof(ArrayNameCompleter))]
    public object[] Array { get; set; } = [];

    /// <summary>The schemes, wildcards are allowed. Each network is split under each of them.</summary>
    /// <value>Allspark</value>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [SchemeTransformation]
    [ArgumentCompleter(typeof(SchemeNameCompleter))]
    public PartitionScheme[] Scheme { get; set; } = [PartitionScheme.Allspark];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        object[] given = [.. InputObject.Concat(Array).Select(item => item is PSObject wrapped ? wrapped.BaseObject : item)];
        DnnModel[] models = [.. given.OfType<DnnModel>()];
        PimArray[] arrays = [.. given.OfType<PimArray>()];
        if (models.Length == 0)
            WriteError(Missing("network", arrays[0], "Split-VitWorkload swin_t"));
        else if (arrays.Length == 0)
            WriteError(Missing("array", models[0], "Split-VitWorkload -Array stack-16x16"));
        foreach (var model in models)
        {
            foreach (var array in arrays)
            {
                foreach (var scheme in Scheme)
                    ForItem(model, () => WriteObject(Run($"{model.Name} on {array.Name}, {scheme}", _ => Partitioner.Split(model, array, scheme))));
            }
        }
    }

    private static ErrorRecord Missing(string what, object given, string command) => ErrorRecords.Of(
        new CommandException("SubjectMissing", ErrorCategory.InvalidArgument, $"There is no {what} to split {given} with. Name one: {command}."), given);
}
