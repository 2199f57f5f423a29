using System.Management.Automation;
using System.Reflection;

namespace Microsoft.PowerShell.Commands;

/// <summary>The languages that Add-Type knows.</summary>
public enum Language
{
    CSharp,
}

/// <summary>
/// Loads assemblies. Source code is refused: the embedded host carries no compiler.
/// </summary>
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

    [Parameter]
    [Alias("RA")]
    public string[]? ReferencedAssemblies { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    [Parameter]
    public SwitchParameter IgnoreWarnings { get; set; }

    protected override void EndProcessing()
    {
        if (TypeDefinition is not null || MemberDefinition is not null)
            RefuseSource();
        foreach (var name in AssemblyName ?? [])
            Load(() => Assembly.Load(new AssemblyName(name)), name);
        foreach (var path in (Path ?? LiteralPath ?? []).SelectMany(path => this.Files(path, isLiteral: Path is null)))
        {
            if (!path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) && !path.EndsWith(".exe", StringComparison.OrdinalIgnoreCase))
                RefuseSource();
            Load(() => Assembly.LoadFrom(path), path);
        }
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

    private void RefuseSource() => ThrowTerminatingError(new ErrorRecord(
        new NotSupportedException("Add-Type with source code is not supported by the embedded host; run this script with pwsh 7.6"),
        "SourceCodeNotSupported", ErrorCategory.NotImplemented, Name));
}
