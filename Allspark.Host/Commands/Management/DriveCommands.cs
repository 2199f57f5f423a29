using DriveNotFoundException = System.Management.Automation.DriveNotFoundException;

namespace Microsoft.PowerShell.Commands;

/// <summary>A command that selects drives by name and provider, both with wildcards.</summary>
public abstract class DriveMatchingCoreCommandBase : CoreCommandBase
{
    /// <summary>The drives of a name, sorted. A name or provider without wildcards has to exist.</summary>
    /// <exception cref="DriveNotFoundException">No drive of that name.</exception>
    /// <exception cref="ProviderNotFoundException">No provider of that name.</exception>
    internal List<PSDriveInfo> MatchingDrives(string? name, string[]? providers, string? scope)
    {
        var found = new List<PSDriveInfo>();
        foreach (var provider in providers is { Length: > 0 } ? providers : ["*"])
        {
            if (!string.IsNullOrEmpty(provider) && !WildcardPattern.ContainsWildcardCharacters(provider))
                SessionState.Provider.Get(provider);
            if (!string.IsNullOrEmpty(name) && !WildcardPattern.ContainsWildcardCharacters(name))
                _ = string.IsNullOrEmpty(scope) ? SessionState.Drive.Get(name) : SessionState.Drive.GetAtScope(name, scope);
            found.AddRange(SessionState.Drive.GetAllAtScope(scope).Where(drive =>
                IsNamed(drive, name) && (string.IsNullOrEmpty(provider) || drive.Provider.IsMatch(provider))));
        }
        found.Sort();
        return found;
    }

    /// <summary>The error of a drive that is not there.</summary>
    internal static DriveNotFoundException NoDrive(string name) =>
        ProviderBridge.NewDriveNotFound(name, "DriveNotFound", EngineText.Template("DriveNotFound"));

    private bool IsNamed(PSDriveInfo drive, string? name) => string.IsNullOrEmpty(name)
        || (SuppressWildcardExpansion
            ? string.Equals(drive.Name, name, StringComparison.OrdinalIgnoreCase)
            : WildcardPattern.Get(name, WildcardOptions.IgnoreCase).IsMatch(drive.Name));
}

