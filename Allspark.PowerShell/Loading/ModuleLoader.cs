using System.Management.Automation;
using System.Reflection;
using System.Runtime.Loader;

namespace Allspark.PowerShell.Loading;

/// <summary>
/// Loads the engine and all that it needs into a context of their own when the module is imported, so that no version of theirs
/// clashes with one that the shell or another module has.
/// </summary>
/// <remarks>
/// The shell lists this assembly's types before it calls <see cref="OnImport"/>. A type with a field of an engine's enumeration
/// would load the engine that early, and beside the shell's own assemblies: see <see cref="Parameters.Setting{T}"/>.
/// </remarks>
public sealed class ModuleLoader : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    private static readonly ModuleLoadContext Context = new(typeof(ModuleLoader).Assembly.Location);

    /// <summary>Called by the shell when the module is imported.</summary>
    public void OnImport()
    {
        // Once, however many runspaces import the module.
        AssemblyLoadContext.Default.Resolving -= Resolve;
        AssemblyLoadContext.Default.Resolving += Resolve;
    }

    /// <summary>Called by the shell when the module is removed.</summary>
    /// <param name="psModuleInfo">The module.</param>
    public void OnRemove(PSModuleInfo psModuleInfo) => AssemblyLoadContext.Default.Resolving -= Resolve;

    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name) =>
        name.Name == "Allspark.Engine" ? Context.LoadFromAssemblyName(name) : null;
}
