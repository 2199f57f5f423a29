namespace Microsoft.PowerShell.Commands;

/// <summary>What <see cref="TestPathCommand"/> looks for.</summary>
public enum TestPathType
{
    /// <summary>An item.</summary>
    Any,

    /// <summary>An item that may have children.</summary>
    Container,

    /// <summary>An item that has none.</summary>
    Leaf,
}

/// <summary>Tells whether items exist at paths.</summary>
[Cmdlet(VerbsDiagnostic.Test, "Path", DefaultParameterSetName = "Path")]
[OutputType(typeof(bool))]
public class TestPathCommand : FilteredCommandBase
{
    // PowerShell puts its text where .NET expects the name of the parameter, and its message shows it so.
    private static readonly string NullPathText = "The provided Path argument was null or an empty collection.";

    /// <summary>The paths; wildcards allowed.</summary>
    [Parameter(Position = 0, ParameterSetName = "Path", Mandatory = true,
        ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyCollection]
    [AllowEmptyString]
    public string?[]? Path { get; set; }

    /// <summary>The paths; every character as it is.</summary>
    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    [AllowNull]
    [AllowEmptyCollection]
    [AllowEmptyString]
    public string?[]? LiteralPath
    {
        get => Path;
        set => Path = Literally(value);
    }

    /// <summary>The kind of item.</summary>
    [Parameter]
    [Alias("Type")]
    public TestPathType PathType { get; set; }

    /// <summary>Test the form of the path only.</summary>
    [Parameter]
    public SwitchParameter IsValid { get; set; }

    internal override object? GetDynamicParameters(object context) => PathType == TestPathType.Any && !IsValid
        ? InvokeProvider.Item.ItemExistsDynamicParameters(Path is [{ } first, ..] ? first : ".", context)
        : null;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Path is not { Length: > 0 } paths)
        {
            WriteNullPath();
            return;
        }
        var context = NewContext();
        foreach (var path in paths)
        {
            if (path is null)
                WriteNullPath();
            else
                WriteObject(!string.IsNullOrWhiteSpace(path) && Test(path, context));
        }
    }

    private bool Test(string path, object context)
    {
        try
        {
            if (IsValid)
                return SessionState.Path.IsValid(path, context);
            return PathType switch
            {
                TestPathType.Container => InvokeProvider.Item.IsContainer(path, context),
                TestPathType.Leaf => InvokeProvider.Item.Exists(path, context) && !InvokeProvider.Item.IsContainer(path, context),
                _ => InvokeProvider.Item.Exists(path, context),
            };
        }
        catch (Exception e) when (IsReported(e))
        {
            return false;
        }
    }

    private void WriteNullPath() => WriteError(new ErrorRecord(
        new ArgumentNullException(NullPathText), "NullPathNotPermitted", ErrorCategory.InvalidArgument, Path));
}
