using System.Management.Automation;
using Allspark.Engine.Hardware;
using Allspark.PowerShell.Completion;
using Allspark.PowerShell.Parameters;

namespace Allspark.PowerShell.Commands;

/// <summary>Writes arrays as YAML, each constant with its source beside it.</summary>
/// <remarks>What is written reads back equal with New-PimArray -Path. A file that is there is kept unless -Force is given.</remarks>
/// <example>
/// <summary>A preset as a file, to begin an array of one's own with.</summary>
/// <code>New-PimArray stack-16x16 | Export-PimArray -Path my-stack.yaml</code>
/// </example>
/// <example>
/// <summary>All presets, each in a file of its own name.</summary>
/// <code>'stack-4x4', 'stack-8x8', 'stack-16x16' | New-PimArray | Export-PimArray -Path . -Force -PassThru</code>
/// </example>
[Cmdlet(VerbsData.Export, "PimArray", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportPimArrayCommand : ExportTextCommand
{
    /// <summary>The array.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [ArrayTransformation]
    [ArgumentCompleter(typeof(ArrayNameCompleter))]
    public PimArray InputObject { get; set; } = null!;

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        Export(InputObject, $"the array {InputObject.Name}", InputObject.Name + ".yaml", () => PimArrayYaml.Write(InputObject));
}
