using System.Management.Automation.Internal;

namespace Microsoft.PowerShell.Commands;

[Cmdlet(VerbsData.Compare, "Object", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096605",
    RemotingCapability = RemotingCapability.None)]
public sealed class CompareObjectCommand : ObjectCmdletBase
{
    private const string Side = "SideIndicator";
    private const string InReference = "<=";
    private const string InDifference = "=>";
    private const string InBoth = "==";

    private readonly List<OrderEntry> _waitingReference = [];
    private readonly List<OrderEntry> _waitingDifference = [];
    private List<OrderEntry>? _reference;
    private int _next;
    private List<PropertyParameter> _properties = [];
    private EntryComparer? _comparer;

    [Parameter(Position = 0, Mandatory = true)]
    [AllowEmptyCollection]
    public PSObject[] ReferenceObject { get; set; } = [];

    [Parameter(Position = 1, Mandatory = true, ValueFromPipeline = true)]
    [AllowEmptyCollection]
    public PSObject[] DifferenceObject { get; set; } = [];

    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int SyncWindow { get; set; } = int.MaxValue;

    [Parameter]
    public object[]? Property { get; set; }

    [Parameter]
    public SwitchParameter ExcludeDifferent { get; set; }

    [Parameter]
    public SwitchParameter IncludeEqual { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void BeginProcessing()
    {
        // Without the differences only the equal ones are left to show.
        if (ExcludeDifferent && !MyInvocation.BoundParameters.ContainsKey(nameof(IncludeEqual)))
            IncludeEqual = true;
    }

    protected override void ProcessRecord()
    {
        foreach (var difference in DifferenceObject)
        {
            if (difference is null || ReferenceEquals(difference, AutomationNull.Value))
                continue;
            Prepare(difference);
            Process(Evaluate(difference, _properties));
        }
    }

    protected override void EndProcessing()
    {
        if (ReferenceObject.Length > 0)
            Prepare(ReferenceObject[0]);
        while (_next < (_reference?.Count ?? 0))
            Process(null);
        foreach (var difference in _waitingDifference)
            EmitDifferent(difference, InDifference);
        foreach (var reference in _waitingReference)
            EmitDifferent(reference, InReference);
    }

    private void Prepare(PSObject sample)
    {
        if (_reference is not null)
            return;
        var inputs = ReferenceObject.Where(input => input is not null).ToArray();
        _properties = Expand(PropertyParameter.Parse(this, Property ?? DefaultKeys(inputs.FirstOrDefault() ?? sample)),
            inputs.Length > 0 ? inputs : [sample]);
        _reference = [.. inputs.Select(input => Evaluate(input, _properties))];
        _comparer = Comparer(_properties, Math.Max(1, _properties.Count), ascending: true);
    }

    // Both sequences advance together; what does not match yet waits until the other side brings it or the window is full.
    private void Process(OrderEntry? difference)
    {
        var reference = _next < _reference!.Count ? _reference[_next++] : null;
        if (reference is not null && difference is not null && _comparer!.Compare(reference, difference) == 0)
        {
            EmitEqual(reference);
            return;
        }
        if (Take(difference, _waitingReference) is { } earlier)
        {
            EmitEqual(earlier);
            difference = null;
        }
        if (Take(reference, _waitingDifference) is not null)
        {
            EmitEqual(reference!);
            reference = null;
        }
        Wait(difference, _waitingDifference, InDifference);
        Wait(reference, _waitingReference, InReference);
    }

    private OrderEntry? Take(OrderEntry? entry, List<OrderEntry> waiting)
    {
        var index = entry is null ? -1 : waiting.FindIndex(other => _comparer!.Compare(entry, other) == 0);
        if (index < 0)
            return null;
        var match = waiting[index];
        waiting.RemoveAt(index);
        return match;
    }

    private void Wait(OrderEntry? entry, List<OrderEntry> waiting, string side)
    {
        if (entry is null)
            return;
        if (SyncWindow == 0)
        {
            EmitDifferent(entry, side);
            return;
        }
        while (waiting.Count >= SyncWindow)
        {
            EmitDifferent(waiting[0], side);
            waiting.RemoveAt(0);
        }
        waiting.Add(entry);
    }

    private void EmitEqual(OrderEntry entry)
    {
        if (IncludeEqual)
            Emit(entry, InBoth);
    }

    private void EmitDifferent(OrderEntry entry, string side)
    {
        if (!ExcludeDifferent)
            Emit(entry, side);
    }

    private void Emit(OrderEntry entry, string side)
    {
        var result = PassThru ? PSObject.AsPSObject(entry.Input) : new PSObject();
        result.Properties.Remove(Side);
        if (!PassThru && _properties.Count == 0)
            result.Properties.Add(new PSNoteProperty("InputObject", entry.Input));
        for (var i = 0; !PassThru && i < _properties.Count; i++)
        {
            var name = _properties[i].Expression.ToString();
            if (result.Properties[name] is null)
                result.Properties.Add(new PSNoteProperty(name, entry.Keys[i].Value));
        }
        result.Properties.Add(new PSNoteProperty(Side, side));
        WriteObject(result);
    }
}
