using System.Collections.Concurrent;
using System.Management.Automation.Runspaces;
using System.Reflection;

namespace Microsoft.PowerShell.Commands;

/// <summary>Access to the type table and the session state of the runspace that a cmdlet runs in.</summary>
public abstract class TypeDataCommandBase : PSCmdlet
{
    internal TypeTable Table => (TypeTable)EngineInternals.Get(EngineInternals.Context(this), "TypeTable")!;

    internal InitialSessionState State => (InitialSessionState)EngineInternals.Get(EngineInternals.Context(this), "InitialSessionState")!;

    /// <summary>Adds types to the table, or removes them, and reports what the engine refuses.</summary>
    internal bool Update(TypeData data, bool isRemove)
    {
        var errors = new ConcurrentBag<string>();
        try
        {
            EngineInternals.CallByName(Table, "Update", data, errors, isRemove);
            EngineInternals.CallByName(Table, "ClearConsolidatedMembers");
        }
        catch (RuntimeException failure)
        {
            WriteError(new ErrorRecord(failure, "TypesDynamicUpdateException", ErrorCategory.InvalidOperation, targetObject: null));
            return false;
        }
        foreach (var error in errors)
            WriteError(new ErrorRecord(new RuntimeException(error), "TypesDynamicUpdateException", ErrorCategory.InvalidOperation, targetObject: null));
        return errors.IsEmpty;
    }

    internal void Reload(IEnumerable<SessionStateTypeEntry> entries)
    {
        var types = entries.ToList();
        State.Types.Clear();
        EngineInternals.CallByName(Table, "Clear");
        foreach (var entry in types)
        {
            var errors = new ConcurrentBag<string>();
            if (entry.FileName is not null)
            {
                EngineInternals.CallByName(Table, "Update", entry.FileName, entry.FileName, errors,
                    EngineInternals.Get(EngineInternals.Context(this), "AuthorizationManager"), Host, false);
            }
            else if (entry.TypeData is not null)
                EngineInternals.CallByName(Table, "Update", entry.TypeData, errors, entry.IsRemove);
            State.Types.Add(entry);
            foreach (var error in errors)
                WriteError(new ErrorRecord(new RuntimeException(error), "TypesXmlUpdateException", ErrorCategory.InvalidOperation, targetObject: null));
        }
    }

    /// <summary>The files that path arguments name; a path that names none is an error of the id given.</summary>
    internal List<string> Files(string[] paths, string errorId)
    {
        var files = new List<string>();
        foreach (var path in paths)
        {
            try
            {
                foreach (var file in GetResolvedProviderPathFromPSPath(path, out var provider))
                {
                    if (provider.Name != "FileSystem")
                        Refuse(errorId, $"Cannot open the file because the current provider is \"{provider.Name}\", and this command requires a file.", path);
                    else if (!file.EndsWith(".ps1xml", StringComparison.OrdinalIgnoreCase))
                        Refuse("WrongExtension", $"Cannot read the file \"{file}\"  because it does not have the file name extension \"ps1xml\".", path);
                    else
                        files.Add(file);
                }
            }
            catch (SessionStateException failure)
            {
                WriteError(new ErrorRecord(failure, errorId, ErrorCategory.InvalidOperation, path));
            }
        }
        return files;
    }

    private void Refuse(string id, string message, string path) =>
        WriteError(new ErrorRecord(new PSInvalidOperationException(message), id, ErrorCategory.InvalidArgument, path));
}

