using System.Diagnostics;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Host.Tests;

/// <summary>The prompt on a pseudo-terminal of 24 rows and 80 columns: keys go in, what the terminal shows comes out.</summary>
internal sealed class TerminalSession : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly FileStream terminal;
    private readonly int process;
    private readonly StringBuilder shown = new();
    private int seen;
    private int? exitCode;

    /// <param name="home">The home folder, for the history file, and the current one.</param>
    /// <param name="arguments">Arguments of the host.</param>
    public TerminalSession(string home, params string[] arguments)
    {
        var environment = Environment.GetEnvironmentVariables();
        environment["HOME"] = home;
        environment["TERM"] = "xterm";
        environment["NO_COLOR"] = "1";
        environment["LC_ALL"] = "C.UTF-8";
        foreach (var name in new[] { "XDG_DATA_HOME", "COLUMNS", "LINES" })
            environment.Remove(name);
        (var master, process) = PseudoTerminal.Start([HostProcess.Executable, "-NoProfile", .. arguments], environment, home);
        terminal = new FileStream(new SafeFileHandle(master, ownsHandle: true), FileAccess.ReadWrite, bufferSize: 0);
        new Thread(Read) { IsBackground = true }.Start();
    }

    public void Type(string keys) => terminal.Write(Encoding.UTF8.GetBytes(keys));

    /// <summary>Waits until the terminal shows a text after what was expected before.</summary>
    public async Task Expect(string text)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Patience)
        {
            lock (shown)
            {
                var at = shown.ToString(seen, shown.Length - seen).IndexOf(text, StringComparison.Ordinal);
                if (at >= 0)
                {
                    seen += at + text.Length;
                    return;
                }
            }
            await Task.Delay(20);
        }
        lock (shown)
            Assert.Fail($"'{text}' was not shown in time; after the last match came: {shown.ToString(seen, shown.Length - seen)}");
    }

    /// <summary>The exit code of the host, which has to end by itself.</summary>
    public async Task<int> Exit()
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Patience)
        {
            if ((exitCode ??= PseudoTerminal.ExitCode(process)) is { } code)
                return code;
            await Task.Delay(20);
        }
        lock (shown)
            Assert.Fail($"The host did not end in time; after the last match came: {shown.ToString(seen, shown.Length - seen)}");
        return -1;
    }

    public void Dispose()
    {
        if (exitCode is null && PseudoTerminal.ExitCode(process) is null)
            PseudoTerminal.Kill(process);
        terminal.Dispose();
    }

    private void Read()
    {
        var bytes = new byte[4096];
        var text = new char[4096];
        var decoder = Encoding.UTF8.GetDecoder();
        try
        {
            while (terminal.Read(bytes) is var count and > 0)
            {
                var length = decoder.GetChars(bytes, 0, count, text, 0);
                lock (shown)
                    shown.Append(text, 0, length);
            }
        }
        catch (Exception end) when (end is IOException or ObjectDisposedException)
        {
            // That is how the end of the last process on the terminal is told.
        }
    }
}
