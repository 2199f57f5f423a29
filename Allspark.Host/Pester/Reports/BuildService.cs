using Pester;

namespace Allspark.Host.Pester.Reports;

/// <summary>A build service that reads its log for errors: Azure DevOps or GitHub Actions.</summary>
internal sealed class BuildService(bool azure, string level)
{
    /// <summary>The service that the settings name or, with <c>Auto</c>, the one whose variable is set.</summary>
    public static BuildService? Of(OutputConfiguration output)
    {
        var name = output.CIFormat.Value.ToUpperInvariant();
        bool Named(string service, string variable) =>
            name == service || (name is "AUTO" && "True".Equals(Environment.GetEnvironmentVariable(variable), StringComparison.OrdinalIgnoreCase));
        var level = output.CILogLevel.Value.Equals("Warning", StringComparison.OrdinalIgnoreCase) ? "warning" : "error";
        return Named("AZUREDEVOPS", "TF_BUILD") ? new BuildService(azure: true, level)
            : Named("GITHUBACTIONS", "GITHUB_ACTIONS") ? new BuildService(azure: false, level)
            : null;
    }

    public IEnumerable<string> Failure(string header, IEnumerable<string> lines) => azure
        ? [$"##vso[task.logissue type={level}] {header}", .. lines.Select(line => $"##[{level}] {line}")]
        : [$"::{level}::{header.TrimStart()}", "::group::Message", .. lines.Select(line => line.TrimStart()), "::endgroup::"];
}
