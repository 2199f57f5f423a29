namespace Microsoft.PowerShell.Commands;

[Cmdlet(VerbsCommon.New, "Object", DefaultParameterSetName = "Net", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096620")]
public sealed class NewObjectCommand : PSCmdlet
{
    [Parameter(ParameterSetName = "Net", Mandatory = true, Position = 0)]
    public string TypeName { get; set; } = "";

    [Parameter(ParameterSetName = "Net", Mandatory = false, Position = 1)]
    [Alias("Args")]
    public object[] ArgumentList { get; set; } = [];

    [Parameter]
    [ValidateNotNull]
    public IDictionary? Property { get; set; }

    protected override void BeginProcessing()
    {
        var created = CreateObject(Resolve());
        if (created is not null && Property is not null)
            SetMembers(created);
        WriteObject(created);
    }

    private Type Resolve()
    {
        try
        {
            return (Type)LanguagePrimitives.ConvertTo(TypeName, typeof(Type), CultureInfo.InvariantCulture);
        }
        catch (Exception failure) when (failure is InvalidCastException or ArgumentException)
        {
            ThrowTerminatingError(new ErrorRecord(
                new PSArgumentException($"Cannot find type [{TypeName}]: verify that the assembly containing this type is loaded."),
                "TypeNotFound", ErrorCategory.InvalidType, targetObject: null));
            throw;
        }
    }

    private object? CreateObject(Type type)
    {
        var withoutArguments = ArgumentList is null or [];
        var constructors = withoutArguments && type.GetConstructor(Type.EmptyTypes) is { } plain ? [plain]
            : withoutArguments ? [] : type.GetConstructors();
        if (constructors.Length > 0)
            return Construct(type, constructors);
        if (withoutArguments && type.IsValueType)
            return Activator.CreateInstance(type);
        ThrowTerminatingError(new ErrorRecord(
            new PSArgumentException($"A constructor was not found. Cannot find an appropriate constructor for type {TypeName}."),
            "CannotFindAppropriateCtor", ErrorCategory.ObjectNotFound, targetObject: null));
        return null;
    }

    private object? Construct(Type type, System.Reflection.ConstructorInfo[] constructors)
    {
        try
        {
            return EngineInternals.CallByName(EngineInternals.Named("System.Management.Automation.DotNetAdapter"),
                "ConstructorInvokeDotNet", type, constructors, ArgumentList ?? []);
        }
        catch (MethodException failure)
        {
            ThrowTerminatingError(new ErrorRecord(failure, "ConstructorInvokedThrowException", ErrorCategory.InvalidOperation, constructors));
            return null;
        }
    }

    private void SetMembers(object created)
    {
        var target = PSObject.AsPSObject(created);
        foreach (DictionaryEntry entry in Property!)
        {
            var name = LanguagePrimitives.ConvertTo<string>(entry.Key);
            try
            {
                if (target.Properties[name] is { } property)
                    property.Value = entry.Value;
                else if (created is PSObject)
                    target.Properties.Add(new PSNoteProperty(name, entry.Value));
                else if (target.Methods[name] is { } method)
                    method.Invoke(entry.Value);
                else
                    RefuseMember(name);
            }
            catch (SetValueException failure)
            {
                ThrowTerminatingError(new ErrorRecord(
                    new Exception("The value supplied is not valid, or the property is read-only. Change the value, and then try again.", failure),
                    "SetValueException", ErrorCategory.InvalidData, targetObject: null));
            }
        }
    }

    private void RefuseMember(string name) => ThrowTerminatingError(new ErrorRecord(
        new InvalidOperationException($"The member \"{name}\" was not found for the specified .NET object."),
        "InvalidOperationException", ErrorCategory.InvalidOperation, targetObject: null));
}
