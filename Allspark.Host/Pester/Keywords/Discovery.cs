using System.Management.Automation.Language;
using Allspark.Host.Pester.Assertions;
using Allspark.Host.Pester.Running;
using Pester;

namespace Allspark.Host.Pester.Keywords;

/// <summary>What the keywords share while the tests are being discovered.</summary>
internal static class Discovery
{
    /// <summary>Runs a block's body where the block is written, with the variables of its data.</summary>
    public static readonly ScriptBlock InScope = PesterScript.Create("""
        param($______body, $______variables)
        foreach ($______current in $______variables.GetEnumerator()) {
            $ExecutionContext.SessionState.PSVariable.Set($______current.Key, $______current.Value)
        }
        . $______body
        """);

    /// <summary>Checks that a block or test may be added here.</summary>
    public static void Enter(PSCmdlet keyword, PesterSession session)
    {
        if (!session.Discovering)
            throw Failure.Throw($"{keyword.MyInvocation.InvocationName} cannot be used inside of a test or a setup.");
        if (session.CurrentBlock is { IsRoot: true } root)
            AddDefaultParameters(keyword, session.CurrentContainer!, root);
    }

    /// <summary>Places a node below the block that is being discovered.</summary>
    public static void Describe(TestNode node, PSCmdlet keyword, string name, ScriptBlock body, string[]? tags, bool skip)
    {
        var parent = (Block)node.Container!;
        node.Name = node.ExpandedName = name;
        node.Path = parent.IsRoot ? [name] : [.. parent.Path, name];
        node.ExpandedPath = string.Join('.', node.Path);
        node.ScriptBlock = body;
        node.StartLine = keyword.MyInvocation.ScriptLineNumber;
        node.Tag = tags ?? [];
        node.Skip = skip;
        node.Scope = ReferenceEquals(parent.Scope!.State.Module, keyword.SessionState.Module)
            ? parent.Scope
            : new RunScope(keyword, PesterSession.Current!.Command);
        parent.Order.Add(node);
    }

    /// <summary>A parameter of the test file that the run gives no value has its default in the tests, too.</summary>
    private static void AddDefaultParameters(PSCmdlet keyword, ContainerInfo container, Block root)
    {
        if (root.ParametersKnown)
            return;
        root.ParametersKnown = true;
        var script = container.Item is FileInfo file
            ? (keyword.InvokeCommand.GetCommand(file.FullName, CommandTypes.ExternalScript) as ExternalScriptInfo)?.ScriptBlock
            : container.Item as ScriptBlock;
        foreach (var parameter in (script?.Ast as ScriptBlockAst)?.ParamBlock?.Parameters ?? Enumerable.Empty<ParameterAst>())
        {
            var name = parameter.Name.VariablePath.UserPath;
            if (!container.Data.ContainsKey(name) && keyword.SessionState.PSVariable.Get(name) is { } variable)
                container.Data[name] = variable.Value;
        }
    }
}

/// <summary>A test file that is started like any script hands itself to <c>Invoke-Pester</c> and ends with that.</summary>
internal static class Interactive
{
    public static void Run(PSCmdlet keyword)
    {
        var file = keyword.MyInvocation.ScriptName;
        if (!Path.IsPathRooted(file))
            throw Failure.Throw("Pester can run only saved files interactively. Please save your file to a disk.");
        var parameters = keyword.SessionState.PSVariable.GetValue("PSBoundParameters");
        var script = keyword.InvokeCommand.NewScriptBlock("""
            $null = Invoke-Pester -Container (New-PesterContainer -Path $args[0] -Data $args[1])
            exit $global:LASTEXITCODE
            """);
        keyword.Call(script, file, parameters);
    }
}
