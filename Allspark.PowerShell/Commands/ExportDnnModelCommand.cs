using System.Management.Automation;
using Allspark.Engine.Models;
using Allspark.PowerShell.Completion;
using Allspark.PowerShell.Parameters;

namespace Allspark.PowerShell.Commands;

/// <summary>Writes networks as YAML, every layer with its shapes.</summary>
/// <remarks>What is written reads back with the same ContentHash by Import-DnnModel. A file that is there is kept unless -Force is given.</remarks>
/// <example>
/// <summary>A preset as a file, to begin a network of one's own with.</summary>
/// <code>Get-DnnModel swin_t | Export-DnnModel -Path my-swin.yaml</code>
/// </example>
/// <example>
/// <summary>All networks of a family, each in a file of its own name.</summary>
/// <code>Get-DnnModel resnet* | Export-DnnModel -Path . -Force -PassThru</code>
/// </example>
[Cmdlet(VerbsData.Export, "DnnModel", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportDnnModelCommand : ExportTextCommand
{
    /// <summary>The network.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [ModelTransformation]
    [ArgumentCompleter(typeof(ModelNameCompleter))]
    public DnnModel InputObject { get; set; } = null!;

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        Export(InputObject, $"the network {InputObject.Name}", InputObject.Name + ".yaml", () => ModelYaml.Write(InputObject));
}
