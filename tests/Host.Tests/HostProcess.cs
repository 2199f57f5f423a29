using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;

namespace Host.Tests;

/// <summary>What a run of the host left behind.</summary>
internal sealed record HostResult(string Output, string Errors, int ExitCode, TimeSpan Elapsed);

/// <summary>Starts the host as a process of its own, in the settings of the conformance corpus.</summary>
internal static class HostProcess
{
    private const int Sigint = 2;

    // So that what follows what was shown is under way.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.5);

    private static readonly string Folder = Setting("ALLSPARK_HOST_PATH", "HostFolder");

    /// <summary>The folder of the host's sources.</summary>
    public static string Sources { get; } = Setting(variable: null, "HostSources");

    public static string Executable { get; } = Path.Combine(Folder, "Allspark.Host");

    /// <summary>Runs the host to its end; past the time limit it is killed and the test fails.</summary>
    public static async Task<HostResult> Run(IEnumerable<string> arguments, string folder, string? input = null,
        TimeSpan? limit = null, string? interruptAt = null)
    {
        using var process = Start(arguments, folder, interruptAt is not null);
        var clock = Stopwatch.StartNew();
        var shown = new TaskCompletionSource();
        var output = Read(process.StandardOutput, interruptAt, shown);
        var errors = process.StandardError.ReadToEndAsync();
        if (input is not null)
            await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        if (interruptAt is not null)
        {
            await shown.Task;
            await Task.Delay(Pause);
            clock.Restart();
            Assert.Equal(0, Kill(process.Id, Sigint));
        }
        using var patience = new CancellationTokenSource(limit ?? TimeSpan.FromMinutes(2));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"The host did not end in time. Output: {await output} Errors: {await errors}");
        }
        return new HostResult((await output).Replace("\r\n", "\n", StringComparison.Ordinal), await errors, process.ExitCode, clock.Elapsed);
    }

    /// <summary>Runs a script with <c>-File</c> in a folder of its own.</summary>
    public static async Task<HostResult> RunScript(string script, string[]? arguments = null, string? input = null,
        TimeSpan? limit = null, string? interruptAt = null)
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("case.ps1");
        await File.WriteAllTextAsync(file, script);
        return await Run(["-NoProfile", "-NonInteractive", "-File", file, .. arguments ?? []], folder.Path, input, limit, interruptAt);
    }

    /// <summary>Runs a text with <c>-Command</c>.</summary>
    public static async Task<HostResult> RunCommand(string command, string? input = null)
    {
        using var folder = new TemporaryFolder();
        return await Run(["-NoProfile", "-NonInteractive", "-Command", command], folder.Path, input);
    }

    // All of the output; tells when a text has been shown, or when no more comes.
    private static async Task<string> Read(StreamReader output, string? awaited, TaskCompletionSource shown)
    {
        var text = new StringBuilder();
        var buffer = new char[4096];
        while (await output.ReadAsync(buffer) is var count and > 0)
        {
            text.Append(buffer, 0, count);
            if (awaited is not null && text.ToString().Contains(awaited, StringComparison.Ordinal))
                shown.TrySetResult();
        }
        shown.TrySetResult();
        return text.ToString();
    }

    private static Process Start(IEnumerable<string> arguments, string folder, bool interruptible)
    {
        // A shell starts its background jobs with SIGINT ignored, which their children inherit; what is to be interrupted must not.
        var start = interruptible && OperatingSystem.IsLinux()
            ? new ProcessStartInfo("env", ["--default-signal=INT", Executable, .. arguments])
            : new ProcessStartInfo(Executable, arguments);
        start.WorkingDirectory = folder;
        start.UseShellExecute = false;
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        foreach (var name in new[] { "COLUMNS", "LINES", "PSModulePath" })
            start.Environment.Remove(name);
        start.Environment["TERM"] = "dumb";
        start.Environment["NO_COLOR"] = "1";
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["LANG"] = "C.UTF-8";
        start.Environment["TZ"] = "UTC";
        return Process.Start(start)!;
    }

    private static string Setting(string? variable, string metadata) =>
        variable is not null && Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value
            ? value
            : typeof(HostProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == metadata).Value!;

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}

/// <summary>A folder of a test's own, gone afterwards.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("allspark-host-test-");

    public string Path => folder.FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => folder.Delete(recursive: true);
}
