namespace Microsoft.PowerShell.Commands;

/// <summary>Gets properties of items.</summary>
[Cmdlet(VerbsCommon.Get, "ItemProperty", DefaultParameterSetName = "Path")]
public class GetItemPropertyCommand : PathCommandBase
{
    /// <summary>The properties; all by default.</summary>
    [Parameter(Position = 1)]
    [Alias("PSProperty")]
    public string[]? Name { get; set; }

    internal override object? GetDynamicParameters(object context) =>
        InvokeProvider.Property.GetPropertyDynamicParameters(FirstOf(Path), ToCollection(Name), context);

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        ForEachPath(path => InvokeProvider.Property.Get(path, ToCollection(Name), NewContext()));
}

/// <summary>Gets the values of properties of items.</summary>
[Cmdlet(VerbsCommon.Get, "ItemPropertyValue", DefaultParameterSetName = "Path")]
public sealed class GetItemPropertyValueCommand : FilteredCommandBase
{
    /// <summary>The items; wildcards allowed; the current location by default.</summary>
    [Parameter(Position = 0, ParameterSetName = "Path", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string[]? Path { get; set; }

    /// <summary>The items; every character as it is.</summary>
    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string[]? LiteralPath
    {
        get => Path;
        set => Path = Literally(value);
    }

    /// <summary>The properties.</summary>
    [Parameter(Position = 1, Mandatory = true)]
    [Alias("PSProperty")]
    public string[] Name { get; set; } = [];

    internal override object? GetDynamicParameters(object context) =>
        InvokeProvider.Property.GetPropertyDynamicParameters(FirstOf(Path), ToCollection(Name), context);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var path in Path is { Length: > 0 } ? Path : ["."])
        {
            foreach (var item in
                Attempt(() => InvokeProvider.Property.Get([path], ToCollection(Name), SuppressWildcardExpansion)) ?? [])
            {
                foreach (var value in Name.Select(name => item.Properties[name]?.Value).OfType<object>())
                    WriteObject(value);
            }
        }
    }
}

/// <summary>Sets a property of items, or those of an object.</summary>
[Cmdlet(VerbsCommon.Set, "ItemProperty", DefaultParameterSetName = ValuePathSet, SupportsShouldProcess = true)]
public class SetItemPropertyCommand : FilteredCommandBase
{
    private const string ValuePathSet = "propertyValuePathSet";
    private const string ValueLiteralPathSet = "propertyValueLiteralPathSet";
    private const string ObjectPathSet = "propertyPSObjectPathSet";
    private const string ObjectLiteralPathSet = "propertyPSObjectLiteralPathSet";

