using System.ComponentModel;

namespace Pester;

/// <summary>One setting of a <see cref="PesterConfiguration"/>: its value, its default and what it means.</summary>
[TypeConverter(typeof(OptionConverter))]
public sealed class Option<T>(string description, T defaultValue) : IOption
{
    public T Default { get; } = defaultValue;
    public string Description { get; } = description;
    public bool IsModified { get; private set; }

    public T Value
    {
        get;
        set
        {
            field = value;
            IsModified = true;
        }
    } = defaultValue;

    /// <summary>Takes the value of an assigned option and keeps this one's description and default.</summary>
    internal Option<T> With(Option<T>? assigned)
    {
        Value = assigned is null ? Default : assigned.Value;
        return this;
    }

    object? IOption.Assigned => IsModified ? this : null;

    public override string ToString() => $"{Description} ({Text(Value)}, default: {Text(Default)})";

    private static string? Text(T value) => LanguagePrimitives.ConvertTo<string>(value);
}

/// <summary>What settings of all types have in common.</summary>
internal interface IOption
{
    /// <summary>The option itself if it was given a value, else null.</summary>
    object? Assigned { get; }
}

/// <summary>Lets a script assign a plain value where an option is: <c>$configuration.Run.Exit = $true</c>.</summary>
public sealed class OptionConverter : PSTypeConverter
{
    public override bool CanConvertFrom(object sourceValue, Type destinationType) => true;

    public override object? ConvertFrom(object sourceValue, Type destinationType, IFormatProvider formatProvider, bool ignoreCase)
    {
        ArgumentNullException.ThrowIfNull(destinationType);
        var type = destinationType.GenericTypeArguments[0];
        if (type == typeof(bool) && sourceValue is not (bool or SwitchParameter))
            throw new PSInvalidCastException($"Cannot convert the \"{sourceValue}\" value of type \"{sourceValue?.GetType()}\" to a switch.");
        var value = LanguagePrimitives.ConvertTo(sourceValue, type, CultureInfo.InvariantCulture);
        return Activator.CreateInstance(destinationType, string.Empty, value);
    }

    public override bool CanConvertTo(object sourceValue, Type destinationType) => false;

    public override object ConvertTo(object sourceValue, Type destinationType, IFormatProvider formatProvider, bool ignoreCase) =>
        throw new NotSupportedException();
}
