using System.Management.Automation.Host;

namespace Microsoft.PowerShell.Commands;

/// <summary>Begins a record of what the session shows in a file; the engine keeps it.</summary>
[Cmdlet(VerbsLifecycle.Start, "Transcript", SupportsShouldProcess = true, DefaultParameterSetName = "ByPath",
    HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096485")]
[OutputType(typeof(string))]
public sealed class StartTranscriptCommand : PSCmdlet
{
    private string? file;
    private bool isLiteral;

    /// <summary>The file; without one <c>$TRANSCRIPT</c>, or a new file in the user's documents.</summary>
    [Parameter(Position = 0, ParameterSetName = "ByPath")]
    [ValidateNotNullOrEmpty]
    public string? Path
    {
        get => file;
        set => file = value;
    }

    [Parameter(Position = 0, ParameterSetName = "ByLiteralPath")]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string? LiteralPath
    {
        get => file;
        set => (file, isLiteral) = (value, true);
    }

    /// <summary>The folder of a new file with a name of its own.</summary>
    [Parameter(Position = 0, ParameterSetName = "ByOutputDirectory")]
    [ValidateNotNullOrEmpty]
    public string? OutputDirectory { get; set; }

    [Parameter]
    public SwitchParameter Append { get; set; }

    /// <summary>Write to a read-only file too.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    [Alias("NoOverwrite")]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>The time of each command before it.</summary>
    [Parameter]
    public SwitchParameter IncludeInvocationHeader { get; set; }

    [Parameter]
    public SwitchParameter UseMinimalHeader { get; set; }

    protected override void BeginProcessing()
    {
        file ??= GetVariableValue("global:TRANSCRIPT") as string ?? NewFile();
        try
        {
            var target = OutputFile.Resolve(this, file, isLiteral);
            if (!ShouldProcess(target))
                return;
            if (File.Exists(target))
                MakeReady(new FileInfo(target));
            EngineInternals.CallByName(Host.UI, "StartTranscribing", target, null, IncludeInvocationHeader.IsPresent,
                UseMinimalHeader.IsPresent);
            WriteObject(Transcript.Note("Transcript started, output file is ", file));
        }
        catch (Exception failure) when (failure is not PipelineStoppedException)
        {
            var message = $"Transcription cannot be started due to the error: {failure.Message}";
            ThrowTerminatingError(new ErrorRecord(new PSInvalidOperationException(message, failure), "CannotStartTranscription",
                ErrorCategory.InvalidOperation, targetObject: null));
        }
    }

    private string NewFile()
    {
        isLiteral = OutputDirectory is not null;
        return (string)(OutputDirectory is null
            ? EngineInternals.CallByName(typeof(PSHostUserInterface), "GetTranscriptPath")
            : EngineInternals.CallByName(typeof(PSHostUserInterface), "GetTranscriptPath", OutputDirectory, false))!;
    }

    private void MakeReady(FileInfo existing)
    {
        if (NoClobber && !Append)
            throw new UnauthorizedAccessException($"File {existing.FullName} already exists and NoClobber was specified.");
        if (existing.IsReadOnly && !Force)
        {
            throw new ArgumentException($"File {existing.FullName} is read-only. Cannot write to this file. " +
                "\"Start-Transcript -Force\" will clear the read-only attribute.");
        }
        existing.IsReadOnly = false;
        if (!Append)
            File.WriteAllText(existing.FullName, "");
    }
}

/// <summary>Ends the record that was begun last.</summary>
[Cmdlet(VerbsLifecycle.Stop, "Transcript", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096798")]
[OutputType(typeof(string))]
public sealed class StopTranscriptCommand : PSCmdlet
{
    protected override void BeginProcessing()
    {
        try
        {
            WriteObject(Transcript.Note("Transcript stopped, output file is ", (string)EngineInternals.CallByName(Host.UI, "StopTranscribing")!));
        }
        catch (Exception failure)
        {
            throw new PSInvalidOperationException($"An error occurred stopping transcription: {failure.Message}", failure);
        }
    }
}

/// <summary>What both commands tell: a sentence with the file also as a property.</summary>
internal static class Transcript
{
    public static PSObject Note(string beginning, string file)
    {
        var note = new PSObject(beginning + file);
        note.Properties.Add(new PSNoteProperty("Path", file));
        return note;
    }
}
