using System.Management.Automation.Host;

namespace Allspark.Host.Console;

/// <summary>The host object (<c>$Host</c>) of console runs; scripts see the name and version that pwsh gives.</summary>
internal sealed class EmbeddedHost(bool nonInteractive) : PSHost
{
    public override string Name => "ConsoleHost";

    public override Version Version => PSVersionInfo.PSVersion;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override PSHostUserInterface UI => Interface;

    public override CultureInfo CurrentCulture => CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.CurrentUICulture;

    public override PSObject PrivateData { get; } = PSObject.AsPSObject(new ConsoleColors());

    public ConsoleInterface Interface { get; } = new(nonInteractive);

    /// <summary>The exit code that the script asked for with <c>exit</c>, or null.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>Runs a prompt inside the prompt until <see cref="ExitNestedPrompt"/>; set by the prompt.</summary>
    public Action? NestedPrompt { get; set; }

    /// <summary>How many nested prompts are to end.</summary>
    public int PendingExits { get; set; }

    public override void SetShouldExit(int exitCode) => ExitCode = exitCode;

    public override void EnterNestedPrompt()
    {
        if (NestedPrompt is null)
            throw new PSNotSupportedException("A nested prompt needs an interactive session.");
        NestedPrompt();
    }

    public override void ExitNestedPrompt() => PendingExits++;

    public override void NotifyBeginApplication() => Interface.ClearProgress();

    public override void NotifyEndApplication()
    {
    }
}

/// <summary>The console's colours as <c>$Host.PrivateData</c> names them.</summary>
public sealed class ConsoleColors
{
    public ConsoleColor FormatAccentColor { get; set; } = ConsoleColor.Green;

    public ConsoleColor ErrorAccentColor { get; set; } = ConsoleColor.Cyan;

    public ConsoleColor ErrorForegroundColor { get; set; } = ConsoleColor.Red;

    public ConsoleColor ErrorBackgroundColor { get; set; } = ConsoleColor.Black;

    public ConsoleColor WarningForegroundColor { get; set; } = ConsoleColor.Yellow;

    public ConsoleColor WarningBackgroundColor { get; set; } = ConsoleColor.Black;

    public ConsoleColor DebugForegroundColor { get; set; } = ConsoleColor.Yellow;

    public ConsoleColor DebugBackgroundColor { get; set; } = ConsoleColor.Black;

    public ConsoleColor VerboseForegroundColor { get; set; } = ConsoleColor.Yellow;

    public ConsoleColor VerboseBackgroundColor { get; set; } = ConsoleColor.Black;

    public ConsoleColor ProgressForegroundColor { get; set; } = ConsoleColor.Black;

    public ConsoleColor ProgressBackgroundColor { get; set; } = ConsoleColor.Yellow;
}
