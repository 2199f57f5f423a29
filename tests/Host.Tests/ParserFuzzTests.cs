using System.Management.Automation;
using System.Text;
using Allspark.Host.Session;
using Host.Tests.Conformance;

namespace Host.Tests;

/// <summary>What reads a script before it runs (the parser and the search for refused commands) takes any text.</summary>
public sealed class ParserFuzzTests
{
    private const int Seed = 20260;
    private const int RandomTexts = 2000;
    private const int Mutations = 4000;

    private static readonly string[] Fragments =
    [
        "{", "}", "(", ")", "@(", "@{", "$(", "${", "\"", "'", "@\"\n", "\n\"@", "@'\n", "\n'@", "|", "&&", "||", "`", "\n", "\r", "\0",
        "param(", "function ", "class ", "enum ", "configuration ", "using namespace ", "-not ", "-split ", "[", "]", "::", "..", "?.",
        "??=", "<#", "#>", "#requires -", "2>&1", "*>", "switch ", "trap ", "try ", "begin", "\ud800", "\u2028", "%", "&", "$_", "$",
    ];

    [Fact]
    public void Random_bytes_are_read()
    {
        var random = new Random(Seed);
        for (var i = 0; i < RandomTexts; i++)
        {
            var bytes = new byte[random.Next(1, 400)];
            random.NextBytes(bytes);
            Read(i % 2 == 0 ? Encoding.UTF8.GetString(bytes) : Encoding.Latin1.GetString(bytes));
        }
    }

    [Fact]
    public void Mutated_scripts_are_read()
    {
        var random = new Random(Seed);
        var scripts = ConformanceCase.LoadAll().Select(item => item.Script).ToArray();
        for (var i = 0; i < Mutations; i++)
            Read(Mutate(scripts[random.Next(scripts.Length)], random));
    }

    private static string Mutate(string script, Random random)
    {
        var text = new StringBuilder(script);
        for (var edits = random.Next(1, 8); edits > 0 && text.Length > 0; edits--)
        {
            var at = random.Next(text.Length);
            switch (random.Next(4))
            {
                case 0:
                    text.Remove(at, random.Next(1, Math.Min(20, text.Length - at) + 1));
                    break;
                case 1:
                    text.Insert(at, Fragments[random.Next(Fragments.Length)]);
                    break;
                case 2:
                    text[at] = (char)random.Next(char.MaxValue);
                    break;
                default:
                    text.Insert(at, text.ToString(at, random.Next(1, Math.Min(40, text.Length - at) + 1)));
                    break;
            }
        }
        return text.ToString();
    }

    /// <summary>Anything but a parse error fails the test, with the text that did it.</summary>
    private static void Read(string text)
    {
        try
        {
            _ = ScriptReading.Of(text);
        }
        catch (Exception failure) when (failure is not ParseException)
        {
            Assert.Fail($"{failure}\nin the text {Convert.ToBase64String(Encoding.Unicode.GetBytes(text))}");
        }
    }
}
