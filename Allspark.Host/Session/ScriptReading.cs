using System.Management.Automation.Language;

namespace Allspark.Host.Session;

/// <summary>A script as the parser sees it before it runs: its tree (none when the parser gave up), errors and refused uses.</summary>
internal sealed record ScriptReading(ScriptBlockAst? Tree, ParseError[] Errors, List<Refusal> Refusals)
{
    private const int ShortText = 16 << 10;
    private const int StackPerCharacter = 256;
    private const int LargestStack = 1 << 30;

    /// <summary>True while only more text can make the input a command.</summary>
    public bool IsIncomplete => Array.Exists(Errors, error => error.IncompleteInput);

    /// <summary>
    /// Reads a script. The parser checks its own recursion but not that of its passes over the tree, whose depth a long chain of
    /// operators makes as large as the text, so a long text is read on a stack to match.
    /// </summary>
    public static ScriptReading Of(string text, string? path = null)
    {
        if (text.Length <= ShortText)
            return Read(text, path);
        ScriptReading? reading = null;
        var stack = (int)Math.Min((long)text.Length * StackPerCharacter, LargestStack);
        var reader = new Thread(() => reading = Read(text, path), stack);
        reader.Start();
        reader.Join();
        return reading!;
    }

    private static ScriptReading Read(string text, string? path)
    {
        var tree = Parser.ParseInput(text, path, out var tokens, out var errors);
        return new ScriptReading(tree, errors, Session.Refusals.Find(tree, tokens));
    }
}
