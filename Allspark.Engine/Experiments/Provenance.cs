using System.Reflection;
using System.Runtime.InteropServices;

namespace Allspark.Engine.Experiments;

/// <summary>Where a run was carried out, and by which build.</summary>
/// <param name="EngineVersion">The engine's version.</param>
/// <param name="EngineCommit">The commit that the engine was built from, where the build recorded it.</param>
/// <param name="GitCommit">The commit checked out where the experiment's script ran, where that is in a git repository.</param>
/// <param name="Host">The machine's name.</param>
/// <param name="OperatingSystem">The operating system and its version.</param>
/// <param name="Architecture">The processor's architecture.</param>
/// <param name="Runtime">The .NET runtime and its version.</param>
/// <param name="ProcessorCount">Logical processors.</param>
public sealed record Provenance(
    string EngineVersion,
    string? EngineCommit,
    string? GitCommit,
    string Host,
    string OperatingSystem,
    string Architecture,
    string Runtime,
    int ProcessorCount)
{
    /// <summary>This process, with the repository around a folder.</summary>
    /// <param name="folder">A folder; null for the current one.</param>
    public static Provenance Capture(string? folder = null)
    {
        var version = typeof(Provenance).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
        var plus = version.IndexOf('+', StringComparison.Ordinal);
        return new Provenance(
            plus < 0 ? version : version[..plus],
            plus < 0 ? null : version[(plus + 1)..],
            GitRepository.CommitOf(folder ?? Environment.CurrentDirectory),
            Environment.MachineName,
            RuntimeInformation.OSDescription,
            RuntimeInformation.ProcessArchitecture.ToString(),
            RuntimeInformation.FrameworkDescription,
            Environment.ProcessorCount);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Host}, {OperatingSystem}, {Runtime}";
}
