using System.Reflection;

namespace Allspark.HelpGenerator;

/// <summary>A cmdlet class, read without running any of its code: the shell's library at hand here is a mere reference.</summary>
internal sealed record Cmdlet(Type Type, string Verb, string Noun, string? DefaultParameterSet, bool AsksBefore, IReadOnlyList<Parameter> Parameters)
{
    /// <summary>The name of parameters that belong to every set.</summary>
    public const string AllSets = "__AllParameterSets";

    public string Name => $"{Verb}-{Noun}";

    public string Member => $"T:{Type.FullName}";

    public static IReadOnlyList<Cmdlet> In(Assembly assembly) =>
        [.. assembly.GetExportedTypes().Select(From).OfType<Cmdlet>().OrderBy(cmdlet => cmdlet.Name, StringComparer.Ordinal)];

    /// <summary>Names of parameter sets, the default one first; one unnamed where there are none.</summary>
    public IReadOnlyList<string> Sets =>
        Parameters.SelectMany(parameter => parameter.Places).Select(place => place.Set).Where(set => set != AllSets).Distinct(StringComparer.Ordinal)
            .OrderByDescending(set => set == DefaultParameterSet).ToArray() is { Length: > 0 } sets ? sets : [AllSets];

    /// <summary>Cmdlets that this one's description and examples name.</summary>
    public IEnumerable<string> Related(IEnumerable<Cmdlet> cmdlets, DocumentationComments comments)
    {
        var text = string.Join('\n', [
            .. comments.Section(Member, "summary"), .. comments.Section(Member, "remarks"), .. comments.Examples(Member).Select(example => example.Code)]);
        return cmdlets.Select(cmdlet => cmdlet.Name).Where(name => name != Name && text.Contains(name, StringComparison.Ordinal));
    }

    /// <summary>Types that the cmdlet emits.</summary>
    public IEnumerable<Type> Outputs => Attributes(Type, "OutputTypeAttribute")
        .SelectMany(attribute => (IReadOnlyCollection<CustomAttributeTypedArgument>)attribute.ConstructorArguments[0].Value!)
        .Select(argument => (Type)argument.Value!);

    /// <summary>What lacks a comment: the cmdlet's own summary or a parameter's.</summary>
    public IEnumerable<string> Undocumented(DocumentationComments comments)
    {
        if (comments.Section(Member, "summary").Count == 0)
            yield return Name;
        if (!comments.Examples(Member).Any())
            yield return $"{Name} (an example)";
        foreach (var parameter in Parameters.Where(parameter => comments.Section(parameter.Member, "summary").Count == 0))
            yield return $"{Name} -{parameter.Name}";
    }

    internal static IEnumerable<CustomAttributeData> Attributes(MemberInfo member, string name) =>
        member.GetCustomAttributesData().Where(attribute => attribute.AttributeType.Name == name);

    internal static object? Named(CustomAttributeData attribute, string name) =>
        attribute.NamedArguments.Where(argument => argument.MemberName == name).Select(argument => argument.TypedValue.Value).FirstOrDefault();

    private static Cmdlet? From(Type type) => Attributes(type, "CmdletAttribute").FirstOrDefault() is { } attribute
        ? new Cmdlet(
            type,
            (string)attribute.ConstructorArguments[0].Value!,
            (string)attribute.ConstructorArguments[1].Value!,
            (string?)Named(attribute, "DefaultParameterSetName"),
            (bool?)Named(attribute, "SupportsShouldProcess") ?? false,
            [.. type.GetProperties().Where(property => Attributes(property, "ParameterAttribute").Any()).Select(property => new Parameter(property))])
        : null;
}

/// <summary>A parameter's place in one parameter set.</summary>
internal sealed record ParameterPlace(string Set, bool Mandatory, int? Position, bool FromPipeline, bool FromPipelineByName);

/// <summary>A property that is a parameter.</summary>
internal sealed record Parameter(PropertyInfo Property)
{
    public string Name => Property.Name;

    public string Member => $"P:{Property.DeclaringType!.FullName}.{Property.Name}";

    public bool Wildcards => Cmdlet.Attributes(Property, "SupportsWildcardsAttribute").Any();

    public IReadOnlyList<string> Aliases =>
        [.. Cmdlet.Attributes(Property, "AliasAttribute")
            .SelectMany(attribute => (IReadOnlyCollection<CustomAttributeTypedArgument>)attribute.ConstructorArguments[0].Value!)
            .Select(argument => (string)argument.Value!)];

    public IReadOnlyList<ParameterPlace> Places { get; } =
        [.. Cmdlet.Attributes(Property, "ParameterAttribute").Select(attribute => new ParameterPlace(
            (string?)Cmdlet.Named(attribute, "ParameterSetName") ?? Cmdlet.AllSets,
            (bool?)Cmdlet.Named(attribute, "Mandatory") ?? false,
            (int?)Cmdlet.Named(attribute, "Position"),
            (bool?)Cmdlet.Named(attribute, "ValueFromPipeline") ?? false,
            (bool?)Cmdlet.Named(attribute, "ValueFromPipelineByPropertyName") ?? false))];

    public bool IsSwitch => Property.PropertyType.Name == "SwitchParameter";

    /// <summary>The type, as PowerShell names it.</summary>
    public string TypeName => PowerShellName(Property.PropertyType);

    /// <summary>The names that an enumeration allows; none for other types.</summary>
    public IReadOnlyList<string> Values
    {
        get
        {
            var type = Property.PropertyType.IsArray ? Property.PropertyType.GetElementType()! : Property.PropertyType;
            return type.IsEnum ? Enum.GetNames(type) : [];
        }
    }

    public ParameterPlace? In(string set) => Places.FirstOrDefault(place => place.Set == set || place.Set == Cmdlet.AllSets);

    public static string PowerShellName(Type type) =>
        type.IsArray ? PowerShellName(type.GetElementType()!) + "[]"
        : Nullable.GetUnderlyingType(type) is { } inner ? PowerShellName(inner)
        : type.FullName switch
        {
            "System.String" => "string",
            "System.Int32" => "int",
            "System.Int64" => "long",
            "System.Double" => "double",
            "System.Boolean" => "bool",
            "System.Object" => "object",
            _ => type.Name,
        };
}
