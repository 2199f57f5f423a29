namespace Host.Tests;

/// <summary>The prompt, driven by keys on a pseudo-terminal.</summary>
public sealed class PromptTests : IDisposable
{
    private const string Prompt = "> ";
    private const string CtrlA = "\u0001";
    private const string CtrlC = "\u0003";
    private const string CtrlD = "\u0004";
    private const string CtrlE = "\u0005";
    private const string CtrlG = "\u0007";
    private const string CtrlK = "\u000b";
    private const string CtrlR = "\u0012";
    private const string CtrlU = "\u0015";
    private const string CtrlW = "\u0017";
    private const string CtrlY = "\u0019";
    private const string Escape = "\e\e";
    private const string Up = "\e[A";
    private const string Down = "\e[B";
    private const string Left = "\e[D";
    private const string Home = "\e[H";
    private const string Delete = "\e[3~";
    private const string Backspace = "\u007f";
    private const string ShiftTab = "\e[Z";

    private readonly TemporaryFolder home = new();

    public void Dispose() => home.Dispose();

    [Fact]
    public async Task Commands_run_and_exit_ends_the_session()
    {
        using var terminal = await Start();
        await Enter(terminal, "'a' + 'b'", "ab");
        await Enter(terminal, "Get-Item nowhere", "Get-Item:");
        await Enter(terminal, "\"$?\" + '!'", "False!");
        terminal.Type("exit 5\r");
        Assert.Equal(5, await terminal.Exit());
    }

    [Theory]
    [InlineData("function f {\r'in' + 'side'\r}\rf\r", "inside")]
    [InlineData("@'\rfirst\rsecond\r'@.Length\r", "12")]
    [InlineData("'pas' +\n'ted'\n", "pasted")]
    [InlineData("1..2 |\rForEach-Object { \"<$_>\" }\r", "<1>\r\n<2>")]
    public async Task A_command_goes_on_until_it_is_whole(string keys, string shown)
    {
        using var terminal = await Start();
        terminal.Type(keys);
        await terminal.Expect("\n" + shown + "\r\n");
        await End(terminal);
    }

    [Theory]
    [InlineData("2'" + CtrlA + "'1-" + CtrlE + "+'3'", "1-23")]
    [InlineData("'no'" + CtrlU + "'yes'", "yes")]
    [InlineData("'no'" + Escape + "'yes'", "yes")]
    [InlineData("'x' + 'y z'" + CtrlW + CtrlW + "'yz'", "xyz")]
    [InlineData("'abc'.Length" + Home + CtrlK + CtrlY + "+1", "4")]
    [InlineData("'axb'" + Left + Left + Backspace, "ab")]
    [InlineData("'axb'" + Left + Left + Left + Delete, "ab")]
    [InlineData("'äöü'.ToUpper()", "ÄÖÜ")]
    [InlineData("'0123456789012345678901234567890123456789'+'0123456789012345678901234567890123456789'.Length" + CtrlA + "'<'+", "<0123456789012345678901234567890123456789")]
    public async Task Keys_edit_the_line(string keys, string shown)
    {
        using var terminal = await Start();
        await Enter(terminal, keys, shown);
        await End(terminal);
    }

    [Fact]
    public async Task Tab_completes_commands_parameters_paths_and_members()
    {
        await File.WriteAllTextAsync(home.File("some file.txt"), "content of it");
        using var terminal = await Start();
        await Enter(terminal, "Get-Conte\t ./some\t -Tot\t 1", "content of it");
        await Enter(terminal, "'abc'.ToUppe\t)", "ABC");
        await Enter(terminal, "$longName = 'kept'", "");
        await Enter(terminal, "\"$longN\t\"", "kept");
        await End(terminal);
    }

    [Fact]
    public async Task Tab_goes_through_what_a_completer_offers_and_back()
    {
        using var terminal = await Start();
        await Enter(terminal, "function show($Preset) { \"<$Preset>\" }", "");
        await Enter(terminal, "Register-ArgumentCompleter -CommandName show -ParameterName Preset -ScriptBlock { 'first', 'second', 'third' }", "");
        await Enter(terminal, "show \t", "<first>");
        await Enter(terminal, "show \t\t", "<second>");
        await Enter(terminal, "show \t\t\t\t", "<first>");
        await Enter(terminal, "show \t" + ShiftTab, "<third>");
        await End(terminal);
    }

    [Fact]
    public async Task Ctrl_C_drops_the_line()
    {
        using var terminal = await Start();
        terminal.Type("'typed'" + CtrlC);
        await terminal.Expect("^C");
        await Enter(terminal, "'after' + 'wards'", "afterwards");
        await End(terminal);
    }

    [Theory]
    [InlineData("while ($true) { }")]
    [InlineData("Start-Sleep 100")]
    [InlineData("1..1e9 | ForEach-Object { $_ } | Out-Null")]
    [InlineData("sleep 100")]
    public async Task Ctrl_C_stops_what_runs_and_brings_the_prompt_back(string command)
    {
        using var terminal = await Start();
        await Enter(terminal, $"'go' + 'ing'; {command}", "going");
        await Task.Delay(300);
        terminal.Type(CtrlC);
        await terminal.Expect(Prompt);
        await Enter(terminal, "'still' + 'here'", "stillhere");
        await End(terminal);
    }

