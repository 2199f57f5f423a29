using System.Management.Automation;
using Allspark.Engine.Experiments;
using Allspark.Engine.Models;
using Allspark.PowerShell.Errors;
using Allspark.PowerShell.Parameters;

namespace Allspark.PowerShell.Commands;

/// <summary>Writes runs to a file for other tools.</summary>
/// <remarks>
/// The extension says how: .csv one line a run and one column a metric, .json an array, .jsonl one object a line. Numbers keep every bit.
/// The file is written whole or not at all. A file that is there is kept unless -Force is given.
/// </remarks>
/// <example>
/// <summary>The runs of a store as a table.</summary>
/// <code>
/// Split-VitWorkload swin_t -Array stack-16x16 | Invoke-AllsparkSchedule | Measure-PimInference -LogTo runs.db | Out-Null
/// Get-AllsparkRun runs.db | Export-AllsparkRun -Path runs.csv -Force
/// </code>
/// </example>
[Cmdlet(VerbsData.Export, "AllsparkRun", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportAllsparkRunCommand : ExportCommand
{
    private readonly List<Run> runs = [];

    /// <summary>The run.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [PipelineInput(typeof(Run))]
    public Run[] InputObject { get; set; } = [];

    /// <summary>The file: .csv, .json or .jsonl.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Replaces a file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (!RunExport.Extensions.Any(extension => Path.EndsWith(extension, StringComparison.OrdinalIgnoreCase)))
        {
            ThrowTerminatingError(ErrorRecords.Of(
                new CommandException(
                    "UnknownRunFormat",
                    ErrorCategory.InvalidArgument,
                    $"'{Path}' names no format. End it with one of {string.Join(", ", RunExport.Extensions)}."),
                Path));
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord() => runs.AddRange(InputObject);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        ForItem(Path, () =>
        {
            var file = FilePath(Path);
            Write(file, $"{runs.Count} runs", Force, () => Run(file, _ => RunExport.Write(runs.ToValueList(), file)));
        });
        base.EndProcessing();
    }
}
