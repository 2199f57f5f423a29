using Allspark.Engine.Models;

namespace Allspark.Engine.Hardware;

/// <summary>The arrays that ship with the engine.</summary>
public static class ArrayCatalog
{
    /// <summary>All preset names, smallest first.</summary>
    public static IReadOnlyList<string> Names => throw new NotSupportedException();

    /// <summary>An array by name; case does not matter and <c>-</c> equals <c>_</c>.</summary>
    /// <exception cref="UnknownPresetException">There is no such preset.</exception>
    public static PimArray Get(string name) => throw new UnknownPresetException("array", name, Names);
}
