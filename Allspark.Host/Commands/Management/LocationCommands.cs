using DriveNotFoundException = System.Management.Automation.DriveNotFoundException;

namespace Microsoft.PowerShell.Commands;

/// <summary>A command that changes the current location; a bad argument is its error too.</summary>
public abstract class LocationCommandBase : CoreCommandBase
{
    /// <summary>Write the location that became current.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    internal override bool IsReported(Exception e) => base.IsReported(e) || e is PSArgumentException;

    internal void GoTo(Func<object> move)
    {
        if (Attempt(move) is { } location && PassThru)
            WriteObject(location);
    }
}

/// <summary>Makes a path or a named stack current.</summary>
[Cmdlet(VerbsCommon.Set, "Location", DefaultParameterSetName = "Path")]
[OutputType(typeof(PathInfo), typeof(PathInfoStack))]
public class SetLocationCommand : LocationCommandBase
{
    /// <summary>The location; <c>-</c> and <c>+</c> go through the history; the home folder by default.</summary>
    [Parameter(Position = 0, ParameterSetName = "Path", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string? Path { get; set; }

    /// <summary>The location; every character as it is.</summary>
    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string? LiteralPath
    {
        get => Path;
        set => Path = Literally(value);
    }

    /// <summary>The location stack to make current.</summary>
    [Parameter(ParameterSetName = "Stack", ValueFromPipelineByPropertyName = true)]
    public string? StackName { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == "Stack")
            GoTo(() => SessionState.Path.SetDefaultLocationStack(StackName));
        else
            GoTo(() => SessionState.Path.SetLocation(Target(), NewContext(), SuppressWildcardExpansion));
    }

    private string Target() => string.IsNullOrEmpty(Path) ? SessionState.Provider.GetOne("FileSystem").Home : Path;
}

/// <summary>Puts the current location on a stack and, with a path, goes there.</summary>
[Cmdlet(VerbsCommon.Push, "Location", DefaultParameterSetName = "Path")]
[OutputType(typeof(PathInfo))]
public class PushLocationCommand : LocationCommandBase
{
    /// <summary>The location to go to.</summary>
    [Parameter(Position = 0, ParameterSetName = "Path", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string? Path { get; set; }

    /// <summary>The location to go to; every character as it is.</summary>
    [Parameter(ParameterSetName = "LiteralPath", ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string? LiteralPath
    {
        get => Path;
        set => Path = Literally(value);
    }

    /// <summary>The stack; the current one by default.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? StackName { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        SessionState.Path.PushCurrentLocation(StackName);
        if (Path is { } path)
            GoTo(() => SessionState.Path.SetLocation(path, NewContext(), literal: false));
    }
}

/// <summary>Goes back to the location on top of a stack.</summary>
[Cmdlet(VerbsCommon.Pop, "Location")]
[OutputType(typeof(PathInfo))]
public class PopLocationCommand : LocationCommandBase
{
    /// <summary>The stack; the current one by default.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? StackName { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => GoTo(() => SessionState.Path.PopLocation(StackName));
}

/// <summary>Gets the current location, also of drives and providers, or location stacks.</summary>
[Cmdlet(VerbsCommon.Get, "Location", DefaultParameterSetName = "Location")]
[OutputType(typeof(PathInfo), ParameterSetName = ["Location"])]
[OutputType(typeof(PathInfoStack), ParameterSetName = ["Stack"])]
public class GetLocationCommand : DriveMatchingCoreCommandBase
{
    /// <summary>The providers whose current locations to get.</summary>
    [Parameter(ParameterSetName = "Location", ValueFromPipelineByPropertyName = true)]
    public string[]? PSProvider { get; set; }

    /// <summary>The drives whose current locations to get.</summary>
    [Parameter(ParameterSetName = "Location", ValueFromPipelineByPropertyName = true)]
    public string[]? PSDrive { get; set; }

    /// <summary>Get stacks, not locations.</summary>
    [Parameter(ParameterSetName = "Stack")]
    public SwitchParameter Stack { get; set; }

    /// <summary>The stacks; the current one by default.</summary>
    [Parameter(ParameterSetName = "Stack", ValueFromPipelineByPropertyName = true)]
    public string[]? StackName { get; set; }

    internal override bool IsReported(Exception e) => base.IsReported(e) || e is PSArgumentException;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == "Stack")
        {
            foreach (var name in StackName ?? [null!])
                Attempt(() => WriteObject(SessionState.Path.LocationStack(name), enumerateCollection: false));
        }
        else if (PSDrive is { Length: > 0 })
            Array.ForEach(PSDrive, WriteDriveLocations);
        else if (PSProvider is { Length: > 0 })
            Array.ForEach(PSProvider, WriteProviderLocations);
        else
            WriteObject(SessionState.Path.CurrentLocation);
    }

    private void WriteDriveLocations(string name)
    {
        List<PSDriveInfo> drives;
        try
        {
            drives = MatchingDrives(name, PSProvider, scope: null);
        }
        catch (Exception e) when (e is DriveNotFoundException or ArgumentException)
        {
            WriteError(new ErrorRecord(e, "GetLocationNoMatchingDrive", ErrorCategory.ObjectNotFound, name));
            return;
        }
        catch (ProviderNotFoundException e)
        {
            WriteError(new ErrorRecord(e, "GetLocationNoMatchingProvider", ErrorCategory.ObjectNotFound, PSProvider));
            return;
        }
        foreach (var drive in drives)
        {
            var path = ProviderBridge.GetDriveQualifiedPath(drive);
            WriteObject(ProviderBridge.NewPathInfo(drive, drive.Provider, path, SessionState));
        }
    }

    private void WriteProviderLocations(string name)
    {
        var isWildcard = WildcardPattern.ContainsWildcardCharacters(name);
        var providers = SessionState.Provider.GetAll().Where(provider => provider.IsMatch(name)).ToList();
        if (providers.Count == 0 && !isWildcard)
        {
            try
            {
                SessionState.Provider.GetOne(name);
            }
            catch (ProviderNotFoundException e)
            {
                WriteError(new ErrorRecord(e, "GetLocationNoMatchingProvider", ErrorCategory.ObjectNotFound, name));
            }
        }
        foreach (var provider in providers)
        {
            try
            {
                WriteObject(SessionState.Path.CurrentProviderLocation(provider.ToString()));
            }
            catch (DriveNotFoundException e)
            {
                if (!isWildcard)
                    WriteError(e);
            }
        }
    }
}
