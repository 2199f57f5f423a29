namespace Allspark.PowerShell.Parameters;

/// <summary>
/// Holds a parameter's value behind a reference, so that a cmdlet's class can be listed without loading the value's type: a field
/// of an engine's enumeration would load the engine before <see cref="Loading.ModuleLoader"/> is asked where from.
/// </summary>
/// <typeparam name="T">An enumeration of the engine, or a structure of one.</typeparam>
internal sealed class Setting<T>(T value)
    where T : struct
{
    public T Value { get; set; } = value;
}
