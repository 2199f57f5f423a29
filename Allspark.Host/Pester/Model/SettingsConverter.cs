namespace Pester;

/// <summary>Makes settings of a table. What the table has besides them is ignored, and so are values that do not fit.</summary>
public sealed class SettingsConverter : PSTypeConverter
{
    public override bool CanConvertFrom(object sourceValue, Type destinationType) => sourceValue is IDictionary;

    public override object? ConvertFrom(object sourceValue, Type destinationType, IFormatProvider formatProvider, bool ignoreCase)
    {
        ArgumentNullException.ThrowIfNull(destinationType);
        var table = (IDictionary)sourceValue;
        var settings = Activator.CreateInstance(destinationType);
        foreach (var property in destinationType.GetProperties().Where(property => property.CanWrite))
        {
            if (table[property.Name] is { } value && LanguagePrimitives.TryConvertTo(value, property.PropertyType, out var converted))
                property.SetValue(settings, converted);
        }
        return settings;
    }

    public override bool CanConvertTo(object sourceValue, Type destinationType) => false;

    public override object ConvertTo(object sourceValue, Type destinationType, IFormatProvider formatProvider, bool ignoreCase) =>
        throw new NotSupportedException();
}
