namespace Microsoft.PowerShell.Commands;

/// <summary>Renames an item in its place.</summary>
[Cmdlet(VerbsCommon.Rename, "Item", DefaultParameterSetName = "ByPath", SupportsShouldProcess = true)]
public class RenameItemCommand : CoreCommandWithCredentialsBase
{
    /// <summary>The item; wildcards allowed if they match one item.</summary>
    [Parameter(Position = 0, ParameterSetName = "ByPath", Mandatory = true,
        ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string Path { get; set; } = "";

    /// <summary>The item; every character as it is.</summary>
    [Parameter(ParameterSetName = "ByLiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string LiteralPath
    {
        get => Path;
        set => Path = Literally(value);
    }

    /// <summary>The new name, without a path.</summary>
    [Parameter(Position = 1, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public string NewName { get; set; } = "";

    /// <inheritdoc/>
    [Parameter]
    public override SwitchParameter Force { get; set; }

    /// <summary>Write the renamed item.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    internal override object? GetDynamicParameters(object context) =>
        InvokeProvider.Item.RenameItemDynamicParameters(Path, NewName, context);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (SuppressWildcardExpansion)
            Attempt(() => Rename(Path));
        else if (Attempt(() => SessionState.Path.GetResolvedPSPathFromPSPath(Path, NewContext())) is { } items)
            Attempt(() => Rename(items is [var item] ? item.Path : WildcardPattern.Unescape(Path)));
    }

    private void Rename(string path)
    {
        var context = NewContext(PassThru);
        ProviderBridge.SetLiteral(context, value: true);
        if (!InvokeProvider.Item.Exists(path, context))
            WriteError(new PSInvalidOperationException($"Cannot rename because item at '{path}' does not exist."));
        else if (SessionState.Path.IsCurrentLocationOrAncestor(path, context))
            WriteError(new PSInvalidOperationException($"Cannot rename the item at '{path}' because it is in use."));
        else
            InvokeProvider.Item.Rename(path, NewName, context);
    }
}
