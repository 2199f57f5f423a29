using System.Globalization;
using System.Management.Automation.Host;
using System.Reflection;

namespace Allspark.Host.Console;

/// <summary>The host object (<c>$Host</c>) of console runs; scripts see the name and version that pwsh gives.</summary>
internal sealed class EmbeddedHost : PSHost
{
    private readonly ConsoleInterface ui = new();

    public override string Name => "ConsoleHost";

    public override Version Version { get; } = typeof(PSHost).Assembly.GetName().Version ?? new Version(7, 6);

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override PSHostUserInterface UI => ui;

    public override CultureInfo CurrentCulture { get; } = CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture { get; } = CultureInfo.CurrentUICulture;

    /// <summary>The exit code that the script asked for with <c>exit</c>, or null.</summary>
    public int? ExitCode { get; private set; }

    public override void SetShouldExit(int exitCode) => ExitCode = exitCode;

    public override void EnterNestedPrompt() => throw new NotSupportedException();

    public override void ExitNestedPrompt() => throw new NotSupportedException();

    public override void NotifyBeginApplication() => System.Console.Out.Flush();

    public override void NotifyEndApplication()
    {
    }
}
