using System.Diagnostics;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Engines;

namespace Benchmarks;

/// <summary>What a user of the command line waits for, the start of the process included.</summary>
[SimpleJob(RunStrategy.Monitoring, launchCount: 1, warmupCount: 1, iterationCount: 5)]
public class ShellBenchmarks
{
    /// <summary>The command that is run.</summary>
    [ParamsSource(nameof(Commands))]
    public string Command { get; set; } = "";

    /// <summary>Start to first output; a loop and a pipeline of the shell's own; the module's first answer.</summary>
    public static IEnumerable<string> Commands =>
    [
        "1",
        "for ($i = 0; $i -lt 1e6; $i++) { $s += $i }; $s",
        "(1..1e5 | ForEach-Object { $_ * 2 } | Measure-Object -Sum).Sum",
        "(Get-DnnModel swin_b).Macs",
    ];

    /// <summary>Runs the command to its end.</summary>
    [Benchmark]
    public string Run()
    {
        var start = new ProcessStartInfo(Path.Combine(Repository.Root, "allspark"), ["-Command", Command])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 && output.Length > 0 ? output : throw new InvalidOperationException($"'{Command}' failed.");
    }
}
