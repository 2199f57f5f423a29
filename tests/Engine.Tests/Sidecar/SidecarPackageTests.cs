using System.Text.Json;
using Allspark.Engine.Sidecar;
using Xunit;

namespace Engine.Tests.Sidecar;

public sealed class SidecarPackageTests
{
    private static JsonElement Read(string file) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(SidecarFolder.Find()!, file))).RootElement;

    [Fact]
    public void VersionsAreExactAndLocked()
    {
        var locked = Read("package-lock.json").GetProperty("packages");
        foreach (var dependency in Read("package.json").GetProperty("dependencies").EnumerateObject())
        {
            Assert.Matches(@"^\d+\.\d+\.\d+$", dependency.Value.GetString());
            Assert.Equal(dependency.Value.GetString(), locked.GetProperty("node_modules/" + dependency.Name).GetProperty("version").GetString());
        }
    }

    [Fact]
    public void TheLockHasEveryPackagesHashAndNoRegistrysAddress()
    {
        foreach (var package in Read("package-lock.json").GetProperty("packages").EnumerateObject().Where(package => package.Name.Length > 0))
        {
            Assert.False(package.Value.TryGetProperty("resolved", out _), package.Name);
            Assert.StartsWith("sha512-", package.Value.GetProperty("integrity").GetString(), StringComparison.Ordinal);
        }
    }
}
