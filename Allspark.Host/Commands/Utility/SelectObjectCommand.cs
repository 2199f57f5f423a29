using System.Management.Automation.Internal;

namespace Microsoft.PowerShell.Commands;

[Cmdlet(VerbsCommon.Select, "Object", DefaultParameterSetName = "DefaultParameter",
    HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096716", RemotingCapability = RemotingCapability.None)]
public sealed class SelectObjectCommand : PSCmdlet
{
    private const string Default = "DefaultParameter";
    private const string ByIndex = "IndexParameter";
    private const string BySkipIndex = "SkipIndexParameter";
    private const string BySkipLast = "SkipLastParameter";

    private readonly Queue<PSObject> _held = new();
    private readonly List<(PSObject Value, int Added)> _unique = [];
    private List<PropertyParameter> _properties = [];
    private PSPropertyExpression? _expand;
    private List<WildcardPattern>? _excluded;
    private HashSet<int>? _indexes;
    private int _lastIndex = -1;
    private int _position;
    private int _toSkip;
    private int _streamed;
    private bool _bounded;

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; } = AutomationNull.Value;

    [Parameter(Position = 0, ParameterSetName = Default)]
    [Parameter(Position = 0, ParameterSetName = BySkipLast)]
    public object[]? Property { get; set; }

    [Parameter(ParameterSetName = Default)]
    [Parameter(ParameterSetName = BySkipLast)]
    public string[]? ExcludeProperty { get; set; }

    [Parameter(ParameterSetName = Default)]
    [Parameter(ParameterSetName = BySkipLast)]
    public string? ExpandProperty { get; set; }

    [Parameter]
    public SwitchParameter Unique { get; set; }

    [Parameter]
    public SwitchParameter CaseInsensitive { get; set; }

    [Parameter(ParameterSetName = Default)]
    [ValidateRange(0, int.MaxValue)]
    public int Last { get; set; }

    [Parameter(ParameterSetName = Default)]
    [ValidateRange(0, int.MaxValue)]
    public int First { get; set; }

    [Parameter(ParameterSetName = Default)]
    [Parameter(ParameterSetName = BySkipLast)]
    [ValidateRange(0, int.MaxValue)]
    public int Skip { get; set; }

    [Parameter(ParameterSetName = BySkipLast)]
    [ValidateRange(0, int.MaxValue)]
    public int SkipLast { get; set; }

    [Parameter(ParameterSetName = Default)]
    [Parameter(ParameterSetName = ByIndex)]
    public SwitchParameter Wait { get; set; }

    [Parameter(ParameterSetName = ByIndex)]
    [ValidateRange(0, int.MaxValue)]
    public int[]? Index { get; set; }

    [Parameter(ParameterSetName = BySkipIndex)]
    [ValidateRange(0, int.MaxValue)]
    public int[]? SkipIndex { get; set; }

    protected override void BeginProcessing()
    {
        if (ExcludeProperty is not null)
        {
            _excluded = [.. ExcludeProperty.Select(name => WildcardPattern.Get(name, WildcardOptions.IgnoreCase))];
            if (Property is null or [])
                Property = ["*"];
        }
        _properties = PropertyParameter.Parse(this, Property, "name", "label");
        if (!string.IsNullOrEmpty(ExpandProperty))
            _expand = new PSPropertyExpression(ExpandProperty);
        if ((Index ?? SkipIndex) is { } indexes)
        {
            _indexes = [.. indexes];
            _lastIndex = _indexes.Count == 0 ? -1 : _indexes.Max();
        }
        _toSkip = Skip;
        _bounded = MyInvocation.BoundParameters.ContainsKey(nameof(First)) || MyInvocation.BoundParameters.ContainsKey(nameof(Last));
    }

    protected override void ProcessRecord()
    {
        if (InputObject is null || ReferenceEquals(InputObject, AutomationNull.Value))
            return;
        if (_indexes is null)
            ProcessInOrder();
        else
            ProcessIndexed();
    }

    private void ProcessIndexed()
    {
        if (_indexes!.Contains(_position) == (Index is not null))
            Emit(InputObject!);
        if (Index is not null && _position >= _lastIndex && !Wait)
            StopUpstream();
        _position++;
    }

    private void ProcessInOrder()
    {
        // -Last alone keeps the end of the input, and as much more as is then skipped from the end.
        var capacity = First == 0 ? Last + Skip : Last;
        if (Last > 0 && _held.Count >= capacity)
            _held.Dequeue();
        _held.Enqueue(InputObject!);
        if (Stream() is { } ready)
            Emit(ready);
        if (_bounded && Last == 0 && First != 0 && _streamed >= First && !Wait)
            StopUpstream();
    }

    private PSObject? Stream()
    {
        if (_toSkip > 0)
        {
            if (Last == 0 || First != 0)
            {
                _toSkip--;
                _held.Dequeue();
            }
            return null;
        }
        if (SkipLast > 0)
            return _held.Count > SkipLast ? _held.Dequeue() : null;
        if (_streamed < First || !_bounded)
        {
            _streamed++;
            return _held.Dequeue();
        }
        if (Last == 0)
            _held.Dequeue();
        return null;
    }

    private void StopUpstream()
    {
        // The engine completes the commands after this one, not this one itself.
        EndProcessing();
        throw EngineInternals.StopUpstream(this);
    }

    protected override void EndProcessing()
    {
        if (ParameterSetName == Default)
        {
            while (_held.Count > (First != 0 ? 0 : Skip))
                Emit(_held.Dequeue());
        }
        foreach (var (value, _) in _unique)
            WriteObject(value);
    }

    private void Emit(PSObject input)
    {
        if (_properties.Count == 0 && _expand is null)
        {
            Write(input, input, []);
            return;
        }
        var added = new List<PSNoteProperty>();
        foreach (var property in _properties)
            Calculate(property, input, added);
        if (_expand is not null)
        {
            Expand(input, added);
            return;
        }
        var result = new PSObject();
        foreach (var note in added)
        {
            if (result.Properties[note.Name] is null)
                result.Properties.Add(note, preValidated: true);
            else
                WriteAlreadyExists(note.Name, input, "AlreadyExistingUserSpecifiedPropertyNoExpand");
        }
        Write(result, input, added);
    }

    private void Calculate(PropertyParameter property, PSObject input, List<PSNoteProperty> added)
    {
        var results = _excluded is null ? property.Expression.GetValues(input)
            : [.. property.Expression.ResolveNames(input).Where(name => !IsExcluded(name)).SelectMany(name => name.GetValues(input))];
        if (results.Count == 0 && !property.Expression.HasWildCardCharacters)
            results.Add(new PSPropertyExpressionResult(null, property.Expression, null));
        else if (!string.IsNullOrEmpty(property.Name) && results.Count > 1)
        {
            WriteError(new ErrorRecord(new InvalidOperationException("Cannot rename multiple results."), "RenamingMultipleResults",
                ErrorCategory.InvalidOperation, input));
            return;
        }
        foreach (var result in results)
        {
            if (IsExcluded(result.ResolvedExpression))
                continue;
            var name = string.IsNullOrEmpty(property.Name) ? result.ResolvedExpression.ToString() : property.Name;
            if (string.IsNullOrEmpty(name))
            {
                ThrowTerminatingError(new ErrorRecord(
                    new PSArgumentException("A property is an empty script block and does not provide a name.", "Property"),
                    "EmptyScriptBlockAndNoName", ErrorCategory.InvalidArgument, targetObject: null));
            }
            added.Add(new PSNoteProperty(name, result.Result));
        }
    }

    private bool IsExcluded(PSPropertyExpression expression) =>
        _excluded is not null && _excluded.Exists(pattern => pattern.IsMatch(expression.ToString()));

    private void Expand(PSObject input, List<PSNoteProperty> added)
    {
        var results = _expand!.GetValues(input);
        if (results.Count != 1)
        {
            WriteError(results.Count == 0
                ? new ErrorRecord(new PSArgumentException($"Property \"{ExpandProperty}\" cannot be found.", "ExpandProperty"),
                    "ExpandPropertyNotFound", ErrorCategory.InvalidArgument, input)
                : new ErrorRecord(new PSArgumentException("Multiple properties cannot be expanded.", "ExpandProperty"),
                    "MutlipleExpandProperties", ErrorCategory.InvalidArgument, input));
            return;
        }
        if (results[0].Exception is { } failure)
        {
            WriteError(new ErrorRecord(failure, "PropertyEvaluationExpand", ErrorCategory.InvalidResult, input));
            return;
        }
        if (results[0].Result is not { } value)
            return;
        var values = LanguagePrimitives.GetEnumerable(value);
        if (values is null)
        {
            WriteExpanded(value, input, added);
            return;
        }
        foreach (var item in values)
        {
            if (item is not null)
                WriteExpanded(item, input, added);
        }
    }

    private void WriteExpanded(object value, PSObject input, List<PSNoteProperty> added)
    {
        // A wrapper of its own: the properties must not stick to the value wherever else it is used.
        var expanded = added.Count == 0 ? PSObject.AsPSObject(value)
            : (PSObject)EngineInternals.CallByName(typeof(PSObject), nameof(PSObject.AsPSObject), value, true)!;
        foreach (var note in added)
        {
            if (expanded.Properties[note.Name] is null)
                expanded.Properties.Add(note);
            else
                WriteAlreadyExists(note.Name, input, "AlreadyExistingUserSpecifiedPropertyExpand");
        }
        Write(expanded, input, added);
    }

    private void WriteAlreadyExists(string name, PSObject input, string id) => WriteError(new ErrorRecord(
        new PSArgumentException($"The property cannot be processed because the property \"{name}\" already exists.", "Property"),
        id, ErrorCategory.InvalidOperation, input));

    private void Write(PSObject value, PSObject input, List<PSNoteProperty> added)
    {
        if (Unique)
        {
            var comparer = new ValueComparer(ascending: true, CultureInfo.CurrentCulture, caseSensitive: !CaseInsensitive);
            if (_unique.Exists(known => known.Added == added.Count && IsSame(comparer, value, known.Value, added)))
                return;
            _unique.Add((value, added.Count));
        }
        MarkSelected(value, input, isNew: added.Count > 0);
        if (!Unique)
            WriteObject(value);
    }

    private static bool IsSame(ValueComparer comparer, PSObject value, PSObject known, List<PSNoteProperty> added) =>
        comparer.Compare(value.BaseObject, known.BaseObject) == 0 && added.TrueForAll(note =>
            known.Properties[note.Name] is { } other && comparer.Compare(other.Value, note.Value) == 0);

    private static void MarkSelected(PSObject value, PSObject input, bool isNew)
    {
        if (value.ImmediateBaseObject is not PSCustomObject)
            return;
        var name = "Selected." + input.BaseObject.GetType();
        if (isNew || !value.TypeNames.Contains(name))
            value.TypeNames.Insert(0, name);
    }
}
