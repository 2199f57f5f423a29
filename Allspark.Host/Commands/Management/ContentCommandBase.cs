using System.Management.Automation.Provider;

namespace Microsoft.PowerShell.Commands;

/// <summary>A command on the content of items: which items, and the streams it has open on them.</summary>
public abstract class ContentCommandBase : FilteredCommandBase, IDisposable
{
    private PathInfo? noted;
    private PSNoteProperty[] notes = [];

    /// <summary>The items; wildcards allowed.</summary>
    [Parameter(Position = 0, ParameterSetName = "Path", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public string[]? Path { get; set; }

    /// <summary>The items; every character as it is.</summary>
    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string[]? LiteralPath
    {
        get => Path;
        set => Path = Literally(value);
    }

    /// <inheritdoc/>
    [Parameter]
    public override SwitchParameter Force { get; set; }

    internal List<ContentStream> Streams { get; } = [];

    /// <inheritdoc/>
    public void Dispose()
    {
        CloseStreams(report: false);
        GC.SuppressFinalize(this);
    }

    /// <summary>The items of the paths; each path without one is an error, unless it may be missing and its wildcard-free form is
    /// then taken.</summary>
    internal List<PathInfo> ResolvePaths(bool mayBeMissing, object context)
    {
        var items = new List<PathInfo>();
        foreach (var path in Path ?? [])
            Attempt(() => ResolvePath(path, mayBeMissing, context, items));
        return items;
    }

    /// <summary>Writes content with the notes of the item it comes from.</summary>
    internal void WriteContent(object content, long readCount, PathInfo item)
    {
        if (noted != item)
        {
            notes = NotesOf(item);
            noted = item;
        }
        var result = PSObject.AsPSObject(content);
        foreach (var note in notes)
            result.Properties.Add(new PSNoteProperty(note.Name, note.Value), preValidated: true);
        result.Properties.Add(new PSNoteProperty("ReadCount", readCount), preValidated: true);
        WriteObject(result);
    }

    internal void CloseStreams(bool report)
    {
        foreach (var stream in Streams)
        {
            Close(stream, () => stream.Writer?.Close(), report);
            Close(stream, () => stream.Reader?.Close(), report);
        }
        Streams.Clear();
    }

    /// <summary>The failure of a provider's reader or writer at an item.</summary>
    internal static ProviderInvocationException Failure(string id, PathInfo item, Exception cause) =>
        ProviderBridge.NewProviderFailure(id, EngineText.Template(id), item.Provider, item.Path, cause);

    private void ResolvePath(string path, bool mayBeMissing, object context, List<PathInfo> items)
    {
        var hiddenByFilters = false;
        try
        {
            var found = SessionState.Path.GetResolvedPSPathFromPSPath(path, context);
            items.AddRange(found);
            if (found.Count > 0)
                return;
            hiddenByFilters = !SuppressWildcardExpansion;
        }
        catch (ItemNotFoundException) when (mayBeMissing && IsOneItem(path))
        {
            hiddenByFilters = false;
        }
        if (mayBeMissing && !hiddenByFilters && IsOneItem(path))
        {
            var target = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, context, out var provider, out var drive);
            items.Add(ProviderBridge.NewPathInfo(drive, provider, target, SessionState));
            return;
        }
        var message = $"An object at the specified path {Path![0]} does not exist, or has been filtered by the -Include or "
            + "-Exclude parameter.";
        WriteError(new ErrorRecord(new Exception(message), "ItemNotFound", ErrorCategory.ObjectNotFound, Path));
    }

    private bool IsOneItem(string path) => SuppressWildcardExpansion || !WildcardPattern.ContainsWildcardCharacters(path);

    private PSNoteProperty[] NotesOf(PathInfo item)
    {
        var all = new List<PSNoteProperty> { new("PSPath", item.Path) };
        try
        {
            all.Add(new("PSParentPath", SessionState.Path.ParseParent(item.Path, item.Drive?.Root ?? "")));
            all.Add(new("PSChildName", SessionState.Path.ParseChildName(item.Path)));
        }
        catch (NotSupportedException)
        {
            WriteDebug($"The provider {item.Provider} has no parents.");
        }
        if (item.Drive is not null)
            all.Add(new("PSDrive", item.Drive));
        all.Add(new("PSProvider", item.Provider));
        return [.. all];
    }

    private void Close(ContentStream stream, Action close, bool report)
    {
        try
        {
            close();
        }
        catch (Exception e)
        {
            if (report)
                WriteError(Failure("ProviderContentCloseError", stream.Item, e));
        }
    }

    /// <summary>An open reader or writer and the item it is of.</summary>
    internal sealed record ContentStream(PathInfo Item, IContentReader? Reader, IContentWriter? Writer);
}
