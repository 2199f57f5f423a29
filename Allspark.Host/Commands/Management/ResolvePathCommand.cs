using System.Collections.ObjectModel;
using DriveNotFoundException = System.Management.Automation.DriveNotFoundException;

namespace Microsoft.PowerShell.Commands;

/// <summary>Gets the paths of the items that paths with wildcards name.</summary>
[Cmdlet(VerbsDiagnostic.Resolve, "Path", DefaultParameterSetName = "Path")]
[OutputType(typeof(PathInfo), typeof(string))]
public class ResolvePathCommand : CoreCommandWithCredentialsBase
{
    private PSDriveInfo? baseDrive;
    private string basePath = "";

    /// <summary>The paths; wildcards allowed.</summary>
    [Parameter(Position = 0, ParameterSetName = "Path", Mandatory = true,
        ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[] Path { get; set; } = [];

    /// <summary>The paths; every character as it is.</summary>
    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string[] LiteralPath
    {
        get => Path;
        set => Path = Literally(value);
    }

    /// <summary>Write paths relative to the current location or to <see cref="RelativeBasePath"/>.</summary>
    [Parameter(ParameterSetName = "Path")]
    [Parameter(ParameterSetName = "LiteralPath")]
    public SwitchParameter Relative { get; set; }

    /// <summary>The location that relative paths start from.</summary>
    [Parameter]
    public string? RelativeBasePath { get; set; }

    /// <inheritdoc/>
    [Parameter]
    public override SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (string.IsNullOrEmpty(RelativeBasePath))
        {
            baseDrive = SessionState.Path.CurrentLocation.Drive;
            basePath = SessionState.Path.CurrentLocation.ProviderPath;
            return;
        }
        try
        {
            basePath = SessionState.Path.GetUnresolvedProviderPathFromPSPath(
                RelativeBasePath, NewContext(), out _, out baseDrive);
        }
        catch (Exception e) when (e is ProviderNotFoundException or DriveNotFoundException or ProviderInvocationException)
        {
            ThrowTerminatingError(new ErrorRecord(((IContainsErrorRecord)e).ErrorRecord, e));
        }
        catch (NotSupportedException e)
        {
            ThrowTerminatingError(new ErrorRecord(
                e, "ProviderIsNotNavigationCmdletProvider", ErrorCategory.InvalidArgument, RelativeBasePath));
        }
        catch (InvalidOperationException e)
        {
            ThrowTerminatingError(new ErrorRecord(e, "InvalidHomeLocation", ErrorCategory.InvalidOperation, RelativeBasePath));
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var path in Path)
            Attempt(() => WriteResolved(path));
    }

    private void WriteResolved(string path)
    {
        var items = string.IsNullOrEmpty(RelativeBasePath) ? Resolved(path) : ResolvedFromBase(path);
        if (Relative)
            WriteObject(items.Select(RelativePath), enumerateCollection: true);
        else
            WriteObject(items, enumerateCollection: true);
    }

    private Collection<PathInfo> Resolved(string path) => SessionState.Path.GetResolvedPSPathFromPSPath(path, NewContext());

    // The engine resolves against the current location; it is back before anything is written to commands downstream.
    private Collection<PathInfo> ResolvedFromBase(string path)
    {
        SessionState.Path.PushCurrentLocation("");
        try
        {
            SessionState.Path.SetLocation(basePath);
            return Resolved(path);
        }
        finally
        {
            SessionState.Path.PopLocation("");
        }
    }

    private string RelativePath(PathInfo item)
    {
        var isElsewhere = baseDrive is not null && item.Drive != baseDrive
            && !item.ProviderPath.StartsWith(baseDrive.Root, StringComparison.OrdinalIgnoreCase);
        if (isElsewhere)
            return item.Path;
        var relative = SessionState.Path.NormalizeRelativePath(item.Path, basePath);
        var isRooted = relative.StartsWith(item.Drive?.Root ?? item.Path, StringComparison.OrdinalIgnoreCase);
        return isRooted || relative.StartsWith('.') ? relative : SessionState.Path.Combine(".", relative);
    }
}
