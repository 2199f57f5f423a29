using Allspark.Engine.Specifications;

namespace Allspark.Engine.Models;

/// <summary>A network of convolutions: plain, with connections around its blocks, or densely connected.</summary>
internal sealed record ConvolutionalSpecification : NetworkDescription
{
    /// <summary>The keys of a network in a family's file.</summary>
    public static readonly string[] Keys =
        ["resolution", "channels", "depths", "expansion", "growth", "hidden", "classes", "published"];

    public required NetworkKind Kind { get; init; }

    /// <summary>Side of the square image in pixels, as published.</summary>
    public required int Resolution { get; init; }

    /// <summary>Channels of each stage (before expansion); of a dense network, those of its first convolution.</summary>
    public required ValueList<int> Channels { get; init; }

    /// <summary>Blocks (plain: convolutions) of each stage.</summary>
    public required ValueList<int> Depths { get; init; }

    /// <summary>Channels that leave a residual block over those inside, 1 for blocks of two equal convolutions; of a dense layer, inner channels over growth.</summary>
    public required int Expansion { get; init; }

    /// <summary>Channels that a dense layer adds.</summary>
    public required int Growth { get; init; }

    /// <summary>Widths of the linear layers before the classifier.</summary>
    public required ValueList<int> Hidden { get; init; }

    /// <summary>Classes told apart.</summary>
    public required int Classes { get; init; }

    /// <summary>Reads a network of a family's file.</summary>
    public static ConvolutionalSpecification Read(FamilyEntry entry, NetworkKind kind)
    {
        var depths = entry.Value("depths").Each(1, 8, node => node.Integer(1, 1000));
        var stages = kind == NetworkKind.Dense ? 1 : depths.Count;
        return new ConvolutionalSpecification
        {
            Name = entry.Name,
            Family = entry.Family,
            Source = entry.Source,
            Published = entry.Published(),
            Kind = kind,
            Resolution = entry.Value("resolution").Integer(1, ModelCatalog.HighestResolution),
            Channels = entry.Value("channels").Each(stages, stages, node => node.Integer(1, 1 << 16)),
            Depths = depths,
            Expansion = entry.Integer("expansion", 1, 64, 1),
            Growth = kind == NetworkKind.Dense ? entry.Value("growth").Integer(1, 1 << 12) : 0,
            Hidden = entry.Find("hidden")?.Each(0, 8, node => node.Integer(1, 1 << 16)) ?? [],
            Classes = entry.Value("classes").Integer(1, 1 << 20),
        };
    }

    /// <inheritdoc/>
    public override DnnModel Build(ModelSettings settings) =>
        ConvolutionalBuilder.Build(this, settings.ImageSide(this, Resolution), settings.Precision);
}
