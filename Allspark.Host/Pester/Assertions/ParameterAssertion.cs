using System.Management.Automation;
using System.Management.Automation.Language;

namespace Allspark.Host.Pester.Assertions;

/// <summary><c>Should -HaveParameter</c>: what a command's parameter is expected to be like.</summary>
internal static class ParameterAssertion
{
    public static string? Explain(Expectation it)
    {
        var command = it.Actual is null ? null : PSObject.AsPSObject(it.Actual).BaseObject as CommandInfo;
        if (command is null)
            throw new ArgumentException("Input value must be non-null CommandInfo object. You can get one by calling Get-Command.");
        if (command is ApplicationInfo)
            throw new ArgumentException("Input value can not be an ApplicationInfo object.");
        var name = LanguagePrimitives.ConvertTo<string>(it.Expected);
        var set = it.Command.InParameterSet;
        var filters = new List<string>
        {
            $"to{(it.Negate ? " not" : "")} have a parameter {name}{(string.IsNullOrEmpty(set) ? "" : $" in parameter set {set}")}",
        };
        var buts = new List<string>();
        if (!command.Parameters.TryGetValue(name, out var parameter))
        {
            if (it.Negate)
                return null;
            buts.Add("the parameter is missing");
        }
        else
            Compare(it, command, parameter, filters, buts);
        return buts.Count == 0
            ? null
            : $"Expected command {command.Name} {ValueText.List(filters, threshold: 3)},{it.Reason} but {ValueText.List(buts)}.";
    }

    private static void Compare(Expectation it, CommandInfo command, ParameterMetadata parameter, List<string> filters, List<string> buts)
    {
        var should = it.Command;
        var attributes = parameter.Attributes.OfType<ParameterAttribute>().ToArray();
        var narrowed = should.InParameterSet is { Length: > 0 } || should.Mandatory || should.Type is not null
            || !string.IsNullOrEmpty(should.DefaultValue) || should.HasArgumentCompleter;
        if (it.Negate && !narrowed && should.Alias is null)
        {
            buts.Add("the parameter exists");
            return;
        }
        if (should.InParameterSet is { Length: > 0 } set)
        {
            attributes = [.. attributes.Where(attribute => attribute.ParameterSetName.Equals(set, StringComparison.OrdinalIgnoreCase))];
            if (attributes.Length > 0 == it.Negate)
            {
                buts.Add(it.Negate ? "the parameter exists" : "the parameter is missing");
                return;
            }
        }
        var not = it.Negate ? "not " : "";
        if (should.Mandatory)
            Expect(attributes.Any(attribute => attribute.Mandatory), $"which is{(it.Negate ? " not" : "")} mandatory", "it wasn't mandatory", "it was mandatory");
        if (should.Type is not null)
        {
            var (wanted, actual) = (Assertion.TypeNamed(should.Type), parameter.ParameterType);
            Expect(wanted == actual, $"{not}of type [{wanted.FullName}]", $"it was of type [{actual.FullName}]", $"it was of type [{wanted.FullName}]");
        }
        if (should.IsBound(nameof(ShouldCommand.DefaultValue)))
        {
            var actual = Default(command, parameter.Name);
            var but = $"the default value was {ValueText.Of(actual)}";
            Expect(string.Equals(actual, should.DefaultValue ?? "", StringComparison.OrdinalIgnoreCase),
                $"the default value{(it.Negate ? " not" : "")} to be {ValueText.Of(should.DefaultValue ?? "")}", but, but);
        }
        if (should.HasArgumentCompleter)
        {
            Expect(parameter.Attributes.OfType<ArgumentCompleterAttribute>().Any(), "has ArgumentCompletion", "has no ArgumentCompletion",
                "has ArgumentCompletion");
        }
        if (should.Alias is { Length: > 0 } aliases)
            CompareAliases(aliases);

        void Expect(bool holds, string filter, string missing, string present)
        {
            filters.Add(filter);
            if (holds == it.Negate)
                buts.Add(it.Negate ? present : missing);
        }

        void CompareAliases(string[] wanted)
        {
            filters.Add($"with{(it.Negate ? "out" : "")} alias{(wanted.Length > 1 ? "es" : "")} {Quoted(wanted)}");
            var faulty = wanted.Where(alias => parameter.Aliases.Contains(alias, StringComparer.OrdinalIgnoreCase) == it.Negate).ToArray();
            if (faulty.Length > 0)
                buts.Add($"it {(it.Negate ? "has" : "didn't have")} {(faulty.Length == 1 ? "an alias" : "the aliases")} {Quoted(faulty)}");
        }
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
        var value = parameters?.FirstOrDefault(parameter => parameter.Name.VariablePath.UserPath.Equals(name, StringComparison.OrdinalIgnoreCase))?
            .DefaultValue;
        return value switch
        {
            null => "",
            VariableExpressionAst { VariablePath.UserPath: var variable } when variable.ToUpperInvariant() is "TRUE" or "FALSE" => variable,
            VariableExpressionAst { VariablePath.UserPath: var variable } when variable.ToUpperInvariant() is "NULL" => "",
            StringConstantExpressionAst text => text.Value,
            ExpandableStringExpressionAst text => text.Value,
            ConstantExpressionAst constant => LanguagePrimitives.ConvertTo<string>(constant.Value),
            _ => value.Extent.Text,
        };
    }
}
