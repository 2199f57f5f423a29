using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Benchmarks;

// In this process: the benchmarks then need no build of their own, and measure the very assemblies that were built.
var config = ManualConfig.Create(DefaultConfig.Instance)
    .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).AsMutator())
    .AddDiagnoser(MemoryDiagnoser.Default)
    .HideColumns(Column.Error, Column.RatioSD)
    .WithArtifactsPath(Path.Combine(Repository.Root, "artifacts", "benchmarks"));
BenchmarkSwitcher.FromAssembly(typeof(Repository).Assembly).Run(args, config);
