using System.Globalization;
using System.Runtime.InteropServices;

namespace Allspark.Engine.Models;

/// <summary>What a preset leaves open.</summary>
/// <param name="Resolution">Side of the square image in pixels; the published one if omitted.</param>
/// <param name="SequenceLength">Tokens of the text; the network's own length if omitted.</param>
/// <param name="Precision">Format of weights and activations.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ModelSettings(int? Resolution, int? SequenceLength, Precision Precision)
{
    /// <summary>The side of the image of a network that reads images.</summary>
    /// <exception cref="ArgumentException">A sequence length was given.</exception>
    public int ImageSide(NetworkDescription network, int published) => SequenceLength is { } length
        ? throw new ArgumentException(
            $"{network.Name} reads images, not text of {length} tokens: give the side of the image with -Resolution instead.", nameof(network))
        : Resolution ?? published;

    /// <summary>The tokens of a network that reads text.</summary>
    /// <exception cref="ArgumentException">A resolution was given, or too many tokens.</exception>
    public int Tokens(NetworkDescription network, int published, int most)
    {
        if (Resolution is { } side)
        {
            throw new ArgumentException(
                $"{network.Name} reads text, not images of {side} pixels: give the number of tokens with -SequenceLength instead.",
                nameof(network));
        }

        var tokens = SequenceLength ?? published;
        return tokens >= 1 && tokens <= most ? tokens : throw new ArgumentOutOfRangeException(
            nameof(network), tokens,
            string.Create(CultureInfo.InvariantCulture, $"{network.Name} cannot take {tokens} tokens. It takes 1 to {most}."));
    }
}