    [Fact]
    public async Task Ctrl_C_leaves_the_prompt_that_follows_a_command()
    {
        using var terminal = await Start("-NoExit", "-Command", "'first'");
        await Enter(terminal, "'go' + 'ing'; Start-Sleep 100", "going");
        await Task.Delay(300);
        terminal.Type(CtrlC);
        await terminal.Expect(Prompt);
        // Longer than a script is given to come to its end.
        await Task.Delay(2000);
        await Enter(terminal, "'still' + 'here'", "stillhere");
        await End(terminal);
    }

    [Theory]
    [InlineData("Read-Host Name", "Name: ")]
    [InlineData("Read-Host Secret -AsSecureString", "Secret: ")]
    [InlineData("Remove-Variable HOME -Confirm", "[Y] Yes")]
    [InlineData("Write-Output", "InputObject: ")]
    [InlineData("'key'; $null = $Host.UI.RawUI.ReadKey('IncludeKeyDown')", "key")]
    public async Task Ctrl_C_leaves_a_question(string command, string question)
    {
        using var terminal = await Start();
        terminal.Type(command + "; 'not' + 'reached'\r");
        await terminal.Expect("\n");
        await terminal.Expect(question);
        terminal.Type("x" + CtrlC);
        await terminal.Expect(Prompt);
        await Enter(terminal, "'still' + 'here'", "stillhere");
        await End(terminal);
    }

    [Fact]
    public async Task Answers_are_edited()
    {
        using var terminal = await Start();
        await Enter(terminal, "Read-Host Name", "Name: ");
        terminal.Type("Adä" + Backspace + "a\r");
        await terminal.Expect("\nAda\r");
        await Enter(terminal, "Read-Host Secret -MaskInput", "Secret: ");
        terminal.Type("abx" + Backspace + "c\r");
        await terminal.Expect("***\b \b*");
        await terminal.Expect("\nabc");
        await End(terminal);
    }

    [Fact]
    public async Task Ctrl_R_searches_the_history()
    {
        using var terminal = await Start();
        await Enter(terminal, "'one' + 'first'", "onefirst");
        await Enter(terminal, "'one' + 'second'", "onesecond");
        await Enter(terminal, "'other'", "other");
        await Enter(terminal, CtrlR + "ONE" + CtrlR, "onefirst");
        await Enter(terminal, "'kept'" + CtrlR + "fir" + CtrlG, "kept");
        await Enter(terminal, CtrlR + "secx" + Backspace + CtrlE + " + '!'", "onesecond!");
        await End(terminal);
    }

    [Fact]
    public async Task History_goes_on_in_the_next_session()
    {
        using (var first = await Start())
        {
            await Enter(first, "'from ' + 'before'", "from before");
            await Enter(first, "if ($true) {\r'two ' + 'lines' }", "two lines");
            await End(first);
        }
        using var second = await Start();
        await Enter(second, Up + Up, "two lines");
        await Enter(second, "'draft' " + Up + Up + Up + Down + Down + Down + "+ 'ed'", "drafted");
        await Enter(second, Up + Up + Up + Up + Up, "from before");
        await Enter(second, "(Get-History).Count", "3");
        await End(second);
    }

    [Fact]
    public async Task A_prompt_begins_a_row_of_its_own()
    {
        using var terminal = await Start();
        await Enter(terminal, "function prompt { 'ready> ' }", "");
        await Enter(terminal, "Write-Host -NoNewline un", "un" + new string(' ', 80) + "\r\e[Jready> ");
        terminal.Type("exit\r");
        Assert.Equal(0, await terminal.Exit());
    }

    [Fact]
    public async Task Questions_are_answered_at_the_terminal()
    {
        using var terminal = await Start();
        await Enter(terminal, "$name = Read-Host 'Your name'; \"hello $name\"", "Your name:");
        terminal.Type("Ada\r");
        await terminal.Expect("\nhello Ada");
        await End(terminal);
    }

    [Fact]
    public async Task Ctrl_D_ends_the_session()
    {
        using var terminal = await Start();
        terminal.Type(CtrlD);
        Assert.Equal(0, await terminal.Exit());
    }

    private async Task<TerminalSession> Start(params string[] arguments)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The pseudo-terminal is made by Linux's calls.");
        var terminal = new TerminalSession(home.Path, arguments);
        await terminal.Expect(Prompt);
        return terminal;
    }

    private static async Task Enter(TerminalSession terminal, string keys, string shown)
    {
        terminal.Type(keys + "\r");
        await terminal.Expect("\n" + shown);
    }

    private static async Task End(TerminalSession terminal)
    {
        terminal.Type("exit\r");
        Assert.Equal(0, await terminal.Exit());
    }
}
