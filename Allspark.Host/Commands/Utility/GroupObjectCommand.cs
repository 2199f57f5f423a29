using System.Collections.ObjectModel;
using System.Text;

namespace Microsoft.PowerShell.Commands;

/// <summary>A group of objects with equal values.</summary>
public class GroupInfo
{
    internal GroupInfo(OrderEntry first)
    {
        First = first;
        Name = BuildName(first.Keys);
        Values = new ArrayList(first.Keys.Select(key => key.Value).ToArray());
    }

    // The order of the properties is the order in which the default view and Select-Object * show them.
    public ArrayList Values { get; }

    public int Count { get; private protected set; }

    public Collection<PSObject> Group { get; } = [];

    public string Name { get; }

    internal OrderEntry First { get; }

    internal virtual void Add(PSObject member)
    {
        Group.Add(member);
        Count++;
    }

    private static string BuildName(OrderKey[] keys)
    {
        var name = new StringBuilder();
        foreach (var value in keys.Select(key => key.Value).Where(value => value is not null))
        {
            if (name.Length > 0)
                name.Append(", ");
            if (value is ICollection items)
                name.Append('{').AppendJoin(", ", items.Cast<object>().Select(item => item.ToString())).Append('}');
            else
                name.Append(CultureInfo.InvariantCulture, $"{value}");
        }
        return name.ToString();
    }
}

/// <summary>A group of which only the size is kept.</summary>
public sealed class GroupInfoNoElement : GroupInfo
{
    internal GroupInfoNoElement(OrderEntry first)
        : base(first)
    {
    }

    internal override void Add(PSObject member) => Count++;
}

[Cmdlet(VerbsData.Group, "Object", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096619",
    RemotingCapability = RemotingCapability.None)]
[OutputType(typeof(Hashtable), typeof(GroupInfo))]
public class GroupObjectCommand : ObjectBase
{
    private readonly List<OrderEntry> _entries = [];
    private List<PropertyParameter>? _properties;
    private Type?[]? _types;
    private bool _mixedTypes;

    [Parameter]
    public SwitchParameter NoElement { get; set; }

    [Parameter(ParameterSetName = "HashTable")]
    [Alias("AHT")]
    public SwitchParameter AsHashTable { get; set; }

    [Parameter(ParameterSetName = "HashTable")]
    public SwitchParameter AsString { get; set; }

    protected override void ProcessRecord()
    {
        if (!HasInput)
            return;
        _properties ??= ReadProperties();
        var entry = Evaluate(InputObject!, Expand(_properties, [InputObject!]));
        _entries.Add(entry);
        _mixedTypes = _mixedTypes || !SameTypes(entry.Keys);
    }

    private List<PropertyParameter> ReadProperties()
    {
        Property ??= DefaultKeys(InputObject!);
        var properties = PropertyParameter.Parse(this, Property);
        if (AsString && !AsHashTable)
            Refuse("The command cannot be run because the AsString parameter requires that you specify the AsHashtable parameter.", AsString);
        if (AsHashTable && !AsString && properties.Count > 1)
        {
            Refuse("The command cannot be run because using the AsHashTable parameter with more than one property requires adding the AsString parameter.",
                Property);
        }
        return properties;
    }

    private void Refuse(string message, object? target) => ThrowTerminatingError(
        new ErrorRecord(new ArgumentException(message), "ArgumentException", ErrorCategory.InvalidArgument, target));

    private bool SameTypes(OrderKey[] keys)
    {
        var types = Array.ConvertAll(keys, key => ((key.Value as PSObject)?.BaseObject ?? key.Value)?.GetType());
        _types ??= types;
        if (_types.Length != types.Length)
            return false;
        for (var i = 0; i < types.Length; i++)
        {
            _types[i] ??= types[i];
            if (types[i] is not null && types[i] != _types[i])
                return false;
        }
        return true;
    }

    protected override void EndProcessing()
    {
        if (_entries.Count == 0)
            return;
        var comparer = Comparer([], _entries[0].Keys.Length, ascending: true);
        var groups = _mixedTypes ? GroupInOrderOfInput(comparer) : GroupSorted(comparer);
        if (AsHashTable)
            WriteTable(groups);
        else
            WriteObject(groups, enumerateCollection: true);
    }

    // Keys of one type have a total order: sorting them brings equal ones together.
    private List<GroupInfo> GroupSorted(EntryComparer comparer)
    {
        var groups = new List<GroupInfo>();
        foreach (var entry in _entries.OrderBy(entry => entry, comparer))
        {
            if (groups.Count == 0 || comparer.Compare(groups[^1].First, entry) != 0)
                groups.Add(Create(entry));
            groups[^1].Add(entry.Input);
        }
        return groups;
    }

    private List<GroupInfo> GroupInOrderOfInput(EntryComparer comparer)
    {
        var groups = new List<GroupInfo>();
        foreach (var entry in _entries)
        {
            var group = groups.Find(known => comparer.Compare(known.First, entry) == 0);
            if (group is null)
                groups.Add(group = Create(entry));
            group.Add(entry.Input);
        }
        return groups;
    }

    private GroupInfo Create(OrderEntry entry) => NoElement ? new GroupInfoNoElement(entry) : new GroupInfo(entry);

    private void WriteTable(List<GroupInfo> groups)
    {
        var table = new Hashtable(CaseSensitive ? StringComparer.CurrentCulture : StringComparer.CurrentCultureIgnoreCase);
        try
        {
            foreach (var group in groups)
            {
                var value = group.Values[0];
                table.Add(AsString ? group.Name : (value as PSObject)?.BaseObject ?? value!, group.Group);
            }
        }
        catch (ArgumentException duplicate)
        {
            const string Message =
                "The objects grouped by this property cannot be expanded because there is a key duplication. Provide a valid value for the property, and then try again.";
            WriteError(new ErrorRecord(new Exception(Message, duplicate), Message, ErrorCategory.InvalidArgument, targetObject: null));
            return;
        }
        WriteObject(table);
    }
}