/// <summary>Gets drives.</summary>
[Cmdlet(VerbsCommon.Get, "PSDrive", DefaultParameterSetName = "Name")]
[OutputType(typeof(PSDriveInfo))]
public class GetPSDriveCommand : DriveMatchingCoreCommandBase
{
    /// <summary>The drives; wildcards allowed; all by default.</summary>
    [Parameter(Position = 0, ParameterSetName = "Name", ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    /// <summary>The drives; every character as it is.</summary>
    [Parameter(Position = 0, ParameterSetName = "LiteralName", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public string[] LiteralName
    {
        get => Name;
        set => Name = Literally(value);
    }

    /// <summary>The scope to look in; all by default.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Scope { get; set; }

    /// <summary>The providers whose drives to get; wildcards allowed.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string[]? PSProvider { get; set; }

    internal override bool IsReported(Exception e) => e is PSArgumentException or PSArgumentOutOfRangeException;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var name in Name)
            Attempt(() => WriteDrives(name));
    }

    private void WriteDrives(string name)
    {
        try
        {
            var drives = MatchingDrives(name, PSProvider, Scope);
            WriteObject(drives, enumerateCollection: true);
            if (drives.Count == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
                WriteError(new ErrorRecord(NoDrive(name), "GetDriveNoMatchingDrive", ErrorCategory.ObjectNotFound, name));
        }
        catch (DriveNotFoundException e)
        {
            WriteError(new ErrorRecord(e, "GetLocationNoMatchingDrive", ErrorCategory.ObjectNotFound, name));
        }
        catch (ProviderNotFoundException e)
        {
            WriteError(new ErrorRecord(e, "GetLocationNoMatchingDrive", ErrorCategory.ObjectNotFound, PSProvider));
        }
    }
}

/// <summary>Makes a drive.</summary>
[Cmdlet(VerbsCommon.New, "PSDrive", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(PSDriveInfo))]
public class NewPSDriveCommand : CoreCommandWithCredentialsBase
{
    /// <summary>The drive's name, without colon.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public string Name { get; set; } = "";

    /// <summary>The provider of its items.</summary>
    [Parameter(Position = 1, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public string PSProvider { get; set; } = "";

    /// <summary>The provider's path that is the drive's root.</summary>
    [Parameter(Position = 2, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string Root { get; set; } = "";

    /// <summary>What the drive is for.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Description { get; set; }

    /// <summary>The scope to make the drive in; the current one by default.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Scope { get; set; }

    internal override bool IsReported(Exception e) =>
        base.IsReported(e) || e is PSArgumentException or SessionStateException;

    internal override object? GetDynamicParameters(object context) =>
        SessionState.Drive.NewDriveDynamicParameters(PSProvider, context);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Attempt(() => SessionState.Provider.GetOne(PSProvider)) is not { } provider)
            return;
        if (!ShouldProcess($"Name: {Name} Provider: {provider} Root: {Root}", "New drive"))
            return;
        var drive = new PSDriveInfo(Name, provider, Root, Description, Credential);
        Attempt(() => SessionState.Drive.New(drive, Scope, NewContext()));
    }
}

/// <summary>Takes drives away; what they show stays.</summary>
[Cmdlet(VerbsCommon.Remove, "PSDrive", DefaultParameterSetName = "Name", SupportsShouldProcess = true)]
public class RemovePSDriveCommand : DriveMatchingCoreCommandBase
{
    /// <summary>The drives; wildcards allowed.</summary>
    [Parameter(Position = 0, ParameterSetName = "Name", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyCollection]
    public string[]? Name { get; set; }

    /// <summary>The drives; every character as it is.</summary>
    [Parameter(Position = 0, ParameterSetName = "LiteralName", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public string[]? LiteralName
    {
        get => Name;
        set => Name = Literally(value);
    }

    /// <summary>The providers whose drives to remove; wildcards allowed.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string[]? PSProvider { get; set; }

    /// <summary>The scope to remove from.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Scope { get; set; }

    /// <inheritdoc/>
    [Parameter]
    public override SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var name in Name ?? [""])
        {
            if (!Remove(name) && name.Length > 0)
                WriteError(NoDrive(name));
        }
    }

    // Whether a drive of that name was there.
    private bool Remove(string name)
    {
        var found = false;
        try
        {
            foreach (var drive in MatchingDrives(name, PSProvider, Scope))
            {
                found = true;
                if (!ShouldProcess(string.Format(CultureInfo.CurrentCulture,
                    "Name: {0} Provider: {1} Root: {2}", drive.Name, drive.Provider, drive.Root), "Remove Drive"))
                    continue;
                if (!Force && drive == SessionState.Drive.Current)
                    WriteError(new PSInvalidOperationException($"Cannot remove drive '{drive.Name}' because it is in use."));
                else
                    SessionState.Drive.Remove(drive.Name, Force, Scope, NewContext());
            }
        }
        catch (Exception e) when (e is DriveNotFoundException or ProviderNotFoundException)
        {
            return found;
        }
        return found;
    }
}

/// <summary>Gets providers.</summary>
[Cmdlet(VerbsCommon.Get, "PSProvider")]
[OutputType(typeof(ProviderInfo))]
public class GetPSProviderCommand : CoreCommandBase
{
    /// <summary>The providers; wildcards allowed; all by default.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string[]? PSProvider { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (PSProvider is not { Length: > 0 } names)
        {
            WriteObject(SessionState.Provider.GetAll(), enumerateCollection: true);
            return;
        }
        foreach (var name in names)
        {
            Attempt(() => WriteObject(
                WildcardPattern.ContainsWildcardCharacters(name)
                    ? SessionState.Provider.GetAll().Where(provider => provider.IsMatch(name))
                    : SessionState.Provider.Get(name),
                enumerateCollection: true));
        }
    }
}
