namespace Allspark.Host.Pester.Assertions;

/// <summary><c>Should -Invoke</c> under its former name.</summary>
[Cmdlet(VerbsLifecycle.Assert, "MockCalled")]
public sealed class AssertMockCalledCommand : ShouldCommand
{
    protected override void BeginProcessing() => MyInvocation.BoundParameters[nameof(Invoke)] = true;
}

/// <summary><c>Should -InvokeVerifiable</c> under its former name.</summary>
[Cmdlet(VerbsLifecycle.Assert, "VerifiableMock")]
public sealed class AssertVerifiableMockCommand : ShouldCommand
{
    protected override void BeginProcessing() => MyInvocation.BoundParameters[nameof(InvokeVerifiable)] = true;
}
