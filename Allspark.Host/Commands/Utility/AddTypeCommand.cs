using System.Reflection;

namespace Microsoft.PowerShell.Commands;

/// <summary>The languages that Add-Type knows.</summary>
public enum Language
{
    CSharp,
}

/// <summary>What Add-Type can make of source code.</summary>
public enum OutputAssemblyType
{
    Library,
}

/// <summary>Loads assemblies, and compiles types from C#.</summary>
[Cmdlet(VerbsCommon.Add, "Type", DefaultParameterSetName = "FromSource", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096601")]
[OutputType(typeof(Type))]
public sealed class AddTypeCommand : PSCmdlet
{
    private const string FromSource = "FromSource";
    private const string FromMember = "FromMember";
    private const string FromPath = "FromPath";
    private const string FromLiteralPath = "FromLiteralPath";
    private const string FromAssemblyName = "FromAssemblyName";

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = FromSource)]
    public string? TypeDefinition { get; set; }

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = FromMember)]
    [Alias("NS")]
    public string? Name { get; set; }

    [Parameter(Mandatory = true, Position = 1, ParameterSetName = FromMember)]
    public string[]? MemberDefinition { get; set; }

    [Parameter(ParameterSetName = FromMember)]
    [ValidateNotNull]
    public string? Namespace { get; set; }

    [Parameter(ParameterSetName = FromMember)]
    [ValidateNotNull]
    public string[]? UsingNamespace { get; set; }

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = FromPath)]
    public string[]? Path { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = FromLiteralPath)]
    [Alias("PSPath", "LP")]
    public string[]? LiteralPath { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = FromAssemblyName)]
    [Alias("AN")]
    public string[]? AssemblyName { get; set; }

    [Parameter(ParameterSetName = FromSource)]
    [Parameter(ParameterSetName = FromMember)]
    public Language Language { get; set; } = Language.CSharp;

    [Parameter(ParameterSetName = FromSource)]
    [Parameter(ParameterSetName = FromMember)]
    [Parameter(ParameterSetName = FromPath)]
    [Parameter(ParameterSetName = FromLiteralPath)]
    [Alias("RA")]
    public string[] ReferencedAssemblies { get; set; } = [];

    [Parameter(ParameterSetName = FromSource)]
    [Parameter(ParameterSetName = FromMember)]
    [Parameter(ParameterSetName = FromPath)]
    [Parameter(ParameterSetName = FromLiteralPath)]
    [Alias("OA")]
    public string? OutputAssembly { get; set; }

    [Parameter(ParameterSetName = FromSource)]
    [Parameter(ParameterSetName = FromMember)]
    [Parameter(ParameterSetName = FromPath)]
    [Parameter(ParameterSetName = FromLiteralPath)]
    [Alias("OT")]
    public OutputAssemblyType OutputType { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    [Parameter(ParameterSetName = FromSource)]
    [Parameter(ParameterSetName = FromMember)]
    [Parameter(ParameterSetName = FromPath)]
    [Parameter(ParameterSetName = FromLiteralPath)]
    public SwitchParameter IgnoreWarnings { get; set; }

    [Parameter(ParameterSetName = FromSource)]
    [Parameter(ParameterSetName = FromMember)]
    [Parameter(ParameterSetName = FromPath)]
    [Parameter(ParameterSetName = FromLiteralPath)]
    public string[] CompilerOptions { get; set; } = [];

    protected override void EndProcessing()
    {
        if (TypeDefinition is not null)
            Compile([(TypeDefinition, "")]);
        else if (MemberDefinition is not null)
            Compile([(ClassOfMembers(), "")]);
        foreach (var name in AssemblyName ?? [])
            Load(() => Assembly.Load(new AssemblyName(name)), name);
        var files = (Path ?? LiteralPath ?? []).SelectMany(path => this.Files(path, isLiteral: Path is null)).ToArray();
        foreach (var path in files.Where(IsAssembly))
            Load(() => Assembly.LoadFrom(path), path);
        var sources = files.Where(file => !IsAssembly(file)).ToArray();
        if (Array.Find(sources, file => !file.EndsWith(".cs", StringComparison.OrdinalIgnoreCase)) is { } other)
        {
            ThrowTerminatingError(new ErrorRecord(
                new NotSupportedException($"Cannot add type. The \"{System.IO.Path.GetExtension(other)}\" extension is not supported."),
                "EXTENSION_NOT_SUPPORTED", ErrorCategory.InvalidArgument, other));
        }
        if (sources.Length > 0)
            Compile(Array.ConvertAll(sources, file => (File.ReadAllText(file), file)));
    }

    private static bool IsAssembly(string file) =>
        file.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) || file.EndsWith(".exe", StringComparison.OrdinalIgnoreCase);

    private void Compile((string Text, string File)[] sources)
    {
        var output = OutputAssembly is null ? null : SessionState.Path.GetUnresolvedProviderPathFromPSPath(OutputAssembly);
        var assembly = new TypeCompiler(this, ReferencedAssemblies, CompilerOptions, IgnoreWarnings).Compile(sources, output);
        if (PassThru)
            WriteObject(TypeCompiler.Declared(assembly ?? Assembly.LoadFrom(output!)), enumerateCollection: true);
    }

    private string ClassOfMembers()
    {
        string[] namespaces = ["System", "System.Runtime.InteropServices", .. UsingNamespace ?? []];
        return string.Concat(namespaces.Select(name => $"using {name};\n"))
            + $"namespace {Namespace ?? "Microsoft.PowerShell.Commands.AddType.AutoGeneratedTypes"}\n{{\npublic class {Name}\n{{\n"
            + string.Join('\n', MemberDefinition!) + "\n}\n}\n";
    }

    private void Load(Func<Assembly> load, string name)
    {
        try
        {
            var assembly = load();
            if (PassThru)
                WriteObject(assembly.GetTypes(), enumerateCollection: true);
        }
        catch (Exception failure) when (failure is FileNotFoundException && AssemblyName is not null)
        {
            ThrowTerminatingError(new ErrorRecord(new Exception($"Cannot add type. The assembly '{name}' could not be found.", failure),
                "ASSEMBLY_NOT_FOUND", ErrorCategory.ObjectNotFound, name));
        }
    }
}
