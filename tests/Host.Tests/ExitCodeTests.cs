namespace Host.Tests;

/// <summary>What the process ends with, and what it makes of its command line.</summary>
public sealed class ExitCodeTests
{
    [Theory]
    [InlineData("'x'", 0)]
    [InlineData("exit 7", 7)]
    [InlineData("exit", 0)]
    [InlineData("function f { exit 4 }; f; 'not reached'", 4)]
    [InlineData("throw 'x'", 1)]
    [InlineData("$ErrorActionPreference = 'Stop'; Get-Item /no/such/path; exit 5", 1)]
    [InlineData("Get-Item /no/such/path", 0)]
    [InlineData("if (", 1)]
    [InlineData("/bin/sh -c 'exit 3'", 0)]
    [InlineData("/bin/sh -c 'exit 3'; exit $LASTEXITCODE", 3)]
    [InlineData("try { throw 'x' } catch { exit 9 }", 9)]
    public async Task A_script_file_ends_with(string script, int expected) =>
        Assert.Equal(expected, (await HostProcess.RunScript(script)).ExitCode);

    [Theory]
    [InlineData("'x'", 0)]
    [InlineData("exit 7", 7)]
    [InlineData("throw 'x'", 1)]
    [InlineData("Get-Item /no/such/path", 1)]
    [InlineData("Get-Item /no/such/path; 'x'", 0)]
    [InlineData("/bin/sh -c 'exit 3'", 1)]
    [InlineData("if (", 1)]
    public async Task A_command_ends_with(string command, int expected) =>
        Assert.Equal(expected, (await HostProcess.RunCommand(command)).ExitCode);

    [Fact]
    public async Task Script_arguments_bind_as_on_a_command_line()
    {
        const string script = "param([string] $Name, [int] $Count = 1, [switch] $On, [switch] $Off)\n\"$Name|$Count|$On|$Off|$args\"";
        var named = await HostProcess.RunScript(script, ["-Count", "3", "first", "-On", "-Off:$false", "-Name:given", "left"]);
        Assert.Equal("given|3|True|False|first left\n", named.Output);
        var plain = await HostProcess.RunScript(script, ["-On:TRUE", "-Off:false", "x", "2", "-"]);
        Assert.Equal("x|2|True|False|-\n", plain.Output);
        var positional = await HostProcess.RunScript(script, ["a b", "2"]);
        Assert.Equal("a b|2|False|False|\n", positional.Output);
    }

    [Fact]
    public async Task A_script_file_runs_in_the_global_scope() =>
        Assert.Equal("5\n", (await HostProcess.RunScript("$script:x = 5; $global:x")).Output);

    [Fact]
    public async Task A_missing_script_is_a_bad_command_line()
    {
        using var folder = new TemporaryFolder();
        var result = await HostProcess.Run(["nowhere.ps1"], folder.Path);
        Assert.Equal(64, result.ExitCode);
        Assert.Contains("'nowhere.ps1' is not recognized as the name of a script file", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Records_go_to_output_and_errors_to_error()
    {
        var result = await HostProcess.RunScript("""
            $VerbosePreference = $DebugPreference = $InformationPreference = 'Continue'
            Write-Warning w; Write-Verbose v; Write-Debug d; Write-Information i; Write-Host h; Write-Error e
            """);
        Assert.Equal("WARNING: w\nVERBOSE: v\nDEBUG: d\ni\nh\n", result.Output);
        Assert.Equal("Write-Error: e", result.Errors.Trim());
    }

    [Fact]
    public async Task Standard_input_feeds_the_pipeline_or_is_the_script()
    {
        Assert.Equal("<a>\n<b>\n", (await HostProcess.RunCommand("$input | ForEach-Object { \"<$_>\" }", "a\nb\n")).Output);
        using var folder = new TemporaryFolder();
        var piped = await HostProcess.Run(["-NoProfile", "-Command", "-"], folder.Path, "function f {\n'in f'\n}\nf\n$x = 2\n$x + 1\nexit 6\n");
        Assert.Equal("in f\n3\n", piped.Output);
        Assert.Equal(6, piped.ExitCode);
    }

    [Fact]
    public async Task Native_output_streams()
    {
        const string script = "/bin/sh -c 'echo one; sleep 1; echo two' | ForEach-Object { \"$_ $([int]$watch.Elapsed.TotalSeconds)\" }";
        var result = await HostProcess.RunScript("$watch = [Diagnostics.Stopwatch]::StartNew()\n" + script);
        Assert.Equal("one 0\ntwo 1\n", result.Output);
    }
}
