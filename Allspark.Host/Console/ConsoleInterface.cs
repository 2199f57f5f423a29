using System.Management.Automation.Host;
using Allspark.Host.Session;

namespace Allspark.Host.Console;

/// <summary>
/// Text to and from the console. Errors go to standard error, everything else that a script shows to standard output. Escape
/// sequences are kept only where a terminal will read them.
/// </summary>
internal sealed partial class ConsoleInterface : PSHostUserInterface, IHostUISupportsMultipleChoiceSelection
{
    private const string Reset = "\e[0m";

    private readonly Lock writing = new();
    private readonly bool nonInteractive;
    private readonly bool outputIsTerminal = !System.Console.IsOutputRedirected;
    private readonly bool errorIsTerminal = !System.Console.IsErrorRedirected;
    private readonly ProgressLine? progress;

    public ConsoleInterface(bool nonInteractive)
    {
        this.nonInteractive = nonInteractive;
        RawUI = new ConsoleRawInterface(Keyboard);
        var terminal = Environment.GetEnvironmentVariable("TERM");
        SupportsVirtualTerminal = !string.Equals(terminal, "dumb", StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 } || terminal is "xterm-mono" or "xtermm")
            PSStyle.Instance.OutputRendering = OutputRendering.PlainText;
        if (outputIsTerminal && SupportsVirtualTerminal)
            progress = new ProgressLine();
    }

    /// <summary>Where answers come from.</summary>
    public Keyboard Keyboard { get; } = new();

    public override PSHostRawUserInterface RawUI { get; }

    public override bool SupportsVirtualTerminal { get; }

    public override void Write(string value) => Put(value, newLine: false);

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        Put(Coloured(foregroundColor, backgroundColor, value), newLine: false);

    public override void WriteLine() => Put("", newLine: true);

    public override void WriteLine(string value) => Put(value, newLine: true);

    public override void WriteLine(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        Put(Coloured(foregroundColor, backgroundColor, value), newLine: true);

    public override void WriteErrorLine(string value)
    {
        if (string.IsNullOrEmpty(value))
            return;
        lock (writing)
        {
            progress?.Clear();
            System.Console.Error.WriteLine(errorIsTerminal && SupportsVirtualTerminal ? GetOutputString(value, true) : Plain(value));
        }
    }

    public override void WriteDebugLine(string message) => PutMessage(FormatStyle.Debug, "DEBUG: ", message);

    public override void WriteVerboseLine(string message) => PutMessage(FormatStyle.Verbose, "VERBOSE: ", message);

    public override void WriteWarningLine(string message) => PutMessage(FormatStyle.Warning, "WARNING: ", message);

    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
        if (progress is null)
            return;
        lock (writing)
            progress.Show(sourceId, record, RawUI.WindowSize.Width);
    }

    /// <summary>Shows why a script is refused; false when there is no reason.</summary>
    public bool Report(List<Refusal> refusals)
    {
        foreach (var refusal in refusals)
            WriteErrorLine(refusal.ToString());
        return refusals.Count > 0;
    }

    /// <summary>Takes the progress line off the terminal, before other output and after each pipeline.</summary>
    public void ClearProgress()
    {
        if (progress is null)
            return;
        lock (writing)
            progress.Clear();
    }

    private void PutMessage(FormatStyle style, string label, string message)
    {
        var start = outputIsTerminal && SupportsVirtualTerminal ? GetFormatStyleString(style) : "";
        Put(start.Length == 0 ? label + message : start + label + message + Reset, newLine: true);
    }

    private void Put(string? value, bool newLine)
    {
        value ??= "";
        if (value.Contains('\e'))
            value = outputIsTerminal || PSStyle.Instance.OutputRendering == OutputRendering.Ansi
                ? GetOutputString(value, SupportsVirtualTerminal)
                : Plain(value);
        lock (writing)
        {
            progress?.Clear();
            if (newLine)
                System.Console.Out.WriteLine(value);
            else
                System.Console.Out.Write(value);
        }
    }

    private string Coloured(ConsoleColor foreground, ConsoleColor background, string value)
    {
        if (!outputIsTerminal || !SupportsVirtualTerminal || PSStyle.Instance.OutputRendering == OutputRendering.PlainText)
            return value;
        var start = (Enum.IsDefined(foreground) ? PSStyle.MapForegroundColorToEscapeSequence(foreground) : "")
            + (Enum.IsDefined(background) && background != RawUI.BackgroundColor
                ? PSStyle.MapBackgroundColorToEscapeSequence(background)
                : "");
        return start + value + Reset;
    }

    private static string Plain(string value) => GetOutputString(value, supportsVirtualTerminal: false);
}
