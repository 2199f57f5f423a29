namespace Allspark.Engine.Models;

/// <summary>A network as a file describes it, before the size of its input is known.</summary>
internal abstract record NetworkDescription
{
    /// <summary>The name, such as <c>swin_t</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The family, such as <c>Swin</c>.</summary>
    public required string Family { get; init; }

    /// <summary>Where shapes and sizes are from.</summary>
    public required string Source { get; init; }

    /// <summary>The sizes to hold it against.</summary>
    public required PublishedSize Published { get; init; }

    /// <summary>The layers for an input of one size.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It cannot take an input of that size.</exception>
    public abstract DnnModel Build(ModelSettings settings);
}
