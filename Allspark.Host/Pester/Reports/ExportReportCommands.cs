using System.Xml;
using Pester;

namespace Allspark.Host.Pester.Reports;

/// <summary>Works on the result of a run, as <c>Invoke-Pester -PassThru</c> gives it.</summary>
public abstract class ReportCommand(string format) : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public Run? Result { get; set; }

    private protected virtual string ReportFormat => format;
    private protected string Folder => SessionState.Path.CurrentLocation.Path;
}

/// <summary>Writes the report to a file.</summary>
public abstract class ExportReportCommand(string format) : ReportCommand(format)
{
    [Parameter(Mandatory = true, Position = 1)]
    public string Path { get; set; } = "";

    protected override void ProcessRecord() =>
        ResultFile.Write(Result!, SessionState.Path.GetUnresolvedProviderPathFromPSPath(Path), ReportFormat, Folder);
}

/// <summary>Returns the report as an XML document or as its text.</summary>
public abstract class ConvertToReportCommand(string format) : ReportCommand(format)
{
    [Parameter]
    public SwitchParameter AsString { get; set; }

    protected override void ProcessRecord()
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var writer = XmlWriter.Create(text, new XmlWriterSettings { Indent = true }))
            ResultFile.WriteTo(writer, Result!, ReportFormat, Folder);
        if (AsString)
        {
            WriteObject(text.ToString());
            return;
        }
        var document = new XmlDocument();
        document.LoadXml(text.ToString());
        WriteObject(document);
    }
}

[Cmdlet(VerbsData.Export, "NUnitReport")]
public sealed class ExportNUnitReportCommand() : ExportReportCommand("NUnit2.5")
{
    [Parameter]
    [ValidateSet("NUnit2.5", "NUnit3")]
    public string? Format { get; set; }

    private protected override string ReportFormat => Format ?? base.ReportFormat;
}

[Cmdlet(VerbsData.Export, "JUnitReport")]
public sealed class ExportJUnitReportCommand() : ExportReportCommand("JUnitXml");

[Cmdlet(VerbsData.ConvertTo, "NUnitReport")]
public sealed class ConvertToNUnitReportCommand() : ConvertToReportCommand("NUnit2.5")
{
    [Parameter]
    [ValidateSet("NUnit2.5", "NUnit3")]
    public string? Format { get; set; }

    private protected override string ReportFormat => Format ?? base.ReportFormat;
}

[Cmdlet(VerbsData.ConvertTo, "JUnitReport")]
public sealed class ConvertToJUnitReportCommand() : ConvertToReportCommand("JUnitXml");
