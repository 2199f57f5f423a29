namespace Microsoft.PowerShell.Commands;

/// <summary>Gets a part of paths: the parent, the leaf, the qualifier.</summary>
[Cmdlet(VerbsCommon.Split, "Path", DefaultParameterSetName = ParentSet)]
[OutputType(typeof(string), ParameterSetName =
    [LeafSet, LeafBaseSet, ExtensionSet, NoQualifierSet, ParentSet, QualifierSet, LiteralPathSet])]
[OutputType(typeof(bool), ParameterSetName = [IsAbsoluteSet])]
public class SplitPathCommand : CoreCommandWithCredentialsBase
{
    private const string ParentSet = "ParentSet";
    private const string LeafSet = "LeafSet";
    private const string LeafBaseSet = "LeafBaseSet";
    private const string ExtensionSet = "ExtensionSet";
    private const string QualifierSet = "QualifierSet";
    private const string NoQualifierSet = "NoQualifierSet";
    private const string IsAbsoluteSet = "IsAbsoluteSet";
    private const string LiteralPathSet = "LiteralPathSet";

    /// <summary>The paths.</summary>
    [Parameter(ParameterSetName = ParentSet, Position = 0, Mandatory = true,
        ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = LeafSet, Position = 0, Mandatory = true,
        ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = LeafBaseSet, Position = 0, Mandatory = true,
        ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ExtensionSet, Position = 0, Mandatory = true,
        ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = QualifierSet, Position = 0, Mandatory = true,
        ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = NoQualifierSet, Position = 0, Mandatory = true,
        ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = IsAbsoluteSet, Position = 0, Mandatory = true,
        ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[] Path { get; set; } = [];

    /// <summary>The paths; every character as it is.</summary>
    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string[] LiteralPath
    {
        get => Path;
        set => Path = Literally(value);
    }

    /// <summary>The drive or provider with its colons.</summary>
    [Parameter(ParameterSetName = QualifierSet, Position = 1, ValueFromPipelineByPropertyName = true)]
    public SwitchParameter Qualifier { get; set; }

    /// <summary>All but the drive or provider.</summary>
    [Parameter(ParameterSetName = NoQualifierSet, ValueFromPipelineByPropertyName = true)]
    public SwitchParameter NoQualifier { get; set; }

    /// <summary>The path of the container; the default.</summary>
    [Parameter(ParameterSetName = ParentSet, ValueFromPipelineByPropertyName = true)]
    public SwitchParameter Parent { get; set; } = true;

    /// <summary>The last name.</summary>
    [Parameter(ParameterSetName = LeafSet, ValueFromPipelineByPropertyName = true)]
    public SwitchParameter Leaf { get; set; }

    /// <summary>The last name without extension.</summary>
    [Parameter(ParameterSetName = LeafBaseSet, ValueFromPipelineByPropertyName = true)]
    public SwitchParameter LeafBase { get; set; }

    /// <summary>The extension with its dot.</summary>
    [Parameter(ParameterSetName = ExtensionSet, ValueFromPipelineByPropertyName = true)]
    public SwitchParameter Extension { get; set; }

    /// <summary>Take the items that the paths, with their wildcards, name.</summary>
    [Parameter]
    public SwitchParameter Resolve { get; set; }

    /// <summary>Whether the paths are absolute.</summary>
    [Parameter(ParameterSetName = IsAbsoluteSet)]
    public SwitchParameter IsAbsolute { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var path in Resolve ? Path.SelectMany(Existing) : Path)
        {
            Attempt(() =>
            {
                if (Part(path) is { } part)
                    WriteObject(part);
            });
        }
    }

    private List<string> Existing(string path)
    {
        var existing = new List<string>();
        var context = NewContext();
        foreach (var item in Attempt(() => SessionState.Path.GetResolvedPSPathFromPSPath(path, context)) ?? [])
        {
            Attempt(() =>
            {
                if (InvokeProvider.Item.Exists(item.Path, context))
                    existing.Add(item.Path);
            });
        }
        return existing;
    }

    private object? Part(string path) => ParameterSetName switch
    {
        IsAbsoluteSet => SessionState.Path.IsPSAbsolute(path, out _),
        QualifierSet => QualifierOf(path),
        NoQualifierSet => WithoutQualifier(path),
        LeafSet => LeafOf(path),
        LeafBaseSet => System.IO.Path.GetFileNameWithoutExtension(LeafOf(path)),
        ExtensionSet => System.IO.Path.GetExtension(LeafOf(path)),
        _ => ParentOf(path),
    };

    // Paths of providers without hierarchy have no parent and are all leaf.

    private string ParentOf(string path)
    {
        try
        {
            return SessionState.Path.ParseParent(path, "", NewContext(), useDefaultProvider: true);
        }
        catch (PSNotSupportedException)
        {
            return "";
        }
    }

    private string LeafOf(string path)
    {
        try
        {
            return SessionState.Path.ParseChildName(path, NewContext(), useDefaultProvider: true);
        }
        catch (PSNotSupportedException)
        {
            return path;
        }
    }

    private string? QualifierOf(string path)
    {
        var colon = path.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            var e = new FormatException($"Cannot parse path because path '{path}' does not have a qualifier specified.");
            WriteError(new ErrorRecord(e, "ParsePathFormatError", ErrorCategory.InvalidArgument, path));
            return null;
        }
        return path[..(colon + (SessionState.Path.IsProviderQualified(path) ? 2 : 1))];
    }

    private string WithoutQualifier(string path)
    {
        if (SessionState.Path.IsProviderQualified(path))
            return path[(path.IndexOf("::", StringComparison.Ordinal) + 2)..];
        var isDriveQualified = SessionState.Path.IsPSAbsolute(path, out var drive)
            && path.Length > drive.Length + 1 && path[drive.Length] == ':';
        return isDriveQualified ? path[(drive.Length + 1)..] : path;
    }
}
