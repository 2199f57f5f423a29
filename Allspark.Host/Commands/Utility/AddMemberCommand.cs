using System.Collections.ObjectModel;
using System.Numerics;
using System.Reflection;

namespace Microsoft.PowerShell.Commands;

[Cmdlet(VerbsCommon.Add, "Member", DefaultParameterSetName = "TypeNameSet", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2097109",
    RemotingCapability = RemotingCapability.None)]
public class AddMemberCommand : PSCmdlet
{
    private const string MemberSet = "MemberSet";
    private const string SingleNote = "NotePropertySingleMemberSet";
    private const string ManyNotes = "NotePropertyMultiMemberSet";
    private const string OnlyTypeName = "TypeNameSet";

    private const PSMemberTypes Addable = PSMemberTypes.AliasProperty | PSMemberTypes.CodeMethod | PSMemberTypes.CodeProperty
        | PSMemberTypes.MemberSet | PSMemberTypes.NoteProperty | PSMemberTypes.PropertySet | PSMemberTypes.ScriptMethod
        | PSMemberTypes.ScriptProperty;

    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = MemberSet)]
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = OnlyTypeName)]
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = SingleNote)]
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ManyNotes)]
    public PSObject InputObject { get; set; } = new();

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = MemberSet)]
    [Alias("Type")]
    public PSMemberTypes MemberType { get; set; }

    [Parameter(Mandatory = true, Position = 1, ParameterSetName = MemberSet)]
    public string Name { get; set; } = "";

    [Parameter(Position = 2, ParameterSetName = MemberSet)]
    public object? Value { get; set; }

    [Parameter(Position = 3, ParameterSetName = MemberSet)]
    public object? SecondValue { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = OnlyTypeName)]
    [Parameter(ParameterSetName = MemberSet)]
    [Parameter(ParameterSetName = SingleNote)]
    [Parameter(ParameterSetName = ManyNotes)]
    [ValidateNotNullOrEmpty]
    public string? TypeName { get; set; }

    [Parameter(ParameterSetName = MemberSet)]
    [Parameter(ParameterSetName = SingleNote)]
    [Parameter(ParameterSetName = ManyNotes)]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = SingleNote)]
    [NotAMemberType]
    [NumberAsText]
    [ValidateNotNullOrEmpty]
    public string NotePropertyName { get; set; } = "";

    [Parameter(Mandatory = true, Position = 1, ParameterSetName = SingleNote)]
    [AllowNull]
    public object? NotePropertyValue { get; set; }

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ManyNotes)]
    [ValidateNotNullOrEmpty]
    public IDictionary NotePropertyMembers { get; set; } = new Hashtable();

    private bool HasSecond => MyInvocation.BoundParameters.ContainsKey(nameof(SecondValue));

    private bool HasFirst => MyInvocation.BoundParameters.ContainsKey(nameof(Value));

    protected override void ProcessRecord()
    {
        if (TypeName is not null && string.IsNullOrWhiteSpace(TypeName))
            Fail("TypeNameShouldNotBeEmpty", "The TypeName parameter should not be null, empty, or contain only white spaces.");
        var added = ParameterSetName switch
        {
            OnlyTypeName => true,
            ManyNotes => AddNotes(),
            SingleNote => Add(new PSNoteProperty(NotePropertyName, NotePropertyValue)),
            _ => Add(CreateMember()),
        };
        if (!added)
            return;
        if (TypeName is not null)
            InputObject.TypeNames.Insert(0, LanguagePrimitives.TryConvertTo<Type>(TypeName, out var type) ? type.FullName : TypeName);
        if (PassThru)
            WriteObject(InputObject);
    }

    private bool AddNotes()
    {
        var any = false;
        foreach (DictionaryEntry note in NotePropertyMembers)
        {
            var name = LanguagePrimitives.ConvertTo<string>(note.Key);
            if (string.IsNullOrEmpty(name))
                WriteError(Error("NotePropertyNameShouldNotBeNull", "The name for a NoteProperty member should not be null or an empty string.", name));
            else
                any |= Add(new PSNoteProperty(name, note.Value));
        }
        return any;
    }

    private bool Add(PSMemberInfo member)
    {
        if (InputObject.Members[member.Name] is { } known)
        {
            if (!Force)
            {
                WriteError(Error("MemberAlreadyExists",
                    $"Cannot add a member with the name \"{member.Name}\" because a member with that name already exists. To overwrite the member anyway, add the Force parameter to your command.",
                    InputObject));
                return false;
            }
            if (!known.IsInstance)
            {
                WriteError(Error("CannotRemoveTypeDataMember",
                    $"Cannot force the member with name \"{member.Name}\" and type \"{known.MemberType}\" to be added. A member with that name and type already exists, and the existing member is not an instance extension.",
                    InputObject));
                return false;
            }
            InputObject.Members.Remove(member.Name);
        }
        InputObject.Members.Add(member);
        return true;
    }

    private PSMemberInfo CreateMember()
    {
        if (BitOperations.PopCount((uint)MemberType) != 1)
            Fail("WrongMemberCount", $"To add a member, only one member type can be specified. The member types specified are: \"{MemberType}\"");
        if (!Addable.HasFlag(MemberType))
            Fail("CannotAddMemberType", $"Cannot add a member with type \"{MemberType}\". Specify a different type for the MemberTypes parameter.");
        var takesSecond = MemberType is PSMemberTypes.AliasProperty or PSMemberTypes.CodeProperty or PSMemberTypes.ScriptProperty;
        if (HasSecond && !takesSecond)
        {
            Fail("Value2ShouldNotBeSpecified",
                $"The SecondValue parameter is not necessary for a member of type \"{MemberType}\", and should not be specified. Do not specify the SecondValue parameter when you add members of this type.");
        }
        if (!HasFirst && MemberType != PSMemberTypes.MemberSet)
        {
            Fail("Value1Prompt",
                $"The Value parameter is required for a member of type \"{MemberType}\". Specify the Value parameter when adding members of this type.");
        }
        if (Value is null && MemberType is not (PSMemberTypes.NoteProperty or PSMemberTypes.MemberSet))
            RefuseNull();
        return MemberType switch
        {
            PSMemberTypes.AliasProperty => Alias(),
            PSMemberTypes.CodeMethod => new PSCodeMethod(Name, To<MethodInfo>(Value)),
            PSMemberTypes.CodeProperty => new PSCodeProperty(Name, To<MethodInfo>(Value), To<MethodInfo>(SecondValue)),
            PSMemberTypes.MemberSet => Value is null ? new PSMemberSet(Name) : new PSMemberSet(Name, To<Collection<PSMemberInfo>>(Value)),
            PSMemberTypes.PropertySet => new PSPropertySet(Name, To<Collection<string>>(Value)),
            PSMemberTypes.ScriptMethod => new PSScriptMethod(Name, To<ScriptBlock>(Value)),
            PSMemberTypes.ScriptProperty => new PSScriptProperty(Name, To<ScriptBlock>(Value), To<ScriptBlock>(SecondValue)),
            _ => new PSNoteProperty(Name, Value),
        };
    }

    private void RefuseNull()
    {
        if (MemberType is not (PSMemberTypes.CodeProperty or PSMemberTypes.ScriptProperty))
        {
            Fail("Value1ShouldNotBeNull",
                $"The Value parameter should not be null for a member of type \"{MemberType}\". Specify a non-null value for the Value parameter when adding members of this type.");
        }
        if (SecondValue is null)
        {
            Fail("Value1AndValue2AreNotBothNull",
                $"Both Value and SecondValue parameters should not be null for a member of type \"{MemberType}\". Specify a non-null value for one of the two parameters.");
        }
    }

    private PSAliasProperty Alias()
    {
        var target = To<string>(Value);
        if (string.IsNullOrEmpty(target))
            Fail("AliasReferenceShouldNotBeNullOrEmpty", "The member referenced by this alias should not be null or empty.");
        return SecondValue is null ? new PSAliasProperty(Name, target) : new PSAliasProperty(Name, target, To<Type>(SecondValue));
    }

    private static T To<T>(object? value) => (T)LanguagePrimitives.ConvertTo(value, typeof(T), CultureInfo.InvariantCulture);

    private void Fail(string id, string message) => ThrowTerminatingError(Error(id, message, target: null));

    private static ErrorRecord Error(string id, string message, object? target) =>
        new(new InvalidOperationException(message), id, ErrorCategory.InvalidOperation, target);

    /// <summary>A first argument that names a member type is one: -NotePropertyName does not take it.</summary>
    private sealed class NotAMemberTypeAttribute : ValidateArgumentsAttribute
    {
        protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
        {
            if (arguments is string name && LanguagePrimitives.TryConvertTo<PSMemberTypes>(name, out var type)
                && Addable.HasFlag(type) && BitOperations.PopCount((uint)type) == 1)
            {
                // The binder passes over this one refusal, and tries the parameter sets that take a member type.
                const bool PassOver = true;
                throw (Exception)EngineInternals.Create(typeof(ValidationMetadataException),
                    "The parameter NotePropertyName cannot take values that could be converted to the type System.Management.Automation.PSMemberTypes. To define the name of a member with those values, use Add-Member, and specify the member type.",
                    PassOver);
            }
        }
    }

    private sealed class NumberAsTextAttribute : ArgumentTransformationAttribute
    {
        public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
        {
            var plain = (inputData as PSObject)?.BaseObject ?? inputData;
            return plain is not null && plain.GetType().IsPrimitive && plain is not (bool or char) || plain is decimal
                ? LanguagePrimitives.ConvertTo<string>(plain) : inputData!;
        }
    }
}
