using System.Management.Automation;
using Allspark.Engine.Models;
using Allspark.PowerShell.Completion;
using Allspark.PowerShell.Parameters;

namespace Allspark.PowerShell.Commands;

/// <summary>Gets the networks that ship with Allspark.</summary>
/// <remarks>
/// A network is an ordered list of layers with shapes, for one image or one text: embedding, transformer blocks, patch merging,
/// convolutions, classifier.
/// Names are those of torchvision; case does not matter, and a dash equals an underscore. Multiply-accumulate operations (MACs)
/// include the two products of attention, QK^T and S*V.
/// </remarks>
/// <example>
/// <summary>All networks, with their sizes.</summary>
/// <code>Get-DnnModel</code>
/// </example>
/// <example>
/// <summary>The multiply-accumulate operations of one network.</summary>
/// <code>(Get-DnnModel swin_b).Macs</code>
/// </example>
/// <example>
/// <summary>The blocks of the Swin networks that have the most computational branches.</summary>
/// <code>(Get-DnnModel swin-*).Blocks | Sort-Object Branches -Descending | Select-Object -First 5</code>
/// </example>
/// <example>
/// <summary>A network for larger images, in 8-bit integers.</summary>
/// <code>Get-DnnModel vit_b_16 -Resolution 384 -Precision Int8</code>
/// </example>
/// <example>
/// <summary>A decoder on a prompt of 2048 tokens.</summary>
/// <code>Get-DnnModel gpt_j -SequenceLength 2048</code>
/// </example>
/// <example>
/// <summary>Eight images at once, and how many a second that makes.</summary>
/// <code>
/// (Get-DnnModel swin_t -Batch 8 | Split-VitWorkload -Array stack-16x16 | Invoke-AllsparkSchedule |
///     Measure-PimInference).InferencesPerSecond
/// </code>
/// </example>
[Cmdlet(VerbsCommon.Get, "DnnModel")]
[OutputType(typeof(DnnModel))]
public sealed class GetDnnModelCommand : AllsparkCommand
{
    private readonly Setting<Precision> precision = new(Precision.Fp16);

    /// <summary>Names of networks; wildcards are allowed. All networks if omitted.</summary>
    /// <value>*</value>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ModelNameCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <summary>The side of the square image in pixels; the published one if omitted.</summary>
    [Parameter]
    [ValidateRange(1, ModelCatalog.HighestResolution)]
    public int? Resolution { get; set; }

    /// <summary>The tokens of the text, for networks that read text; the network's own length if omitted.</summary>
    [Parameter]
    [ValidateRange(1, ModelCatalog.LongestSequence)]
    public int? SequenceLength { get; set; }

    /// <summary>Images, or texts, that an inference computes together. Latency and energy are then those of the whole batch.</summary>
    /// <value>1</value>
    [Parameter]
    [ValidateRange(1, ModelCatalog.LargestBatch)]
    public int Batch { get; set; } = 1;

    /// <summary>The number format of weights and activations.</summary>
    /// <value>Fp16</value>
    [Parameter]
    public Precision Precision
    {
        get => precision.Value;
        set => precision.Value = value;
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            ForItem(name, () =>
            {
                foreach (var match in NamePattern.Expand(name, "model preset", ModelCatalog.Names))
                    ForItem(match, () => WriteObject(ModelCatalog.Get(match, Resolution, Precision, SequenceLength) with { Batch = Batch }));
            });
        }
    }
}
