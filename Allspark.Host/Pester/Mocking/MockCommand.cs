using Allspark.Host.Pester.Assertions;
using Allspark.Host.Pester.Running;

namespace Allspark.Host.Pester.Mocking;

/// <summary>Replaces what a command does until the end of the test or block.</summary>
[Cmdlet(VerbsCommon.Add, "PesterMock")]
[Alias("Mock")]
public sealed class MockCommand : PSCmdlet
{
    [Parameter(Position = 0)]
    public string CommandName { get; set; } = "";

    [Parameter(Position = 1)]
    public ScriptBlock? MockWith { get; set; }

    [Parameter]
    public SwitchParameter Verifiable { get; set; }

    [Parameter(Position = 2)]
    public ScriptBlock? ParameterFilter { get; set; }

    [Parameter(Position = 3)]
    public string? ModuleName { get; set; }

    /// <summary>Parameters that take any value in the mock, whatever their type.</summary>
    [Parameter]
    public string[] RemoveParameterType { get; set; } = [];

    /// <summary>Parameters whose values the mock does not check.</summary>
    [Parameter]
    public string[] RemoveParameterValidation { get; set; } = [];

    protected override void EndProcessing()
    {
        var session = PesterSession.Current ?? throw Failure.Throw("Mock can be used only in a test run.");
        if (session.Discovering)
            return;
        var mocks = session.CurrentNode.Mocks;
        var module = MyInvocation.BoundParameters.ContainsKey(nameof(ModuleName)) ? ModuleName : SessionState.Module?.Name;
        var hook = MockHook.Of(this, CommandName, module, mocks)!;
        mocks.Behaviors.Add(new MockBehavior(hook, MockWith ?? InvokeCommand.NewScriptBlock(""), ParameterFilter, Verifiable));
    }
}
