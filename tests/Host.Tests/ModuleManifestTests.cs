using System.Management.Automation.Language;
using System.Text;
using Allspark.Host.Session;

namespace Host.Tests;

/// <summary>
/// The manifests through which jobs and <c>-Parallel</c> find the host's cmdlets list exactly those that there are.
/// </summary>
public sealed class ModuleManifestTests
{
    [Fact]
    public void Manifests_list_the_cmdlets()
    {
        var modules = HostSession.Cmdlets().Select(cmdlet => cmdlet.Name).GroupBy(HostSession.ModuleOf, StringComparer.Ordinal).ToList();
        var folders = Directory.EnumerateDirectories(Path.Combine(HostProcess.Sources, "Modules"))
            .Where(folder => Directory.GetFiles(folder, "*.psm1").Length == 0).Select(Path.GetFileName);
        Assert.Equal(folders.Order(StringComparer.Ordinal)!, modules.Select(module => module.Key).Order(StringComparer.Ordinal));
        foreach (var module in modules)
        {
            var file = Path.Combine(HostProcess.Sources, "Modules", module.Key, module.Key + ".psd1");
            var names = module.Order(StringComparer.Ordinal).ToList();
            if (Environment.GetEnvironmentVariable("ALLSPARK_UPDATE") is { Length: > 0 })
                Update(file, names);
            Assert.Equal(names, Listed(file));
        }
    }

    private static List<string> Listed(string file)
    {
        var manifest = Parser.ParseFile(file, out _, out var errors);
        Assert.Empty(errors);
        var table = (HashtableAst)manifest.Find(static node => node is HashtableAst, searchNestedScriptBlocks: false)!;
        var value = table.KeyValuePairs.Single(pair => pair.Item1.Extent.Text == "CmdletsToExport").Item2;
        return value.FindAll(static node => node is StringConstantExpressionAst, searchNestedScriptBlocks: false)
            .Cast<StringConstantExpressionAst>().Select(name => name.Value).ToList();
    }

    private static void Update(string file, List<string> names)
    {
        var text = File.ReadAllText(file);
        var list = new StringBuilder("CmdletsToExport = @(\n");
        foreach (var name in names)
            list.Append("        '").Append(name).Append("'\n");
        File.WriteAllText(file, text[..text.IndexOf("CmdletsToExport", StringComparison.Ordinal)] + list + "    )\n}\n");
    }
}
