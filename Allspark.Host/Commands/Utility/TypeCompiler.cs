using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Microsoft.PowerShell.Commands;

/// <summary>Compiles the C# that Add-Type is given. Apart from the cmdlet, so that only a script with source loads the compiler.</summary>
internal sealed class TypeCompiler(PSCmdlet command, string[] references, string[] options, bool ignoreWarnings)
{
    private static readonly Lock Gate = new();

    // Types cannot be taken back: the same source is not compiled twice, and a type's name is not used twice.
    private static readonly Dictionary<string, Assembly> Compiled = new(StringComparer.Ordinal);
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal);

    /// <summary>Compiles sources into one assembly; what is wrong with them ends the command.</summary>
    /// <param name="sources">The texts, each with its file or an empty string.</param>
    /// <param name="output">The file to write; without one the assembly is loaded.</param>
    /// <returns>The loaded assembly, or null where it was written to a file.</returns>
    public Assembly? Compile(IReadOnlyList<(string Text, string File)> sources, string? output)
    {
        var key = string.Join('\0', sources.Select(source => source.Text));
        lock (Gate)
        {
            if (output is null && Compiled.TryGetValue(key, out var known))
                return known;
            var compilation = Compilation(sources);
            var names = DeclaredTypes(compilation);
            if (output is not null)
            {
                using var file = new FileStream(output, FileMode.CreateNew);
                Judge(compilation.Emit(file).Diagnostics);
                return null;
            }
            using var image = new MemoryStream();
            Judge(compilation.Emit(image).Diagnostics);
            image.Position = 0;
            var assembly = AssemblyLoadContext.Default.LoadFromStream(image);
            Names.UnionWith(names);
            return Compiled[key] = assembly;
        }
    }

    private CSharpCompilation Compilation(IReadOnlyList<(string Text, string File)> sources)
    {
        var parsing = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest);
        var compiling = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary);
        if (options.Length > 0)
        {
            var folder = command.SessionState.Path.CurrentFileSystemLocation.ProviderPath;
            var given = CSharpCommandLineParser.Default.Parse(options, folder, sdkDirectory: null);
            Judge(given.Errors);
            (parsing, compiling) = (given.ParseOptions, given.CompilationOptions.WithOutputKind(OutputKind.DynamicallyLinkedLibrary));
        }
        if (!ignoreWarnings)
            compiling = compiling.WithGeneralDiagnosticOption(ReportDiagnostic.Error);
        var trees = sources.Select(source => CSharpSyntaxTree.ParseText(SourceText.From(source.Text), parsing, source.File));
        var files = Framework().Append(typeof(PSObject).Assembly.Location).Concat(references.Select(Resolve)).Distinct(StringComparer.Ordinal);
        return CSharpCompilation.Create(Path.GetRandomFileName(), trees, files.Select(file => MetadataReference.CreateFromFile(file)), compiling);
    }

    private static IEnumerable<string> Framework()
    {
        var folder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(file => file.StartsWith(folder, StringComparison.Ordinal));
    }

    /// <summary>The file of an assembly that is named by a path, a file name or an assembly's name.</summary>
    private string Resolve(string name)
    {
        var path = command.SessionState.Path.GetUnresolvedProviderPathFromPSPath(name);
        if (File.Exists(path))
            return path;
        try
        {
            var plain = name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? name[..^4] : name;
            return Assembly.Load(new AssemblyName(plain)).Location;
        }
        catch (Exception failure) when (failure is FileNotFoundException or FileLoadException)
        {
            command.ThrowTerminatingError(new ErrorRecord(
                new Exception($"Cannot load assembly '{name}'.", failure), "ErrorLoadingAssembly", ErrorCategory.InvalidOperation, name));
            throw;
        }
    }

    private List<string> DeclaredTypes(CSharpCompilation compilation)
    {
        var (names, known) = (new List<string>(), false);
        var namespaces = new Stack<INamespaceSymbol>([compilation.Assembly.GlobalNamespace]);
        while (namespaces.TryPop(out var current))
        {
            foreach (var inner in current.GetNamespaceMembers())
                namespaces.Push(inner);
            names.AddRange(current.GetTypeMembers().Select(type => type.ToString()!));
        }
        foreach (var name in names.Where(Names.Contains))
        {
            known = true;
            command.WriteError(new ErrorRecord(new Exception($"Cannot add type. The type name '{name}' already exists."),
                "TYPE_ALREADY_EXISTS", ErrorCategory.InvalidOperation, name));
        }
        if (known)
            End();
        return names;
    }

    private void Judge(IEnumerable<Diagnostic> diagnostics)
    {
        var wrong = false;
        foreach (var diagnostic in diagnostics)
        {
            // The parser of options misses the names of files, which come otherwise.
            if (diagnostic.IsSuppressed || diagnostic.DefaultSeverity == DiagnosticSeverity.Hidden || diagnostic.Id is "CS1562" or "CS2008")
                continue;
            if (diagnostic.Severity == DiagnosticSeverity.Warning)
                command.WriteWarning(Describe(diagnostic));
            else if (diagnostic.Severity == DiagnosticSeverity.Error)
            {
                wrong = true;
                command.WriteError(new ErrorRecord(
                    new Exception(Describe(diagnostic)), "SOURCE_CODE_ERROR", ErrorCategory.InvalidData, diagnostic));
            }
        }
        if (wrong)
            End();
    }

    private void End() => command.ThrowTerminatingError(new ErrorRecord(
        new InvalidOperationException("Cannot add type. Compilation errors occurred."),
        "COMPILER_ERRORS", ErrorCategory.InvalidData, targetObject: null));

    /// <summary>The compiler's message, the line that it is about and a mark below the place.</summary>
    private static string Describe(Diagnostic diagnostic)
    {
        if (diagnostic.Location.SourceTree is not { } source)
            return diagnostic.ToString();
        var place = diagnostic.Location.GetLineSpan().StartLinePosition;
        var line = source.GetText().Lines[place.Line].ToString();
        var margin = line[..^line.AsSpan().TrimStart().Length];
        return line.Length == margin.Length ? $"{diagnostic}\n{line}\n"
            : $"{diagnostic}\n{line}\n{margin}{new string(' ', Math.Max(0, place.Character - margin.Length))}^\n";
    }

    /// <summary>The types of an assembly that its source declares.</summary>
    public static IEnumerable<Type> Declared(Assembly assembly) =>
        assembly.GetTypes().Where(type => !type.IsDefined(typeof(CompilerGeneratedAttribute)));
}
