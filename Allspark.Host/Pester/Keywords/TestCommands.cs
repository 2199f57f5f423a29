using Allspark.Host.Pester.Assertions;
using Allspark.Host.Pester.Running;
using Allspark.Host.Session;
using Pester;

namespace Allspark.Host.Pester.Keywords;

/// <summary>Adds a test to the block that is being discovered.</summary>
[Cmdlet(VerbsCommon.Add, "PesterTest")]
[Alias("It")]
public sealed class ItCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0)]
    public string Name { get; set; } = "";

    [Parameter(Position = 1)]
    public ScriptBlock? Test { get; set; }

    /// <summary>Makes a test of each item; the item is <c>$_</c> in it and the keys of a dictionary are variables.</summary>
    [Parameter]
    [Alias("TestCases")]
    public object[]? ForEach { get; set; }

    [Parameter]
    public string[] Tag { get; set; } = [];

    [Parameter]
    public SwitchParameter Skip { get; set; }

    protected override void EndProcessing()
    {
        var body = Test ?? throw Failure.Throw(Name.Contains('\n', StringComparison.Ordinal)
            ? "Test name has multiple lines and no test scriptblock is provided. Did you provide the test name?"
            : "No test scriptblock is provided. Did you put the opening curly brace on the next line?");
        if (PesterSession.Current is not { } session)
        {
            Interactive.Run(this);
            return;
        }
        if (session.CurrentBlock is { IsRoot: true })
            throw Failure.Throw("Test cannot be directly in the root.");
        Discovery.Enter(this, session);
        if (!MyInvocation.BoundParameters.ContainsKey(nameof(ForEach)))
        {
            Add(session, body, data: null, groupId: null);
            return;
        }
        foreach (var data in ForEach ?? [])
            Add(session, body, data, $"{MyInvocation.ScriptLineNumber}:{MyInvocation.OffsetInLine}");
    }

    private void Add(PesterSession session, ScriptBlock body, object? data, string? groupId)
    {
        var test = new Test { Block = session.CurrentBlock, Data = data, GroupId = groupId };
        Discovery.Describe(test, this, Name, body, Tag, Skip);
        session.CurrentBlock!.Tests.Add(test);
    }
}

/// <summary>Remembers a script block that is to run before or after tests; ignored in the run phase.</summary>
public abstract class SetupCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0)]
    public ScriptBlock? Scriptblock { get; set; }

    protected override void EndProcessing()
    {
        if (PesterSession.Current is { Discovering: true, CurrentBlock: { } block })
            Remember(block, Scriptblock!);
    }

    private protected abstract void Remember(Block block, ScriptBlock script);
}

[Cmdlet(VerbsCommon.Add, "PesterBeforeAll")]
[Alias("BeforeAll")]
public sealed class BeforeAllCommand : SetupCommand
{
    private protected override void Remember(Block block, ScriptBlock script) => block.OneTimeTestSetup = script;
}

[Cmdlet(VerbsCommon.Add, "PesterBeforeEach")]
[Alias("BeforeEach")]
public sealed class BeforeEachCommand : SetupCommand
{
    private protected override void Remember(Block block, ScriptBlock script) => block.EachTestSetup = script;
}

[Cmdlet(VerbsCommon.Add, "PesterAfterEach")]
[Alias("AfterEach")]
public sealed class AfterEachCommand : SetupCommand
{
    private protected override void Remember(Block block, ScriptBlock script) => block.EachTestTeardown = script;
}

[Cmdlet(VerbsCommon.Add, "PesterAfterAll")]
[Alias("AfterAll")]
public sealed class AfterAllCommand : SetupCommand
{
    private protected override void Remember(Block block, ScriptBlock script) => block.OneTimeTestTeardown = script;
}

/// <summary>Runs a script block where it is written, while the tests are being discovered.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "PesterBeforeDiscovery")]
[Alias("BeforeDiscovery")]
public sealed class BeforeDiscoveryCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0)]
    public ScriptBlock? ScriptBlock { get; set; }

    protected override void EndProcessing()
    {
        if (PesterSession.Current is not { } session)
        {
            Interactive.Run(this);
            return;
        }
        Discovery.Enter(this, session);
        WriteObject(this.Dot(ScriptBlock!), enumerateCollection: true);
    }
}

/// <summary>Ends a test with a result of its own.</summary>
[Cmdlet(VerbsCommon.Set, "ItResult")]
public sealed class SetItResultCommand : PSCmdlet
{
    [Parameter(ParameterSetName = "Inconclusive")]
    public SwitchParameter Inconclusive { get; set; }

    [Parameter(ParameterSetName = "Skipped")]
    public SwitchParameter Skipped { get; set; }

    [Parameter(ParameterSetName = "Pending")]
    public SwitchParameter Pending { get; set; }

    [Parameter]
    public string? Because { get; set; }

    protected override void EndProcessing()
    {
        var reason = Reason.Clause(Because);
        var result = Inconclusive ? "inconclusive" : Pending ? "pending" : "skipped";
        var message = reason.Length > 0 ? $"is {result},{reason[..^1]}" : $"is {result}";
        throw Failure.Of(this, Inconclusive ? Outcome.InconclusiveId : Outcome.SkippedId, message);
    }
}

/// <summary>Runs a script block inside a script module, where it sees what the module does not export.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "InModuleScope")]
[Alias("InModuleScope")]
public sealed class InModuleScopeCommand : PSCmdlet
{
    private static readonly ScriptBlock Inside = PesterScript.Create("""
        param($private:______body, $private:______parameters, $private:______arguments)
        foreach ($private:______current in $private:______parameters.GetEnumerator()) {
            $ExecutionContext.SessionState.PSVariable.Set($private:______current.Key, $private:______current.Value)
        }
        & $private:______body @private:______arguments @private:______parameters
        """);

    [Parameter(Mandatory = true, Position = 0)]
    public string ModuleName { get; set; } = "";

    [Parameter(Mandatory = true, Position = 1)]
    public ScriptBlock? ScriptBlock { get; set; }

    [Parameter(Position = 2)]
    public System.Collections.Hashtable Parameters { get; set; } = [];

    [Parameter(Position = 3)]
    public object[] ArgumentList { get; set; } = [];

    protected override void EndProcessing()
    {
        var module = Modules.Find(this, ModuleName, ModuleType.Script);
        var inside = EngineAccess.Bind(Inside, module.SessionState);
        var body = EngineAccess.Bind(ScriptBlock!, module.SessionState);
        WriteObject(this.Call(inside, body, Parameters, ArgumentList), enumerateCollection: true);
    }
}

/// <summary>Finds the loaded module that a test reaches into.</summary>
internal static class Modules
{
    private static readonly ScriptBlock Loaded = PesterScript.Create("Get-Module -Name $args[0] -All");

    public static PSModuleInfo Find(PSCmdlet command, string name, params ModuleType[] types)
    {
        var loaded = command.Call(Loaded, name).Select(module => (PSModuleInfo)module.BaseObject).ToArray();
        if (loaded.Length == 0)
            throw Failure.Throw($"No modules named '{name}' are currently loaded.");
        return loaded.Where(module => types.Contains(module.ModuleType)).ToArray() switch
        {
            [var only] => only,
            [] => throw Failure.Throw($"Module '{name}' is not a Script module.  Detected modules of the following types: "
                + $"'{string.Join(", ", loaded.Select(module => module.ModuleType).Distinct())}'"),
            _ => throw Failure.Throw($"Multiple script modules named '{name}' are currently loaded.  Make sure to remove any "
                + "extra copies of the module from your session before testing."),
        };
    }
}
