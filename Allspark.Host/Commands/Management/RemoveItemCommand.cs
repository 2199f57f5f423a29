using System.Collections.ObjectModel;

namespace Microsoft.PowerShell.Commands;

/// <summary>Removes items.</summary>
[Cmdlet(VerbsCommon.Remove, "Item", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
public class RemoveItemCommand : PathCommandBase
{
    private bool yesToAll;
    private bool noToAll;

    /// <summary>Remove containers with all they contain.</summary>
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    /// <inheritdoc/>
    [Parameter]
    public override SwitchParameter Force { get; set; }

    internal override object? GetDynamicParameters(object context) =>
        InvokeProvider.Item.RemoveItemDynamicParameters(FirstOf(Path), Recurse, context);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        yesToAll = noToAll = false;
        var context = NewContext();
        foreach (var path in Path)
        {
            if (Attempt(() => Resolve(path, context)) is not { } items)
                continue;
            if (items.Count == 0 && SuppressWildcardExpansion)
                WriteError(ProviderBridge.NewItemNotFound(path, "PathNotFound", EngineText.Template("PathNotFound")));
            foreach (var item in items)
                Attempt(() => Remove(item, context));
        }
    }

    // With -Recurse the filters select among the descendants, so the path itself is resolved without them.
    private Collection<PathInfo> Resolve(string path, object context)
    {
        if (Recurse)
            ProviderBridge.SetFilters(context, [], [], null);
        try
        {
            return SessionState.Path.GetResolvedPSPathFromPSPath(path, context);
        }
        finally
        {
            ProviderBridge.SetFilters(context, ToCollection(Include), ToCollection(Exclude), Filter);
        }
    }

    private void Remove(PathInfo item, object context)
    {
        if (SessionState.Path.IsCurrentLocationOrAncestor(item.Path, context))
        {
            WriteError(new PSInvalidOperationException($"Cannot remove the item at '{item.Path}' because it is in use."));
            return;
        }
        var path = GetUnresolvedProviderPathFromPSPath(item.Path);
        var hasChildren = SessionState.HasChildItems(item.Provider.Name, path, context);
        ProviderBridge.ThrowFirstErrorOrDoNothing(context, wrapExceptions: true);
        var isLink = item.Provider.Name == "FileSystem" && new DirectoryInfo(path).LinkTarget is not null;
        if (hasChildren && !Recurse && !isLink && !ConfirmChildren(item))
            return;
        SessionState.RemoveItem(item.Provider.Name, path, !isLink && (Recurse || hasChildren), context);
    }

    private bool ConfirmChildren(PathInfo item) => ShouldContinue(
        $"The item at {item.Path} has children and the Recurse parameter was not specified. If you continue, all children "
        + "will be removed with the item. Are you sure you want to continue?", caption: null, ref yesToAll, ref noToAll);
}
