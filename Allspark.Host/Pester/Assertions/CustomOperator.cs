using System.Collections.ObjectModel;
using System.Management.Automation.Language;
using System.Reflection;
using Allspark.Host.Pester.Running;

namespace Allspark.Host.Pester.Assertions;

/// <summary>An operator of <c>Should</c> that is a script block; it answers whether the expectation holds and what to say if not.</summary>
internal sealed record CustomOperator(string Name, ScriptBlock Test, string[] Aliases)
{
    private const string First = nameof(ShouldCommand.ExpectedValue);

    /// <summary>What every operator's script block gets by itself.</summary>
    private static readonly string[] Given = ["ActualValue", "Negate", "CallerSessionState"];

    private static readonly ScriptBlock Call = PesterScript.Create("""
        param($______test, $______parameters)
        & $______test @______parameters
        """);

    /// <summary>The parameters that <c>Should</c> has anyway, by their names and aliases.</summary>
    private static readonly Dictionary<string, string> Shared = typeof(ShouldCommand).GetProperties()
        .Where(property => property.IsDefined(typeof(ParameterAttribute)))
        .SelectMany(property => (property.GetCustomAttribute<AliasAttribute>()?.AliasNames ?? []).Prepend(property.Name)
            .Select(name => (name, property.Name)))
        .Concat(ShouldCommand.FirstNames.AliasNames.Append(First).Select(name => (name, First)))
        .ToDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.OrdinalIgnoreCase);

    private string[] Names { get; } =
        [.. Declared(Test).Select(parameter => parameter.Name.VariablePath.UserPath).Except(Given, StringComparer.OrdinalIgnoreCase)];

    /// <summary>A switch for each operator that scripts added, and what their script blocks take.</summary>
    public static RuntimeDefinedParameterDictionary Parameters()
    {
        var parameters = new RuntimeDefinedParameterDictionary();
        foreach (var added in Assertion.All.Values.Select(assertion => assertion.Custom).OfType<CustomOperator>())
        {
            parameters[added.Name] = Parameter(added.Name, typeof(SwitchParameter), added.Aliases);
            foreach (var name in added.Names.Where(name => !Shared.ContainsKey(name)))
                parameters.TryAdd(name, Parameter(name, added.IsSwitch(name) ? typeof(SwitchParameter) : typeof(object)));
        }
        return parameters;
    }

    public string? Explain(Expectation it)
    {
        var results = it.Command.Call(Call, Test, Arguments(it));
        var result = results.FirstOrDefault(candidate => Member(candidate, "Succeeded") is not null);
        if (!LanguagePrimitives.IsTrue(Member(result, "Succeeded")))
            return LanguagePrimitives.ConvertTo<string>(Member(result, "FailureMessage"));
        if (Member(result, "Data") is { } data)
            it.Command.WriteObject(data);
        return null;
    }

    /// <summary>A property of the answer, or its entry if it is a table.</summary>
    private static object? Member(PSObject? answer, string name) =>
        answer?.BaseObject is IDictionary table ? table[name] : answer?.Properties[name]?.Value;

    /// <summary>Arguments by name, and the others in the order of the parameters.</summary>
    private Hashtable Arguments(Expectation it)
    {
        var bound = it.Command.MyInvocation.BoundParameters;
        var arguments = new Hashtable(StringComparer.OrdinalIgnoreCase)
        {
            ["ActualValue"] = it.Actual,
            ["Negate"] = new SwitchParameter(it.Negate),
            ["CallerSessionState"] = it.Command.SessionState,
        };
        var taken = Names.ToLookup(name => bound.ContainsKey(Shared.GetValueOrDefault(name, name)));
        foreach (var name in taken[true])
            arguments[name] = bound[Shared.GetValueOrDefault(name, name)];
        var named = taken[true].Any(name => Shared.GetValueOrDefault(name) is First);
        object?[] rest = named || !it.Command.IsBound(First) ? it.Command.Rest : [it.Expected, .. it.Command.Rest];
        foreach (var (name, value) in taken[false].Zip(rest))
            arguments[name] = value;
        return arguments;
    }

    private bool IsSwitch(string name) => Declared(Test)
        .Any(parameter => parameter.Name.VariablePath.UserPath == name && parameter.StaticType == typeof(SwitchParameter));

    private static ReadOnlyCollection<ParameterAst> Declared(ScriptBlock test) => test.Ast switch
    {
        FunctionDefinitionAst { Parameters: { } inline } => inline,
        FunctionDefinitionAst { Body.ParamBlock.Parameters: { } inBody } => inBody,
        ScriptBlockAst { ParamBlock.Parameters: { } declared } => declared,
        _ => ReadOnlyCollection<ParameterAst>.Empty,
    };

    private static RuntimeDefinedParameter Parameter(string name, Type type, params string[] aliases)
    {
        var attributes = new Collection<Attribute> { new ParameterAttribute() };
        if (aliases.Length > 0)
            attributes.Add(new AliasAttribute(aliases));
        return new RuntimeDefinedParameter(name, type, attributes);
    }
}

