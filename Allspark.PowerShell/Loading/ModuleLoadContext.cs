using System.Reflection;
using System.Runtime.Loader;

namespace Allspark.PowerShell.Loading;

/// <summary>Finds managed and native libraries as the module's <c>.deps.json</c> lists them: native ones by the running platform.</summary>
internal sealed class ModuleLoadContext(string module) : AssemblyLoadContext("Allspark")
{
    private readonly AssemblyDependencyResolver resolver = new(module);

    protected override Assembly? Load(AssemblyName assemblyName) =>
        resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : 0;
}
