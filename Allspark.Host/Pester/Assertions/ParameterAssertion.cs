using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using Allspark.Host.Session;

namespace Allspark.Host.Pester.Assertions;

/// <summary><c>Should -HaveParameter</c>: what a command's parameter is expected to be like.</summary>
internal static class ParameterAssertion
{
    public static string? Explain(Expectation it)
    {
        if (ValueText.Bare(it.Actual) is not CommandInfo command)
        {
            throw new ArgumentException(
                "Input value must be non-null CommandInfo object. You can get one by calling Get-Command.");
        }
        if (command is ApplicationInfo)
            throw new ArgumentException("Input value can not be an ApplicationInfo object.");
        var name = LanguagePrimitives.ConvertTo<string>(it.Expected);
        var found = new Findings(it);
        var place = it.Command.InParameterSet is { Length: > 0 } set ? $" in parameter set {set}" : "";
        found.Filters.Add($"to{(it.Negate ? " not" : "")} have a parameter {name}{place}");
        if (command.Parameters.TryGetValue(name, out var parameter))
            Compare(it, command, parameter, found);
        else if (it.Negate)
            return null;
        else
            found.Buts.Add("the parameter is missing");
        return found.Buts.Count == 0
            ? null
            : $"Expected command {command.Name} {ValueText.List(found.Filters, threshold: 3)},{it.Reason} but "
                + $"{ValueText.List(found.Buts)}.";
    }

    private static void Compare(Expectation it, CommandInfo command, ParameterMetadata parameter, Findings found)
    {
        var should = it.Command;
        var attributes = parameter.Attributes.OfType<ParameterAttribute>();
        var narrowed = should.InParameterSet is { Length: > 0 } || should.Mandatory || should.Type is not null
            || !string.IsNullOrEmpty(should.DefaultValue) || should.HasArgumentCompleter;
        var elsewhere = false;
        if (should.InParameterSet is { Length: > 0 } set)
        {
            attributes = attributes.Where(each => each.ParameterSetName.Equals(set, StringComparison.OrdinalIgnoreCase));
            elsewhere = attributes.Any() == it.Negate;
        }
        if (elsewhere || (it.Negate && !narrowed))
        {
            found.Buts.Add(it.Negate ? "the parameter exists" : "the parameter is missing");
            return;
        }
        var not = it.Negate ? " not" : "";
        if (should.Mandatory)
        {
            var mandatory = attributes.Any(attribute => attribute.Mandatory);
            found.Add(mandatory, $"which is{not} mandatory", "it wasn't mandatory", "it was mandatory");
        }
        if (should.Type is not null)
        {
            var but = $"it was of type [{parameter.ParameterType.FullName}]";
            var wanted = Assertion.TypeNamed(should.Type);
            found.Add(wanted == parameter.ParameterType, $"{it.Not}of type [{wanted.FullName}]", but, but);
        }
        if (should.IsBound(nameof(ShouldCommand.DefaultValue)))
        {
            var (wanted, actual) = (should.DefaultValue ?? "", Default(command, parameter.Name));
            var but = $"the default value was {ValueText.Of(actual)}";
            var same = actual.Equals(wanted, StringComparison.OrdinalIgnoreCase);
            found.Add(same, $"the default value{not} to be {ValueText.Of(wanted)}", but, but);
        }
        if (should.HasArgumentCompleter)
        {
            var completes = parameter.Attributes.OfType<ArgumentCompleterAttribute>().Any()
                || EngineAccess.ArgumentCompleters(Runspace.DefaultRunspace!)?.ContainsKey($"{command.Name}:{parameter.Name}") is true;
            found.Add(completes, "has ArgumentCompletion", "has no ArgumentCompletion", "has ArgumentCompletion");
        }
        if (should.Alias is { Length: > 0 } aliases)
            CompareAliases(it, parameter, aliases, found);
    }

    private static void CompareAliases(Expectation it, ParameterMetadata parameter, string[] aliases, Findings found)
    {
        found.Filters.Add($"with{(it.Negate ? "out" : "")} alias{(aliases.Length > 1 ? "es" : "")} {Quoted(aliases)}");
        var faulty = aliases.Where(alias => parameter.Aliases.Contains(alias, StringComparer.OrdinalIgnoreCase) == it.Negate)
            .ToArray();
        var (has, what) = (it.Negate ? "has" : "didn't have", faulty.Length == 1 ? "an alias" : "the aliases");
        if (faulty.Length > 0)
            found.Buts.Add($"it {has} {what} {Quoted(faulty)}");
    }

    private static string Quoted(IEnumerable<string> names) => ValueText.List([.. names.Select(name => $"'{name}'")]);

    /// <summary>The default as text: the value of a constant, else the expression as written.</summary>
    private static string Default(CommandInfo command, string name)
    {
        var resolved = command is AliasInfo { ResolvedCommand: { } target } ? target : command;
        var ast = resolved switch
        {
            FunctionInfo function => function.ScriptBlock.Ast,
            ExternalScriptInfo script => script.ScriptBlock.Ast,
            _ => throw new ArgumentException("Using -DefaultValue is only supported for functions and scripts."),
        };
        var parameters = ast switch
        {
            FunctionDefinitionAst { Parameters: { } inline } => inline,
            FunctionDefinitionAst definition => definition.Body.ParamBlock?.Parameters,
            ScriptBlockAst script => script.ParamBlock?.Parameters,
            _ => null,
        };
        var value = parameters?.FirstOrDefault(parameter => Is(parameter.Name, name))?.DefaultValue;
        return value switch
        {
            null => "",
            VariableExpressionAst variable when Is(variable, "true") || Is(variable, "false") => variable.VariablePath.UserPath,
            VariableExpressionAst variable when Is(variable, "null") => "",
            StringConstantExpressionAst text => text.Value,
            ExpandableStringExpressionAst text => text.Value,
            ConstantExpressionAst constant => LanguagePrimitives.ConvertTo<string>(constant.Value),
            _ => value.Extent.Text,
        };
    }

    private static bool Is(VariableExpressionAst variable, string name) =>
        variable.VariablePath.UserPath.Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>What is asked of the parameter, and what of that it is not.</summary>
    private sealed class Findings(Expectation it)
    {
        public List<string> Filters { get; } = [];
        public List<string> Buts { get; } = [];

        public void Add(bool holds, string filter, string missing, string present)
        {
            Filters.Add(filter);
            if (holds == it.Negate)
                Buts.Add(it.Negate ? present : missing);
        }
    }
}
