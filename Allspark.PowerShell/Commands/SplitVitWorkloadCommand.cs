using System.Management.Automation;
using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.PowerShell.Completion;
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
[Cmdlet(VerbsCommon.Split, "VitWorkload")]
[OutputType(typeof(Workload))]
public sealed class SplitVitWorkloadCommand : AllsparkCommand
{
    /// <summary>The network: a preset's name, or a model.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [Alias("Model")]
    [ModelTransformation]
    [ArgumentCompleter(typeof(ModelNameCompleter))]
    public DnnModel[] InputObject { get; set; } = [];

    /// <summary>The arrays: presets' names, or arrays. Each network is split for each of them.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArrayTransformation]
    [ArgumentCompleter(typeof(ArrayNameCompleter))]
    public PimArray[] Array { get; set; } = [];

    /// <summary>The schemes. Each network is split under each of them.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public PartitionScheme[] Scheme { get; set; } = [PartitionScheme.Allspark];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var model in InputObject)
        {
            foreach (var array in Array)
            {
                foreach (var scheme in Scheme)
                {
                    ForItem(model, () => WriteObject(
                        Run($"{model.Name} on {array.Name}, {scheme}", _ => Partitioner.Split(model, array, scheme))));
                }
            }
        }
    }
}
