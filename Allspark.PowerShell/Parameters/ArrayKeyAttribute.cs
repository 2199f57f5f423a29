namespace Allspark.PowerShell.Parameters;

/// <summary>Names the constant of an array, by its key in the YAML, that a parameter replaces.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ArrayKeyAttribute(string key) : Attribute
{
    /// <summary>The key, such as <c>node.clock</c>.</summary>
    public string Key { get; } = key;
}
