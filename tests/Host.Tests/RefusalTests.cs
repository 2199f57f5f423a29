namespace Host.Tests;

/// <summary>What the host does not carry is refused before a script runs, with the place.</summary>
public sealed class RefusalTests
{
    [Theory]
    [InlineData("'ran'\nif ($false) { Get-CimInstance x }", ":2:15: 'Get-CimInstance'")]
    [InlineData("'ran'\nEnter-PSSession far", ":2:1: 'Enter-PSSession'")]
    [InlineData("'ran'; icm -Comp far { 1 }", ":1:12: 'icm -ComputerName'")]
    [InlineData("'ran'; Invoke-WebRequest http://localhost", ":1:8: 'Invoke-WebRequest'")]
    [InlineData("'ran'; Microsoft.PowerShell.Core\\New-PSSession", ":1:8: 'New-PSSession'")]
    [InlineData("'ran'\nconfiguration c { node n { } }", ":2:1: 'configuration'")]
    [InlineData("'ran'; Get-ChildItem HKLM:\\Software", ":1:22: 'HKLM:'")]
    [InlineData("'ran'; Set-Location 'Cert:\\CurrentUser'", ":1:21: 'Cert:'")]
    [InlineData("'ran'; Test-Json '{}' -Schema '{}'", ":1:23: 'Test-Json -Schema'")]
    [InlineData("'ran'; New-Fixture", ":1:8: 'New-Fixture'")]
    [InlineData("'ran'; pwsh -NoProfile { 1 }", ":1:24: 'pwsh { … }'")]
    [InlineData("'ran'; Register-ScheduledJob x { }", ":1:8: 'Register-ScheduledJob'")]
    public async Task A_script_is_refused_before_it_runs(string script, string expected)
    {
        var result = await HostProcess.RunScript(script);
        Assert.Equal("", result.Output);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("case.ps1" + expected + " is not supported by the embedded host; run this script with pwsh 7.6", result.Errors,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(". ./other.ps1", "other.ps1:2:1: 'Get-Service'")]
    [InlineData("Import-Module ./other.psm1; Use-It", "'Get-Service'")]
    [InlineData("& ('Get-' + 'Service')", "'Get-Service'")]
    public async Task What_reading_the_script_cannot_see_is_refused_when_it_is_looked_up(string use, string expected)
    {
        var files = "Set-Content other.ps1 \"'ran'`nGet-Service\"; Set-Content other.psm1 'function Use-It { Get-Service }'; ";
        var result = await HostProcess.RunScript($"Set-Location $PSScriptRoot; {files}{use}\n'ran on'");
        Assert.Equal("", result.Output);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(expected + " is not supported by the embedded host; run this script with pwsh 7.6", result.Errors,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("function Get-CimInstance { 'mine' }; Get-CimInstance", "mine\n")]
    [InlineData("class P { [int] $X = 2; [int] Twice() { return 2 * $this.X } }; [P]::new().Twice()", "4\n")]
    [InlineData("Invoke-Command -ScriptBlock { param($a) $a } -ArgumentList 3", "3\n")]
    [InlineData("Test-Path HKLM:\\Software", "False\n")]
    public async Task What_only_looks_alike_runs(string script, string expected) =>
        Assert.Equal(expected, (await HostProcess.RunScript(script)).Output);
}
