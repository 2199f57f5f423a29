namespace Microsoft.PowerShell.Commands;

/// <summary>Gets the local time zone, or those of ids or names.</summary>
[Cmdlet(VerbsCommon.Get, "TimeZone", DefaultParameterSetName = "Name")]
[OutputType(typeof(TimeZoneInfo))]
[Alias("gtz")]
public class GetTimeZoneCommand : PSCmdlet
{
    /// <summary>The ids.</summary>
    [Parameter(ParameterSetName = "Id", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public string[] Id { get; set; } = [];

    /// <summary>All the machine knows.</summary>
    [Parameter(ParameterSetName = "ListAvailable", Mandatory = true)]
    public SwitchParameter ListAvailable { get; set; }

    /// <summary>The standard or daylight names; wildcards allowed.</summary>
    [Parameter(ParameterSetName = "Name", Position = 0, ValueFromPipeline = true)]
    public string[]? Name { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        TimeZoneInfo.ClearCachedData();
        if (ListAvailable)
            WriteObject(TimeZoneInfo.GetSystemTimeZones(), enumerateCollection: true);
        else if (ParameterSetName == "Id")
            Array.ForEach(Id, WriteById);
        else if (Name is null)
            WriteObject(TimeZoneInfo.Local);
        else
            Array.ForEach(Name, WriteByName);
    }

    private void WriteById(string id)
    {
        try
        {
            WriteObject(TimeZoneInfo.FindSystemTimeZoneById(id));
        }
        catch (TimeZoneNotFoundException e)
        {
            WriteNotFound(e, nameof(Id));
        }
    }

    private void WriteByName(string name)
    {
        var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
        var zones = TimeZoneInfo.GetSystemTimeZones()
            .Where(zone => pattern.IsMatch(zone.StandardName) || pattern.IsMatch(zone.DaylightName)).ToList();
        if (zones.Count == 0)
        {
            var message = $"The time zone name '{name}' was not found on the local computer.";
            WriteNotFound(new TimeZoneNotFoundException(message), nameof(Name));
        }
        WriteObject(zones, enumerateCollection: true);
    }

    private void WriteNotFound(TimeZoneNotFoundException e, string parameter) =>
        WriteError(new ErrorRecord(e, "TimeZoneNotFound", ErrorCategory.InvalidArgument, parameter));
}
