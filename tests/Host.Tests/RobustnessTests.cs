using System.Text;

namespace Host.Tests;

/// <summary>Scripts that are too deep, too long or endless end in an error record, never in a crash.</summary>
public sealed class RobustnessTests
{
    private const int Depth = 1000;

    public static TheoryData<string, string> Nested { get; } = new()
    {
        { $"$x = {Repeat("(")}1{Repeat(")")}; 'ok'", "ok\n" },
        { $"$x = {Repeat("@(")}1{Repeat(")")}; 'ok'", "ok\n" },
        { $"{Repeat("if (1) {")}'ok'{Repeat("}")}", "ok\n" },
        { $"{Repeat("& {")}'ok'{Repeat("}")}", "ok\n" },
        { $"\"{Repeat("$(")}'ok'{Repeat(")")}\"", "ok\n" },
        { $"{Repeat("try {")}'ok'{Repeat("} finally { }")}", "ok\n" },
        { $"{Repeat("1 + ")}1", $"{Depth + 1}\n" },
        { $"function f($n) {{ if ($n) {{ f ($n - 1) }} else {{ 'ok' }} }}; f {Depth}", "ok\n" },
    };

    [Theory]
    [MemberData(nameof(Nested))]
    public async Task A_thousand_levels_run(string script, string expected)
    {
        var result = await HostProcess.RunScript(script);
        Assert.Equal(expected, result.Output);
        Assert.Equal(0, result.ExitCode);
    }

    [Theory]
    [InlineData("(", "1", ")", 100_000, "too complex")]
    [InlineData("-not ", "1", "", 100_000, "operators")]
    [InlineData("1 + ", "1", "", 100_000, "operators")]
    public async Task Too_many_levels_are_an_error(string open, string core, string close, int levels, string reason)
    {
        var script = string.Concat(Enumerable.Repeat(open, levels)) + core + string.Concat(Enumerable.Repeat(close, levels));
        var result = await HostProcess.RunScript(script);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(reason, result.Errors, StringComparison.Ordinal);
    }

    // A getter that fails gives null in PowerShell, so a property that reads itself does.
    [Theory]
    [InlineData("function f { f }; try { f } catch { $_.FullyQualifiedErrorId }", "CallDepthOverflow\n")]
    [InlineData("$b = { & $b }; try { & $b } catch { $_.FullyQualifiedErrorId }", "CallDepthOverflow\n")]
    [InlineData("function deep { 1 | ForEach-Object { foreach ($x in 1) { deep } } }; try { deep } catch { $_.FullyQualifiedErrorId }",
        "CallDepthOverflow,Microsoft.PowerShell.Commands.ForEachObjectCommand\n")]
    [InlineData("class A { [int] F() { return $this.F() } }; try { [A]::new().F() } catch { $_.FullyQualifiedErrorId }",
        "CallDepthOverflow\n")]
    [InlineData("$o = [pscustomobject]@{} | Add-Member ScriptMethod M { $this.M() } -PassThru; try { $o.M() } catch { 'ended' }",
        "ended\n")]
    [InlineData("$o = [pscustomobject]@{} | Add-Member ScriptProperty P { $this.P } -PassThru; $null -eq $o.P", "True\n")]
    [InlineData("[Func[int, int]] $d = { param($n) $d.Invoke($n) }; try { $d.Invoke(1) } catch { 'ended' }", "ended\n")]
    [InlineData("Import-Module Pester; $a = @(1, 2); $a[0] = $a; try { ,$a | Should -BeNullOrEmpty } catch { $_.FullyQualifiedErrorId }",
        "CallDepthOverflow\n")]
    [InlineData("1 | ForEach-Object -Parallel { function f { f }; try { f } catch { $_.FullyQualifiedErrorId } }",
        "CallDepthOverflow\n")]
    public async Task Runaway_recursion_is_an_error_record(string script, string expected)
    {
        var result = await HostProcess.RunScript(script, limit: TimeSpan.FromMinutes(5));
        Assert.Equal(expected, result.Output);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public async Task Runaway_methods_in_a_parallel_block_end_the_program_in_order()
    {
        var result = await HostProcess.RunScript("""
            1 | ForEach-Object -Parallel { class A { [int] F() { return $this.F() } }; [A]::new().F() }
            'not reached'
            """);
        Assert.Equal(1, result.ExitCode);
        Assert.Equal("", result.Output);
        Assert.StartsWith("The script failed due to call depth overflow.\nAt line:1", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_leaves_a_thousand_nested_methods()
    {
        var result = await HostProcess.RunScript("""
            class A { [int] F([int] $n) { if ($n -eq 0) { throw 'deep' }; return $this.F($n - 1) } }
            try { [A]::new().F(900) } catch { "$_" }
            'after'
            """);
        Assert.Equal("deep\nafter\n", result.Output);
    }

    [Fact]
    public async Task Ten_megabytes_of_script_run()
    {
        const int lines = 100_000;
        var script = new StringBuilder("$t = 0\n");
        for (var i = 0; i < lines; i++)
            script.Append("$t += 1 # ").Append('x', 95).Append('\n');
        script.Append("$t\n");
        Assert.True(script.Length > 10_000_000);
        Assert.Equal($"{lines}\n", (await HostProcess.RunScript(script.ToString(), limit: TimeSpan.FromMinutes(5))).Output);
    }

    private static string Repeat(string part) => string.Concat(Enumerable.Repeat(part, Depth));
}
