namespace Microsoft.PowerShell.Commands;

[Cmdlet("Sort", "Object", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2097038", DefaultParameterSetName = "Default",
    RemotingCapability = RemotingCapability.None)]
public sealed class SortObjectCommand : ObjectBase
{
    private readonly List<PSObject> _inputs = [];

    [Parameter(ParameterSetName = "Default")]
    public SwitchParameter Stable { get; set; }

    [Parameter]
    public SwitchParameter Descending { get; set; }

    [Parameter]
    public SwitchParameter Unique { get; set; }

    [Parameter(ParameterSetName = "Top", Mandatory = true)]
    [ValidateRange(1, int.MaxValue)]
    public int Top { get; set; }

    [Parameter(ParameterSetName = "Bottom", Mandatory = true)]
    [ValidateRange(1, int.MaxValue)]
    public int Bottom { get; set; }

    protected override void ProcessRecord()
    {
        if (HasInput)
            _inputs.Add(InputObject!);
    }

    protected override void EndProcessing()
    {
        if (_inputs.Count == 0)
            return;
        var properties = PropertyParameter.Parse(this, Property ?? DefaultKeys(_inputs[0]), "ascending", "descending");
        properties = Expand(properties, _inputs);
        var entries = new List<OrderEntry>(_inputs.Count);
        foreach (var input in _inputs)
            entries.Add(Evaluate(input, properties, entries.Count));
        var comparer = Comparer(properties, entries.Max(entry => entry.Keys.Length), ascending: !Descending);
        foreach (var entry in Sorted(entries, comparer))
            WriteObject(entry.Input);
    }

    private IEnumerable<OrderEntry> Sorted(List<OrderEntry> entries, EntryComparer comparer)
    {
        var stable = Stable || Top > 0 || Bottom > 0;
        if (stable)
            entries.Sort((x, y) => StableOrder(comparer, x, y));
        else
            entries.Sort(comparer);
        IEnumerable<OrderEntry> sorted = Unique ? WithoutRepeats(entries, comparer) : entries;
        return Top > 0 ? sorted.Take(Top) : Bottom > 0 ? sorted.TakeLast(Bottom) : sorted;
    }

    private static int StableOrder(EntryComparer comparer, OrderEntry x, OrderEntry y)
    {
        if (x.Comparable != y.Comparable)
            return x.Comparable ? -1 : 1;
        var order = comparer.Compare(x, y);
        return order != 0 ? order : x.Index.CompareTo(y.Index);
    }

    private static List<OrderEntry> WithoutRepeats(List<OrderEntry> sorted, EntryComparer comparer)
    {
        var unique = new List<OrderEntry> { sorted[0] };
        foreach (var entry in sorted)
        {
            if (comparer.Compare(unique[^1], entry) != 0)
                unique.Add(entry);
        }
        return unique;
    }
}