[Cmdlet(VerbsData.Update, "TypeData", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low, DefaultParameterSetName = FileSet,
    HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2097033")]
public class UpdateTypeDataCommand : TypeDataCommandBase
{
    private const string FileSet = "FileSet";
    private const string DynamicSet = "DynamicTypeSet";
    private const string DataSet = "TypeDataSet";

    [Parameter(ParameterSetName = DynamicSet)]
    [ValidateNotNullOrEmpty]
    [ValidateSet("NoteProperty", "AliasProperty", "ScriptProperty", "CodeProperty", "ScriptMethod", "CodeMethod", IgnoreCase = true)]
    public PSMemberTypes MemberType { get; set; }

    [Parameter(ParameterSetName = DynamicSet)]
    [ValidateNotNullOrEmpty]
    public string? MemberName { get; set; }

    [Parameter(ParameterSetName = DynamicSet)]
    public object? Value { get; set; }

    [Parameter(ParameterSetName = DynamicSet)]
    [ValidateNotNull]
    public object? SecondValue { get; set; }

    [Parameter(ParameterSetName = DynamicSet)]
    [ValidateNotNull]
    public Type? TypeConverter { get; set; }

    [Parameter(ParameterSetName = DynamicSet)]
    [ValidateNotNull]
    public Type? TypeAdapter { get; set; }

    [Parameter(ParameterSetName = DynamicSet)]
    [ValidateNotNullOrEmpty]
    public string? SerializationMethod { get; set; }

    [Parameter(ParameterSetName = DynamicSet)]
    [ValidateNotNull]
    public Type? TargetTypeForDeserialization { get; set; }

    [Parameter(ParameterSetName = DynamicSet)]
    [ValidateRange(0, int.MaxValue)]
    public int? SerializationDepth { get; set; }

    [Parameter(ParameterSetName = DynamicSet)]
    [ValidateNotNullOrEmpty]
    public string? DefaultDisplayProperty { get; set; }

    [Parameter(ParameterSetName = DynamicSet)]
    [ValidateNotNull]
    public bool? InheritPropertySerializationSet { get; set; }

    [Parameter(ParameterSetName = DynamicSet)]
    [ValidateNotNullOrEmpty]
    public string? StringSerializationSource { get; set; }

    [Parameter(ParameterSetName = DynamicSet)]
    [ValidateNotNullOrEmpty]
    public string[]? DefaultDisplayPropertySet { get; set; }

    [Parameter(ParameterSetName = DynamicSet)]
    [ValidateNotNullOrEmpty]
    public string[]? DefaultKeyPropertySet { get; set; }

    [Parameter(ParameterSetName = DynamicSet)]
    [ValidateNotNullOrEmpty]
    public string[]? PropertySerializationSet { get; set; }

    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = DynamicSet)]
    [ValidateNotNullOrEmpty]
    public string? TypeName { get; set; }

    [Parameter(ParameterSetName = DynamicSet)]
    [Parameter(ParameterSetName = DataSet)]
    public SwitchParameter Force { get; set; }

    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ParameterSetName = DataSet)]
    public TypeData[]? TypeData { get; set; }

    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = FileSet)]
    [Alias("PSPath", "Path")]
    [ValidateNotNull]
    public string[] AppendPath { get; set; } = [];

    [Parameter(ParameterSetName = FileSet)]
    [ValidateNotNull]
    public string[] PrependPath { get; set; } = [];

    protected override void ProcessRecord()
    {
        if (ParameterSetName == DynamicSet)
            Apply(Create());
        else if (ParameterSetName == FileSet)
            AddFiles();
        foreach (var data in TypeData ?? [])
        {
            if (Force)
                data.IsOverride = true;
            Apply(data);
        }
    }

    private void AddFiles()
    {
        var first = Files(PrependPath, "TypesPrependPathException");
        var last = Files(AppendPath, "TypesAppendPathException");
        var added = first.AsEnumerable().Reverse().Concat(last).Where(file => ShouldProcess($"FileName: {file}", "Update TypeData")).ToHashSet();
        if (added.Count == 0)
            return;
        var kept = State.Types.Where(entry => entry.FileName is null || !added.Contains(entry.FileName)).ToList();
        Reload([
            .. first.AsEnumerable().Reverse().Where(added.Contains).Select(file => new SessionStateTypeEntry(file)), .. kept,
            .. last.Where(added.Contains).Select(file => new SessionStateTypeEntry(file)),
        ]);
    }

    private void Apply(TypeData data)
    {
        if (ShouldProcess($"Type to update: {data.TypeName}", "Update TypeData") && Update(data, isRemove: false))
            State.Types.Add(new SessionStateTypeEntry(data, isRemove: false));
    }

    private TypeData Create()
    {
        var name = TypeName!.Trim();
        if (name.Length == 0)
            Fail("TargetTypeNameEmpty", "The target type name should not be null, empty, or contain only white spaces.");
        var data = LanguagePrimitives.TryConvertTo<Type>(name, out var type) ? new TypeData(type) : new TypeData(name);
        data.IsOverride = Force;
        if (CreateMember() is { } member)
            data.Members.Add(member.Name, member);
        data.TypeConverter = TypeConverter ?? data.TypeConverter;
        data.TypeAdapter = TypeAdapter ?? data.TypeAdapter;
        SetStandardMembers(data);
        if (MyInvocation.BoundParameters.Keys.All(IsWithoutContent))
            Fail("TypeDataEmpty", $"No member is specified for the update on type \"{TypeName}\".");
        return data;
    }

    private static bool IsWithoutContent(string parameter) => parameter is nameof(TypeName) or nameof(Force)
        || CommonParameters.Contains(parameter) || OptionalCommonParameters.Contains(parameter);

    // Unset standard members must stay untouched: setting one to null would add it to the type.
    private void SetStandardMembers(TypeData data)
    {
        if (SerializationMethod is not null)
            data.SerializationMethod = SerializationMethod;
        if (TargetTypeForDeserialization is not null)
            data.TargetTypeForDeserialization = TargetTypeForDeserialization;
        if (SerializationDepth is { } depth)
            data.SerializationDepth = (uint)depth;
        if (DefaultDisplayProperty is not null)
            data.DefaultDisplayProperty = DefaultDisplayProperty;
        if (InheritPropertySerializationSet is { } inherit)
            data.InheritPropertySerializationSet = inherit;
        if (StringSerializationSource is not null)
            data.StringSerializationSource = StringSerializationSource;
        if (DefaultDisplayPropertySet is not null)
            data.DefaultDisplayPropertySet = new PropertySetData(DefaultDisplayPropertySet);
        if (DefaultKeyPropertySet is not null)
            data.DefaultKeyPropertySet = new PropertySetData(DefaultKeyPropertySet);
        if (PropertySerializationSet is not null)
            data.PropertySerializationSet = new PropertySetData(PropertySerializationSet);
    }

    private TypeMemberData? CreateMember()
    {
        var bound = MyInvocation.BoundParameters;
        if (!bound.ContainsKey(nameof(MemberType)))
        {
            if (MemberName is not null || bound.ContainsKey(nameof(Value)) || SecondValue is not null)
                Fail("MemberTypeIsMissing", "The MemberName, Value, and SecondValue parameters cannot be specified without the MemberType parameter.");
            return null;
        }
        if (string.IsNullOrEmpty(MemberName))
            Fail("MemberNameShouldBeSpecified", $"The MemberName parameter is required for the type \"{MemberType}\". Please specify the MemberName parameter.");
        if (!bound.ContainsKey(nameof(Value))
            || (Value is null && MemberType is PSMemberTypes.AliasProperty or PSMemberTypes.ScriptMethod or PSMemberTypes.CodeMethod))
        {
            Fail("ValueShouldBeSpecified", $"The Value parameter is required for the type \"{MemberType}\". Please specify the Value parameter.");
        }
        if (SecondValue is not null && MemberType is PSMemberTypes.NoteProperty or PSMemberTypes.ScriptMethod or PSMemberTypes.CodeMethod)
        {
            Fail("SecondValueShouldNotBeSpecified",
                $"The SecondValue parameter is not necessary for a member of type \"{MemberType}\", and should not be specified. Do not specify the SecondValue parameter when updating this member type.");
        }
        return MemberType switch
        {
            PSMemberTypes.AliasProperty => SecondValue is null ? new AliasPropertyData(MemberName, To<string>(Value))
                : new AliasPropertyData(MemberName, To<string>(Value), To<Type>(SecondValue)),
            PSMemberTypes.ScriptProperty => new ScriptPropertyData(MemberName, ToOrNull<ScriptBlock>(Value), ToOrNull<ScriptBlock>(SecondValue)),
            PSMemberTypes.CodeProperty => new CodePropertyData(MemberName, ToOrNull<MethodInfo>(Value), ToOrNull<MethodInfo>(SecondValue)),
            PSMemberTypes.ScriptMethod => new ScriptMethodData(MemberName, To<ScriptBlock>(Value)),
            PSMemberTypes.CodeMethod => new CodeMethodData(MemberName, To<MethodInfo>(Value)),
            _ => new NotePropertyData(MemberName, Value),
        };
    }

    private static T To<T>(object? value) => (T)LanguagePrimitives.ConvertTo(value, typeof(T), CultureInfo.InvariantCulture);

    private static T? ToOrNull<T>(object? value)
        where T : class => value is null ? null : To<T>(value);

    private void Fail(string id, string message) => ThrowTerminatingError(
        new ErrorRecord(new InvalidOperationException(message), id, ErrorCategory.InvalidOperation, targetObject: null));
}

