namespace Host.Tests;

/// <summary>Ctrl+C ends a script run at once, with the exit code of an interrupted program.</summary>
public sealed class InterruptTests
{
    private const string Started = "on\n";
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(1.5);

    [Theory]
    [InlineData("'on'; while ($true) { }")]
    [InlineData("'on'; 1..1e9 | ForEach-Object { $_ } | Out-Null")]
    [InlineData("'on'; Start-Sleep 100")]
    [InlineData("'on'; [Threading.Thread]::Sleep(100000)")]
    [InlineData("'on'; 1..4 | ForEach-Object -Parallel { while ($true) { } }")]
    public async Task A_running_script_stops(string script)
    {
        var result = await HostProcess.RunScript(script, interruptAt: Started);
        Assert.Equal("on\n", result.Output);
        Assert.Equal(130, result.ExitCode);
        Assert.True(result.Elapsed < AtOnce, $"took {result.Elapsed}");
    }

    [Fact]
    public async Task Finally_blocks_run()
    {
        var result = await HostProcess.RunScript("'on'; try { while ($true) { } } finally { [Console]::WriteLine('cleaned up') }",
            interruptAt: Started);
        Assert.Equal("on\ncleaned up\n", result.Output);
        Assert.Equal(130, result.ExitCode);
    }

    [Fact]
    public async Task An_endless_pipeline_stops_when_no_more_is_wanted() =>
        Assert.Equal("1\n2\n3\n", (await HostProcess.RunScript(
            "function n { $i = 0; while ($true) { (++$i) } }; n | Select-Object -First 3")).Output);
}
