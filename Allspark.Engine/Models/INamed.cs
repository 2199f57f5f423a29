using System.ComponentModel;
using System.Globalization;

namespace Allspark.Engine.Models;

/// <summary>
/// What can be asked for by its name: a text that stands where one is compared becomes a name alone, which equals everything that is called
/// so, whatever its batch, precision or size. A name alone is nothing to compute with.
/// </summary>
/// <typeparam name="T">The type itself.</typeparam>
public interface INamed<T>
    where T : INamed<T>
{
    /// <summary>A name alone.</summary>
    static abstract T Named(string name);
}

/// <summary>Takes a text for a name; what compares values of different types, a shell or a data grid, asks for it.</summary>
/// <typeparam name="T">What is named.</typeparam>
public sealed class NameConverter<T> : TypeConverter
    where T : INamed<T>
{
    /// <inheritdoc/>
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

    /// <inheritdoc/>
    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
        value is string name ? T.Named(name) : base.ConvertFrom(context, culture, value);
}