[Cmdlet(VerbsCommon.Remove, "TypeData", SupportsShouldProcess = true, DefaultParameterSetName = "RemoveTypeDataSet",
    HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096622")]
public class RemoveTypeDataCommand : TypeDataCommandBase
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "RemoveTypeSet")]
    [ValidateNotNullOrEmpty]
    public string? TypeName { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "RemoveFileSet")]
    [ValidateNotNullOrEmpty]
    public string[]? Path { get; set; }

    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "RemoveTypeDataSet")]
    public TypeData? TypeData { get; set; }

    protected override void ProcessRecord()
    {
        if (Path is not null)
        {
            RemoveFiles(Files(Path, "TypesPathException"));
            return;
        }
        var data = TypeData ?? new TypeData(LanguagePrimitives.TryConvertTo<Type>(TypeName, out var type) ? type.FullName : TypeName);
        if (ShouldProcess($"Name of the type that will be removed: {data.TypeName}", "Remove TypeData") && Update(data, isRemove: true))
            State.Types.Add(new SessionStateTypeEntry(data, isRemove: true));
    }

    private void RemoveFiles(List<string> files)
    {
        foreach (var file in files.Where(file => State.Types.All(entry => entry.FileName != file)))
        {
            WriteError(new ErrorRecord(new RuntimeException($"The file {file} is not imported into the current session."),
                "TypeFileNotExistsInCurrentSession", ErrorCategory.InvalidArgument, file));
        }
        Reload([.. State.Types.Where(entry => !files.Contains(entry.FileName) || !ShouldProcess($"FileName: {entry.FileName}", "Remove type file"))]);
    }
}

