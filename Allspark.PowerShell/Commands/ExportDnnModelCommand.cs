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
public sealed class ExportDnnModelCommand : AllsparkCommand
{
    /// <summary>The network.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [ModelTransformation]
    [ArgumentCompleter(typeof(ModelNameCompleter))]
    public DnnModel InputObject { get; set; } = null!;

    /// <summary>The file, or a folder in which the file is named after the network.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Replaces a file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Emits the file.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(InputObject, () =>
    {
        var file = FilePath(Path);
        if (Directory.Exists(file))
            file = System.IO.Path.Combine(file, string.Concat(InputObject.Name.Split(System.IO.Path.GetInvalidFileNameChars())) + ".yaml");
        if (!MayWrite(file, Force) || !ShouldProcess(file, $"Export the network {InputObject.Name}"))
            return;
        File.WriteAllText(file, ModelYaml.Write(InputObject));
        if (PassThru)
            WriteObject(new FileInfo(file));
    });
}
