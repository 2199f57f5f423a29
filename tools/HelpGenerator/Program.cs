using System.Runtime.Loader;
using Allspark.HelpGenerator;

// HelpGenerator <module.dll> <help.xml> <reference.dll ...>: what Get-Help shows of the module's cmdlets, from their documentation comments.
if (args is not [var module, var output, .. var references])
{
    Console.Error.WriteLine("Usage: HelpGenerator <module.dll> <help.xml> [<reference.dll> ...]");
    return 64;
}

var byName = references.ToDictionary(path => Path.GetFileNameWithoutExtension(path), StringComparer.OrdinalIgnoreCase);
AssemblyLoadContext.Default.Resolving += (context, name) =>
    byName.TryGetValue(name.Name ?? "", out var path) ? context.LoadFromAssemblyPath(Path.GetFullPath(path)) : null;

var comments = DocumentationComments.Read(Path.ChangeExtension(module, ".xml"));
var cmdlets = Cmdlet.In(AssemblyLoadContext.Default.LoadFromAssemblyPath(Path.GetFullPath(module)));
var undocumented = cmdlets.SelectMany(cmdlet => cmdlet.Undocumented(comments)).ToList();
foreach (var what in undocumented)
    Console.Error.WriteLine($"{Path.GetFileName(module)}: error HELP001: {what} has no documentation comment.");
if (undocumented.Count > 0)
    return 1;

Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(output))!);
Maml.Document(cmdlets, comments).Save(output);
return 0;
