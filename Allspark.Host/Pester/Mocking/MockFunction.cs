using System.Management.Automation.Language;

namespace Allspark.Host.Pester.Mocking;

/// <summary>The text of the function that takes a mocked command's place, with the command's parameters.</summary>
internal static class MockFunction
{
    /// <summary>Variables of the engine that cannot be set: a parameter of such a name is called <c>_name</c>.</summary>
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "?", "ConsoleFileName", "EnabledExperimentalFeatures", "Error", "ExecutionContext", "false", "HOME", "Host", "IsCoreCLR",
        "IsMacOS", "IsWindows", "PID", "PSCulture", "PSEdition", "PSHOME", "PSUICulture", "PSVersionTable", "ShellId", "true",
    };

    public static string Safe(string name) => Reserved.Contains(name) ? $"_{name}" : name;

    /// <summary>The parameter's own name, given that of the function.</summary>
    public static string Original(string name) => name is ['_', ..] && Reserved.Contains(name[1..]) ? name[1..] : name;

    public static void Rename(CommandMetadata? metadata)
    {
        foreach (var parameter in Named(metadata, Reserved).ToArray())
        {
            metadata!.Parameters.Remove(parameter.Name);
            parameter.Aliases.Add(parameter.Name);
            parameter.Name = Safe(parameter.Name);
            metadata.Parameters.Add(parameter.Name, parameter);
        }
    }

    /// <summary>Takes the types and the checks off the parameters that are to go without.</summary>
    public static void Loosen(CommandMetadata? metadata, string[] untyped, string[] lenient)
    {
        foreach (var parameter in Named(metadata, untyped.ToHashSet(StringComparer.OrdinalIgnoreCase)))
        {
            parameter.ParameterType = typeof(object);
            RemoveAttributes<PSTypeNameAttribute>(parameter);
        }
        foreach (var parameter in Named(metadata, lenient.ToHashSet(StringComparer.OrdinalIgnoreCase)))
            RemoveAttributes<ValidateArgumentsAttribute>(parameter);
    }

    public static string Text(MockHook hook) => $$"""
        {{Head(hook)}}
        begin
        {
            $______mock = [{{typeof(MockInvocation).FullName}}]::new('{{Quoted(hook.Name)}}')
            $______mock.Begin($PSBoundParameters, $ExecutionContext.SessionState.PSVariable.GetValue('local:args'))
        }
        process { & $______mock.Command -Call $______mock -Bound $PSBoundParameters -InputObject @($input) }
        end { & $______mock.Command -Call $______mock -Bound $PSBoundParameters -Original }
        """;

    private static IEnumerable<ParameterMetadata> Named(CommandMetadata? metadata, HashSet<string> names) =>
        metadata?.Parameters.Values.Where(parameter => names.Contains(parameter.Name)) ?? [];

    private static void RemoveAttributes<T>(ParameterMetadata parameter)
    {
        foreach (var attribute in parameter.Attributes.Where(attribute => attribute is T).ToArray())
            parameter.Attributes.Remove(attribute);
    }

    private static string Head(MockHook hook)
    {
        if (hook.Metadata is not { } metadata)
            return "param()";
        foreach (var common in Cmdlet.CommonParameters)
            metadata.Parameters.Remove(common);
        var binding = ProxyCommand.GetCmdletBindingAttribute(metadata);
        var dynamic = "";
        if (hook.Original is CmdletInfo)
        {
            var separator = binding is "[CmdletBinding()]" ? "" : ", ";
            binding = $"{binding[..^2]}{separator}PositionalBinding=$false)]";
            var parameters = $"'{Quoted(hook.Name)}', $ExecutionContext, $PSBoundParameters";
            dynamic = $"dynamicparam {{ [{typeof(MockInvocation).FullName}]::DynamicParameters({parameters}) }}";
        }
        return $"{binding}\nparam({ProxyCommand.GetParamBlock(metadata)})\n{dynamic}";
    }

    private static string Quoted(string text) => CodeGeneration.EscapeSingleQuotedStringContent(text);
}
