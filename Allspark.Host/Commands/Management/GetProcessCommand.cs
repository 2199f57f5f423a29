using System.Diagnostics;

namespace Microsoft.PowerShell.Commands;

/// <summary>Gets processes, their modules or the versions of their files.</summary>
[Cmdlet(VerbsCommon.Get, "Process", DefaultParameterSetName = "Name")]
[OutputType(typeof(ProcessModule), typeof(FileVersionInfo), typeof(Process))]
public sealed class GetProcessCommand : ProcessBaseCommand
{
    private string[] names = [];
    private int[] ids = [];
    private Process[] inputs = [];

    /// <summary>The names; wildcards allowed; all by default.</summary>
    [Parameter(Position = 0, ParameterSetName = "Name", ValueFromPipelineByPropertyName = true)]
    [Parameter(Position = 0, ParameterSetName = "NameWithUserName", ValueFromPipelineByPropertyName = true)]
    [Alias("ProcessName")]
    [ValidateNotNullOrEmpty]
    public string[] Name
    {
        get => names;
        set => Selection = () => ByName(names = value);
    }

    /// <summary>The ids.</summary>
    [Parameter(ParameterSetName = "Id", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = "IdWithUserName", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PID")]
    public int[] Id
    {
        get => ids;
        set => Selection = () => ById(ids = value);
    }

    /// <summary>The processes.</summary>
    [Parameter(ParameterSetName = "InputObject", Mandatory = true, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = "InputObjectWithUserName", Mandatory = true, ValueFromPipeline = true)]
    public Process[] InputObject
    {
        get => inputs;
        set => Selection = () => Refreshed(inputs = value);
    }

    /// <summary>Add the name of the user each process runs as.</summary>
    [Parameter(ParameterSetName = "NameWithUserName", Mandatory = true)]
    [Parameter(ParameterSetName = "IdWithUserName", Mandatory = true)]
    [Parameter(ParameterSetName = "InputObjectWithUserName", Mandatory = true)]
    public SwitchParameter IncludeUserName { get; set; }

    /// <summary>Get the modules the processes have loaded.</summary>
    [Parameter(ParameterSetName = "Name")]
    [Parameter(ParameterSetName = "Id")]
    [Parameter(ParameterSetName = "InputObject")]
    public SwitchParameter Module { get; set; }

    /// <summary>Get the versions of the program files, or with <see cref="Module"/> of all modules.</summary>
    [Parameter(ParameterSetName = "Name")]
    [Parameter(ParameterSetName = "Id")]
    [Parameter(ParameterSetName = "InputObject")]
    [Alias("FV", "FVI")]
    public SwitchParameter FileVersionInfo { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var process in MatchingProcesses())
        {
            if (Module || FileVersionInfo)
                WriteFiles(process);
            else
                WriteObject(IncludeUserName ? WithUserName(process) : process);
        }
    }

    private void WriteFiles(Process process)
    {
        var (what, id) = (Module.IsPresent, FileVersionInfo.IsPresent) switch
        {
            (true, true) => ("modules and the file version information", "CouldNotEnumerateModuleFileVer"),
            (true, false) => ("modules", "CouldNotEnumerateModules"),
            _ => ("file version information", "CouldNotEnumerateFileVer"),
        };
        try
        {
            var modules = Module ? process.Modules.Cast<ProcessModule>() : [process.MainModule!];
            WriteObject(FileVersionInfo ? modules.Select(module => module.FileVersionInfo) : modules, enumerateCollection: true);
        }
        catch (Exception e) when (e is not PipelineStoppedException)
        {
            WriteError(process, $"Cannot enumerate the {what} of the \"{NameOf(process)}\" process.",
                id, ErrorCategory.PermissionDenied, e);
        }
    }

    private static PSObject WithUserName(Process process)
    {
        var result = PSObject.AsPSObject(process);
        result.Properties.Add(new PSNoteProperty("UserName", ProviderBridge.UserOf(process.Id)), preValidated: true);
        result.TypeNames.Insert(0, "System.Diagnostics.Process#IncludeUserName");
        return result;
    }
}
