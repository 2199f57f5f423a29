namespace Microsoft.PowerShell.Commands;

/// <summary>Joins the parts of a path with the provider's separator.</summary>
[Cmdlet(VerbsCommon.Join, "Path")]
[OutputType(typeof(string))]
public class JoinPathCommand : CoreCommandWithCredentialsBase
{
    /// <summary>The paths to extend.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath")]
    public string[] Path { get; set; } = [];

    /// <summary>What to add to each path, one after the other.</summary>
    [Parameter(Position = 1, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public string[]? ChildPath { get; set; }

    /// <summary>What to add after that.</summary>
    [Parameter(Position = 2, ValueFromPipelineByPropertyName = true, ValueFromRemainingArguments = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public string[]? AdditionalChildPath { get; set; }

    /// <summary>Write the items that the joined paths, with their wildcards, name.</summary>
    [Parameter]
    public SwitchParameter Resolve { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var child = "";
        foreach (var part in (ChildPath ?? []).Concat(AdditionalChildPath ?? []))
            child = SessionState.Path.Combine(child, part, NewContext());
        foreach (var path in Path)
        {
            if (Attempt(() => SessionState.Path.Combine(path, child, NewContext())) is not { } joined)
                continue;
            if (!Resolve)
                WriteObject(joined);
            else if (Attempt(() => SessionState.Path.GetResolvedPSPathFromPSPath(joined, NewContext())) is { } items)
                WriteObject(items.Select(item => item.Path), enumerateCollection: true);
        }
    }
}
