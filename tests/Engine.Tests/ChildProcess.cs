using System.Diagnostics;
using System.Runtime.CompilerServices;
using Allspark.Engine.Experiments;
using Engine.Tests.Experiments;

namespace Engine.Tests;

/// <summary>Lets a test run part of itself in a second process, which it may kill: this assembly, started with a role.</summary>
internal static class ChildProcess
{
    private const string Role = "ALLSPARK_TEST_ROLE";
    private const string Argument = "ALLSPARK_TEST_ARGUMENT";

    public static Process Start(string role, string argument)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && !path.EndsWith("dotnet", StringComparison.Ordinal) ? path : "dotnet")
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            Environment = { [Role] = role, [Argument] = argument },
        };
        if (start.FileName == "dotnet")
            start.ArgumentList.Add(typeof(ChildProcess).Assembly.Location);
        return Process.Start(start)!;
    }

    /// <summary>Before any test: in a child, plays the role and leaves.</summary>
    [ModuleInitializer]
    internal static void Play()
    {
        var argument = Environment.GetEnvironmentVariable(Argument) ?? "";
        switch (Environment.GetEnvironmentVariable(Role))
        {
            case "log":
                LogRuns(argument, runs: int.MaxValue, phases: 2000);
                break;
            case "log25":
                LogRuns(argument, runs: 25, phases: 40);
                break;
            default:
                return;
        }

        Environment.Exit(0);
    }

    private static void LogRuns(string path, int runs, int phases)
    {
        using var store = RunStore.Open(path, RunStoreMode.ReadWrite);
        for (var i = 0; i < runs; i++)
        {
            var record = Samples.Record(phases: phases, seed: Environment.ProcessId * 1_000_000L + i);
            Console.Out.WriteLine("begin");
            store.Log(record);
            Console.Out.WriteLine("done");
        }
    }
}