/// <summary>Adds an operator to <c>Should</c>. The same one may be added again.</summary>
[Cmdlet(VerbsCommon.Add, "ShouldOperator")]
[Alias("Add-AssertionOperator")]
public sealed class AddShouldOperatorCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0)]
    public string Name { get; set; } = "";

    [Parameter(Mandatory = true, Position = 1)]
    public ScriptBlock? Test { get; set; }

    [Parameter(Position = 2)]
    [ValidateNotNull]
    [AllowEmptyCollection]
    public string[] Alias { get; set; } = [];

    [Parameter(Position = 3)]
    public string? InternalName { get; set; }

    [Parameter]
    public SwitchParameter SupportsArrayInput { get; set; }

    protected override void EndProcessing()
    {
        if (Assertion.All.GetValueOrDefault(Name) is { Custom: { } same } known && $"{same.Test}" == $"{Test}"
            && known.TakesAll == SupportsArrayInput && same.Aliases.SequenceEqual(Alias, StringComparer.OrdinalIgnoreCase))
            return;
        foreach (var name in Alias.Prepend(Name))
            Check(name);
        var added = new CustomOperator(Name, Test!, Alias);
        Assertion.Add(Name, new Assertion(added.Explain, SupportsArrayInput) { Arguments = [], Custom = added });
    }

    private static void Check(string name)
    {
        if (name.Length == 0 || name.Any(char.IsWhiteSpace))
            throw Failure.Throw($"Assertion name '{name}' is invalid, assertion name must be a single word.");
        if (Assertion.All.ContainsKey(name))
            throw Failure.Throw($"Assertion operator name '{name}' has been added multiple times.");
        var owner = Assertion.All.Keys.FirstOrDefault(each => GetShouldOperatorCommand.Aliases(each)
            .Contains(name, StringComparer.OrdinalIgnoreCase));
        if (owner is not null)
            throw Failure.Throw($"Assertion operator name '{name}' already exists as an alias for operator '{owner}'");
    }
}

/// <summary>Lists the operators of <c>Should</c>.</summary>
[Cmdlet(VerbsCommon.Get, "ShouldOperator")]
[Alias("Get-AssertionOperator")]
public sealed class GetShouldOperatorCommand : PSCmdlet
{
    protected override void EndProcessing()
    {
        foreach (var name in Assertion.All.Keys)
        {
            var entry = new PSObject();
            entry.Properties.Add(new PSNoteProperty("Name", name));
            entry.Properties.Add(new PSNoteProperty("Alias", string.Join(", ", Aliases(name))));
            WriteObject(entry);
        }
    }

    internal static string[] Aliases(string name) => Assertion.All[name].Custom?.Aliases
        ?? typeof(ShouldCommand).GetProperty(name, BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            ?.GetCustomAttribute<AliasAttribute>()?.AliasNames.ToArray() ?? [];
}
