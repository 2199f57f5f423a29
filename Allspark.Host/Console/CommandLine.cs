using System.Management.Automation.Runspaces;
using System.Text;

namespace Allspark.Host.Console;

internal enum RunMode
{
    Prompt,
    File,
    Command,
    Help,
    Version,

    /// <summary>The far end of <c>Start-Job</c>: the engine talks over standard input and output.</summary>
    JobServer,
}

/// <summary>The command line, read by the rules of <c>pwsh</c> (parameters by unambiguous prefix, the first bare word is a script).</summary>
internal sealed record CommandLine
{
    public RunMode Mode { get; private set; } = RunMode.Prompt;

    /// <summary>Path of the script, or the text of the command (<c>-</c>: read standard input).</summary>
    public string Text { get; private set; } = "";

    public List<CommandParameter> Arguments { get; } = [];

    public bool NonInteractive { get; private set; }

    public bool NoExit { get; private set; }

    /// <summary>True when commands are read in the end, one after another, after the first if there is one.</summary>
    public bool Prompts => Mode == RunMode.Prompt || Text == "-" || NoExit;

    public bool NoLogo { get; private set; }

    public string? WorkingDirectory { get; private set; }

    /// <summary>What is wrong with the command line, or null.</summary>
    public string? Error { get; private set; }

    private static readonly (string Name, string Shortest)[] Known =
    [
        ("command", "c"), ("commandwithargs", "commandwithargs"), ("cwa", "cwa"), ("file", "f"), ("noprofile", "nop"),
        ("noninteractive", "noni"), ("nologo", "nol"), ("noexit", "noe"), ("noprofileloadtime", "noprofileloadtime"),
        ("interactive", "i"), ("login", "l"), ("workingdirectory", "wo"), ("wd", "wd"), ("executionpolicy", "ex"), ("ep", "ep"),
        ("encodedcommand", "e"), ("ec", "ec"), ("inputformat", "inp"), ("if", "if"), ("outputformat", "o"), ("of", "of"),
        ("version", "v"), ("help", "h"), ("?", "?"), ("servermode", "s"),
    ];

    public static CommandLine Parse(string[] args)
    {
        var line = new CommandLine();
        for (var i = 0; i < args.Length && line.Error is null; i++)
        {
            if (args[i].Length == 0 || args[i] == "-" || !IsDash(args[i][0]) && args[i][0] != '/' || File.Exists(args[i]))
            {
                line.TakeFile(args, i);
                break;
            }
            if (line.TakeOption(args, ref i))
                break;
        }
        return line;
    }

    /// <summary>True when the rest of the line belongs to the option.</summary>
    private bool TakeOption(string[] args, ref int i)
    {
        switch (Find(args[i]))
        {
            case "noprofile" or "noprofileloadtime" or "login":
                return false;
            case "interactive":
                NonInteractive = false;
                return false;
            case "noninteractive":
                NonInteractive = true;
                return false;
            case "nologo":
                NoLogo = true;
                return false;
            case "noexit":
                NoExit = true;
                return false;
            case "workingdirectory" or "wd":
                WorkingDirectory = Value(args, ref i);
                return false;
            case "executionpolicy" or "ep":
                Value(args, ref i);
                return false;
            case "inputformat" or "if" or "outputformat" or "of":
                TakeFormat(args, ref i);
                return false;
            case "servermode":
                Mode = RunMode.JobServer;
                return false;
            case "version":
                Mode = RunMode.Version;
                return true;
            case "help" or "?":
                Mode = RunMode.Help;
                return true;
            case "encodedcommand" or "ec":
                TakeEncoded(Value(args, ref i));
                return true;
            case "command":
                TakeCommand(args, i + 1);
                return true;
            case "commandwithargs" or "cwa":
                TakeCommand(args[..Math.Min(i + 2, args.Length)], i + 1);
                TakeArguments(args.AsSpan(Math.Min(i + 2, args.Length)));
                return true;
            case "file":
                TakeFile(args, i + 1);
                return true;
            default:
                Error = $"The argument '{args[i]}' is not recognized as the name of a script file. Check the spelling of the name, " +
                    "or if a path was included, verify that the path is correct and try again.";
                return true;
        }
    }

