using System.Collections;
using System.Management.Automation;
using Allspark.Engine.Import;
using Allspark.Engine.Models;
using Allspark.PowerShell.Errors;
using Allspark.PowerShell.Parameters;

namespace Allspark.PowerShell.Commands;

/// <summary>Reads networks from files.</summary>
/// <remarks>
/// Files are ONNX graphs (.onnx), the config.json of Hugging Face's transformers (.json), topologies of SCALE-Sim (.csv), and YAML (.yaml,
/// .yml) of a form that its content shows: what Export-DnnModel writes, a workload of ZigZag or Stream, or a problem of Timeloop. What of
/// another tool's file has no place in a network is in its Notes; see docs/import.md.
///
/// An ONNX graph (.onnx) is read for its shapes and structure; weights are never loaded and may be absent. Attention blocks, their heads,
/// windows and shifts, feed-forward networks, patch embedding and merging are recognised from the operators; what is not recognised
/// stays a plain operator, is counted as such, and is listed in the network's Notes and with -Verbose. See docs/import.md.
///
/// A config.json gives shapes alone: keys that are missing have the library's defaults.
/// </remarks>
/// <example>
/// <summary>A graph exported from PyTorch, scheduled and measured.</summary>
/// <code>
/// if (Test-Path swin_t.onnx) {
///     Import-DnnModel swin_t.onnx | Split-VitWorkload -Array stack-16x16 | Invoke-AllsparkSchedule | Measure-PimInference
/// }
/// </code>
/// </example>
/// <example>
/// <summary>All graphs of a folder, with what was not recognised.</summary>
/// <code>Get-ChildItem *.onnx | Import-DnnModel -Verbose</code>
/// </example>
/// <example>
/// <summary>A graph whose batch and image size were left open by the export.</summary>
/// <code>if (Test-Path vit.onnx) { Import-DnnModel vit.onnx -Dimension batch=1, height=224, width=224 }</code>
/// </example>
/// <example>
/// <summary>A decoder from its configuration, on a prompt of 512 tokens.</summary>
/// <code>Set-Content config.json '{ "model_type": "gpt2" }'; Import-DnnModel config.json -SequenceLength 512</code>
/// </example>
/// <example>
/// <summary>A network as YAML, to be edited and read back.</summary>
/// <code>Get-DnnModel swin_t | Export-DnnModel -Path swin.yaml -Force; Import-DnnModel swin.yaml</code>
/// </example>
/// <example>
/// <summary>A topology of SCALE-Sim through the whole pipeline, and its products one by one.</summary>
/// <code>
/// Set-Content mlp.csv "Layer, M, N, K,`nup, 128, 3072, 768,`ndown, 128, 768, 3072,"
/// Import-DnnModel mlp.csv | Split-VitWorkload -Array stack-4x4 | Invoke-AllsparkSchedule | Measure-PimInference
/// Import-DnnModel mlp.csv | Measure-PimGemm -Array stack-4x4
/// </code>
/// </example>
[Cmdlet(VerbsData.Import, "DnnModel", DefaultParameterSetName = PathSet)]
[OutputType(typeof(DnnModel))]
public sealed class ImportDnnModelCommand : AllsparkCommand
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    private readonly Setting<Precision> precision = new(Precision.Fp16);

    /// <summary>Files; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = PathSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Files, by their exact names: wildcards and brackets are letters of them.</summary>
    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>The network's name; that which the file gives, or the file's own, if omitted.</summary>
    [Parameter]
    [ValidatePattern("^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$")]
    public string? Name { get; set; }

    /// <summary>The side of the square image in pixels, where the file leaves it to choose; the file's own if omitted.</summary>
    [Parameter]
    [ValidateRange(1, ModelCatalog.HighestResolution)]
    public int? Resolution { get; set; }

    /// <summary>The tokens of the text, for networks that read text.</summary>
    /// <value>the network's own</value>
    [Parameter]
    [ValidateRange(1, ModelCatalog.LongestSequence)]
    public int? SequenceLength { get; set; }

    /// <summary>Images, or texts, that an inference computes together; the file's own, else one, if omitted.</summary>
    [Parameter]
    [ValidateRange(1, ModelCatalog.LargestBatch)]
    public int? Batch { get; set; }

    /// <summary>The number format of weights and activations; the file's own, else 16-bit floating point, if omitted.</summary>
    [Parameter]
    public Precision Precision
    {
        get => precision.Value;
        set => precision.Value = value;
    }

    /// <summary>Sizes of dimensions that the file leaves open, as name=size or as a hashtable.</summary>
    /// <value>no sizes</value>
    [Parameter]
    [DimensionTransformation]
    public Hashtable Dimension { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachFile([.. Path, .. LiteralPath], ParameterSetName == LiteralPathSet, Read);

    private void Read(string file)
    {
        if (ModelImport.ReaderOf(file) is null)
            throw new CommandException("UnknownModelFormat", ErrorCategory.InvalidArgument, ModelImport.Refusal(file));
        var settings = new ImportSettings
        {
            Name = Name,
            Precision = MyInvocation.BoundParameters.ContainsKey(nameof(Precision)) ? precision.Value : null,
            Resolution = Resolution,
            SequenceLength = SequenceLength,
            Batch = Batch,
            Dimensions = Dimension.Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (long)entry.Value!, StringComparer.Ordinal),
        };
        var model = Run($"Reading {System.IO.Path.GetFileName(file)}", token => ModelImport.Read(file, settings, token));
        foreach (var note in model.Notes)
            WriteVerbose(note);
        WriteObject(model);
    }
}