[Cmdlet(VerbsCommon.Get, "TypeData", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2097018")]
[OutputType(typeof(PSObject))]
public class GetTypeDataCommand : TypeDataCommandBase
{
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public string[]? TypeName { get; set; }

    protected override void ProcessRecord()
    {
        var all = (Dictionary<string, TypeData>)EngineInternals.CallByName(Table, "GetAllTypeData")!;
        var patterns = (TypeName ?? ["*"]).Select(name => WildcardPattern.Get(
            LanguagePrimitives.TryConvertTo<Type>(name, out var type) ? type.FullName : name, WildcardOptions.IgnoreCase)).ToArray();
        foreach (var data in all.Values.Where(data => patterns.Any(pattern => pattern.IsMatch(data.TypeName))))
            WriteObject(data);
    }
}

[Cmdlet(VerbsData.Update, "FormatData", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low, DefaultParameterSetName = "FileSet",
    HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2097135")]
public class UpdateFormatDataCommand : TypeDataCommandBase
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "FileSet")]
    [Alias("PSPath", "Path")]
    [ValidateNotNull]
    public string[] AppendPath { get; set; } = [];

    [Parameter(ParameterSetName = "FileSet")]
    [ValidateNotNull]
    public string[] PrependPath { get; set; } = [];

    protected override void ProcessRecord()
    {
        var first = Files(PrependPath, "FormatPrependPathException");
        var last = Files(AppendPath, "FormatAppendPathException");
        if (PrependPath.Length + AppendPath.Length > 0 && first.Count + last.Count == 0)
            return;
        var added = first.Concat(last).Where(file => ShouldProcess($"FileName: {file}", "Update FormatData")).ToHashSet();
        var before = State.Formats.ToList();
        State.Formats.Clear();
        State.Formats.Add(first.AsEnumerable().Reverse().Where(added.Contains).Select(file => new SessionStateFormatEntry(file)));
        State.Formats.Add(before.Where(entry => entry.FileName is null || !added.Contains(entry.FileName)));
        State.Formats.Add(last.Where(added.Contains).Select(file => new SessionStateFormatEntry(file)));
        try
        {
            EngineInternals.CallByName(State, "UpdateFormats", EngineInternals.Context(this), false);
        }
        catch (RuntimeException failure)
        {
            State.Formats.Clear();
            State.Formats.Add(before);
            WriteError(new ErrorRecord(failure, "FormatXmlUpdateException", ErrorCategory.InvalidOperation, targetObject: null));
        }
    }
}
