using System.Management.Automation;
using Pester;

namespace Allspark.Host.Pester.Reports;

/// <summary>Writes the result of a run, as <c>Invoke-Pester -PassThru</c> gives it, to a file.</summary>
public abstract class ExportReportCommand(string format) : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public Run? Result { get; set; }

    [Parameter(Mandatory = true, Position = 1)]
    public string Path { get; set; } = "";

    protected override void ProcessRecord() => ResultFile.Write(
        Result!, SessionState.Path.GetUnresolvedProviderPathFromPSPath(Path), format, SessionState.Path.CurrentLocation.Path);
}

[Cmdlet(VerbsData.Export, "NUnitReport")]
public sealed class ExportNUnitReportCommand() : ExportReportCommand("NUnitXml");

[Cmdlet(VerbsData.Export, "JUnitReport")]
public sealed class ExportJUnitReportCommand() : ExportReportCommand("JUnitXml");