    private static string? Find(string argument)
    {
        var name = argument.AsSpan(argument.StartsWith("--", StringComparison.Ordinal) ? 2 : 1);
        foreach (var (known, shortest) in Known)
        {
            if (known.AsSpan().StartsWith(name, StringComparison.OrdinalIgnoreCase)
                && name.StartsWith(shortest, StringComparison.OrdinalIgnoreCase))
                return known;
        }
        return null;
    }

    private string? Value(string[] args, ref int i)
    {
        if (i + 1 < args.Length)
            return args[++i];
        Error = $"Cannot process the command because of a missing parameter: '{args[i]}' needs a value.";
        return null;
    }

    // What the engine asks for where a script runs pwsh with a script block.
    private void TakeFormat(string[] args, ref int i)
    {
        if ("xml".Equals(Value(args, ref i), StringComparison.OrdinalIgnoreCase))
            Error = $"Objects as XML ('{args[i - 1]} xml', 'pwsh {{ … }}') are not supported by the embedded host; use pwsh 7.6.";
    }

    private void TakeCommand(string[] args, int from)
    {
        if (from >= args.Length)
        {
            Error = "Cannot process the command because of a missing parameter. A command must follow -Command.";
            return;
        }
        Mode = RunMode.Command;
        Text = string.Join(' ', args, from, args.Length - from);
    }

    private void TakeEncoded(string? base64)
    {
        if (base64 is null)
            return;
        var bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out var count))
        {
            Error = "Cannot process the command because the value specified with -EncodedCommand is not properly encoded. " +
                "The value must be Base64 encoded.";
            return;
        }
        Mode = RunMode.Command;
        Text = Encoding.Unicode.GetString(bytes, 0, count);
    }

    private void TakeFile(string[] args, int from)
    {
        if (from >= args.Length)
        {
            Error = "Cannot process the command because of a missing parameter. A file path must follow -File.";
            return;
        }
        if (args[from] == "-")
        {
            (Mode, Text) = (RunMode.Command, "-");
            return;
        }
        Mode = RunMode.File;
        Text = Path.GetFullPath(args[from].Trim('"'));
        if (!File.Exists(Text))
        {
            Error = $"The argument '{args[from]}' is not recognized as the name of a script file. Check the spelling of the name, " +
                "or if a path was included, verify that the path is correct and try again.";
        }
        TakeArguments(args.AsSpan(from + 1));
    }

    /// <summary>Script arguments: <c>-Name value</c>, <c>-Name:value</c>, <c>-Name: value</c>, <c>-Switch:$true</c>, bare values.</summary>
    private void TakeArguments(ReadOnlySpan<string> args)
    {
        string? pending = null;
        foreach (var argument in args)
        {
            if (pending is not null)
            {
                Arguments.Add(new CommandParameter(pending, argument));
                pending = null;
                continue;
            }
            if (argument.Length < 2 || !IsDash(argument[0]))
            {
                Arguments.Add(new CommandParameter(null, argument));
                continue;
            }
            var colon = argument.IndexOf(':');
            if (colon < 0)
                Arguments.Add(new CommandParameter(argument));
            else if (colon == argument.Length - 1)
                pending = argument.TrimEnd(':');
            else
                Arguments.Add(new CommandParameter(argument[..colon], Literal(argument[(colon + 1)..])));
        }
    }

    private static object Literal(string value) =>
        bool.TryParse(value.AsSpan(value.StartsWith('$') ? 1 : 0), out var truth) ? truth : value;

    private static bool IsDash(char c) => c is '-' or '\u2013' or '\u2014' or '\u2015';
}
