using System.Collections.Concurrent;
using System.Collections.ObjectModel;
using System.Management.Automation.Language;
using System.Text.RegularExpressions;
using Allspark.Host.Session;

namespace Allspark.Host.Pester.Running;

/// <summary>
/// The session state a block or test was written in, and the ways to run script there: in a scope of its own, or dot-sourced
/// into the scope that is open. A scope is a script block that calls back, so that scopes nest as the blocks do.
/// </summary>
internal sealed partial class RunScope(PSCmdlet keyword, PSCmdlet runner)
{
    private static readonly ScriptBlock Opener = PesterScript.Create("$args[0].Invoke()");
    private static readonly ScriptBlock ScriptOpener = PesterScript.Create("& $args[0] $args[1]");
    private static readonly ScriptBlock SplatInto = PesterScript.Create("$______splat = $args[1]; . $args[0] @______splat");
    private static readonly ScriptBlock SplatOver = PesterScript.Create("$______splat = $args[1]; & $args[0] @______splat");
    private static readonly ScriptBlock LoadFile = PesterScript.Create("param($private:p, $private:d) . $private:p @d");
    private static readonly ConcurrentDictionary<string, ScriptBlock> Templates = new(StringComparer.Ordinal);

    private readonly ScriptBlock _opener = EngineAccess.Bind(Opener, keyword.SessionState);
    private readonly ScriptBlock _scriptOpener = EngineAccess.Bind(ScriptOpener, keyword.SessionState);

    public SessionState State { get; } = keyword.SessionState;

    /// <summary>Runs <paramref name="body"/> with a new scope open; what it does there vanishes with the scope.</summary>
    public void Open(Action body) => runner.Call(_opener, body);

    /// <summary>Runs <paramref name="body"/> as a script file does: with a script scope of its own.</summary>
    public void OpenScript(string file, Action body) => runner.Call(_scriptOpener, file, body);

    /// <summary>Dot-sources a script block into the open scope, with the data its parameters name.</summary>
    public Collection<PSObject> Dot(ScriptBlock script, object? data) =>
        Arguments(script, data) is { Count: > 0 } named
            ? runner.Dot(SplatInto, script, named)
            : runner.Dot(script);

    /// <summary>Runs a script block in a child of the open scope, with the data its parameters name.</summary>
    public Collection<PSObject> Call(ScriptBlock script, object? data) =>
        Arguments(script, data) is { Count: > 0 } named
            ? runner.Call(SplatOver, script, named)
            : runner.Call(script);

    /// <summary>Dot-sources a script file into a child of the open scope, with its parameters.</summary>
    public void CallFile(string path, IDictionary parameters) => runner.Call(LoadFile, path, parameters);

    /// <summary>Makes data visible in the open scope: itself as <c>$_</c>, and each key of a dictionary.</summary>
    public void Define(object? data)
    {
        if (data is null)
            return;
        State.PSVariable.Set("_", data);
        foreach (var (name, value) in Entries(data))
        {
            if (name is not "_")
                State.PSVariable.Set(name, value);
        }
    }

    /// <summary>Fills in the <c>&lt;templates&gt;</c> of a name from the variables of the open scope.</summary>
    public string Expand(string name)
    {
        if (!name.Contains('<', StringComparison.Ordinal))
            return name;
        return string.Concat(runner.Call(Templates.GetOrAdd(name, Parse)));
    }

    /// <summary>Turns <c>&lt;name.part&gt;</c> into a subexpression of an expandable string.</summary>
    private static ScriptBlock Parse(string name)
    {
        var plain = name.Replace("$", "`$", StringComparison.Ordinal).Replace("\"", "`\"", StringComparison.Ordinal);
        return PesterScript.Create($"\"{Template().Replace(plain, "$$($$${expression})")}\"");
    }

    public static IEnumerable<(string Name, object? Value)> Entries(object? data)
    {
        if ((data is PSObject wrapped ? wrapped.BaseObject : data) is not IDictionary dictionary)
            yield break;
        foreach (DictionaryEntry entry in dictionary)
            yield return ($"{entry.Key}", entry.Value);
    }

    private static Hashtable Arguments(ScriptBlock script, object? data)
    {
        var named = new Hashtable(StringComparer.OrdinalIgnoreCase);
        if (data is null || script.Ast is not ScriptBlockAst { ParamBlock: { } parameters })
            return named;
        foreach (var (name, value) in Entries(data))
        {
            if (parameters.Parameters.Select(parameter => parameter.Name.VariablePath.UserPath)
                .Contains(name, StringComparer.OrdinalIgnoreCase))
                named[name] = value;
        }
        return named;
    }

    /// <summary>A template is not empty, and a backtick before the bracket makes it plain text.</summary>
    [GeneratedRegex("(?<!`)<(?<expression>[^>^`]+)>", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Template();
}