    /// <summary>The items; wildcards allowed.</summary>
    [Parameter(Position = 0, ParameterSetName = ObjectPathSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(Position = 0, ParameterSetName = ValuePathSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public string[] Path { get; set; } = [];

    /// <summary>The items; every character as it is.</summary>
    [Parameter(ParameterSetName = ValueLiteralPathSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ObjectLiteralPathSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string[] LiteralPath
    {
        get => Path;
        set => Path = Literally(value);
    }

    /// <summary>The property.</summary>
    [Parameter(Position = 1, ParameterSetName = ValuePathSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(Position = 1, ParameterSetName = ValueLiteralPathSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSProperty")]
    public string Name { get; set; } = "";

    /// <summary>Its value.</summary>
    [Parameter(Position = 2, ParameterSetName = ValuePathSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(Position = 2, ParameterSetName = ValueLiteralPathSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    public object? Value { get; set; }

    /// <summary>An object whose properties to take over.</summary>
    [Parameter(ParameterSetName = ObjectPathSet, Mandatory = true,
        ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ObjectLiteralPathSet, Mandatory = true,
        ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public PSObject? InputObject { get; set; }

    /// <summary>Write the properties that were set.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    [Parameter]
    public override SwitchParameter Force { get; set; }

    internal override object? GetDynamicParameters(object context) =>
        InvokeProvider.Property.SetPropertyDynamicParameters(FirstOf(Path), Values(), context);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var context = NewContext(PassThru);
        foreach (var path in Path)
            Attempt(() => InvokeProvider.Property.Set(path, Values(), context));
    }

    private PSObject? Values()
    {
        if (Name.Length == 0)
            return InputObject;
        var values = new PSObject();
        values.Properties.Add(new PSNoteProperty(Name, Value));
        return values;
    }
}

/// <summary>Clears a property of items.</summary>
[Cmdlet(VerbsCommon.Clear, "ItemProperty", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
public class ClearItemPropertyCommand : PathCommandBase
{
    /// <summary>The property.</summary>
    [Parameter(Position = 1, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public string Name { get; set; } = "";

    /// <summary>Write the items.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    [Parameter]
    public override SwitchParameter Force { get; set; }

    internal override object? GetDynamicParameters(object context) =>
        InvokeProvider.Property.ClearPropertyDynamicParameters(FirstOf(Path), [Name], context);

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        ForEachPath(path => InvokeProvider.Property.Clear(path, [Name], NewContext(PassThru)));
}

/// <summary>Adds a property to items, where the provider can.</summary>
[Cmdlet(VerbsCommon.New, "ItemProperty", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
public class NewItemPropertyCommand : FilteredCommandBase
{
    /// <summary>The items; wildcards allowed.</summary>
    [Parameter(Position = 0, ParameterSetName = "Path", Mandatory = true)]
    public string[] Path { get; set; } = [];

    /// <summary>The items; every character as it is.</summary>
    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string[] LiteralPath
    {
        get => Path;
        set => Path = Literally(value);
    }

    /// <summary>The property.</summary>
    [Parameter(Position = 1, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSProperty")]
    public string Name { get; set; } = "";

    /// <summary>Its type, in the provider's words.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Type")]
    public string? PropertyType { get; set; }

    /// <summary>Its value.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public object? Value { get; set; }

    /// <inheritdoc/>
    [Parameter]
    public override SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var path in Path)
            Attempt(() => InvokeProvider.Property.New(path, Name, PropertyType, Value, NewContext()));
    }
}

/// <summary>Removes properties of items, where the provider can.</summary>
[Cmdlet(VerbsCommon.Remove, "ItemProperty", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
public class RemoveItemPropertyCommand : PathCommandBase
{
    /// <summary>The properties.</summary>
    [Parameter(Position = 1, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSProperty")]
    public string[] Name { get; set; } = [];

    /// <inheritdoc/>
    [Parameter]
    public override SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var name in Name)
            ForEachPath(path => InvokeProvider.Property.Remove(path, name, NewContext()));
    }
}

/// <summary>A command that takes a property from items to another item.</summary>
public abstract class TransferItemPropertyCommandBase : PathCommandBase
{
    /// <summary>The item to take the property to.</summary>
    [Parameter(Position = 1, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public string Destination { get; set; } = "";

    /// <summary>Write the properties taken.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    [Parameter]
    public override SwitchParameter Force { get; set; }
}

/// <summary>Copies a property of items to another item, where the provider can.</summary>
[Cmdlet(VerbsCommon.Copy, "ItemProperty", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
public class CopyItemPropertyCommand : TransferItemPropertyCommandBase
{
    /// <summary>The property.</summary>
    [Parameter(Position = 2, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSProperty")]
    public string Name { get; set; } = "";

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        ForEachPath(path => InvokeProvider.Property.Copy(path, Name, Destination, Name, NewContext(PassThru)));
}

/// <summary>Moves properties of items to another item, where the provider can.</summary>
[Cmdlet(VerbsCommon.Move, "ItemProperty", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
public class MoveItemPropertyCommand : TransferItemPropertyCommandBase
{
    /// <summary>The properties.</summary>
    [Parameter(Position = 2, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSProperty")]
    public string[] Name { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var name in Name)
            ForEachPath(path => InvokeProvider.Property.Move(path, name, Destination, name, NewContext(PassThru)));
    }
}

/// <summary>Renames a property of an item, where the provider can.</summary>
[Cmdlet(VerbsCommon.Rename, "ItemProperty", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
public class RenameItemPropertyCommand : FilteredCommandBase
{
    /// <summary>The item; wildcards allowed.</summary>
    [Parameter(Position = 0, ParameterSetName = "Path", Mandatory = true,
        ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string Path { get; set; } = "";

    /// <summary>The item; every character as it is.</summary>
    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string LiteralPath
    {
        get => Path;
        set => Path = Literally(value);
    }

    /// <summary>The property.</summary>
    [Parameter(Position = 1, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSProperty")]
    public string Name { get; set; } = "";

    /// <summary>Its new name.</summary>
    [Parameter(Position = 2, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public string NewName { get; set; } = "";

    /// <summary>Write the renamed property.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    [Parameter]
    public override SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        Attempt(() => InvokeProvider.Property.Rename(Path, Name, NewName, NewContext(PassThru)));
}
