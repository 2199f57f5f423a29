using Allspark.Engine.Specifications;

namespace Allspark.Engine.Models;

/// <summary>What kind of networks a family's file describes.</summary>
internal enum NetworkKind
{
    /// <summary>Transformers that read images.</summary>
    VisionTransformer,

    /// <summary>Transformers that read text, each token those before it.</summary>
    Decoder,

    /// <summary>Convolutions with connections around two or three of them.</summary>
    Residual,

    /// <summary>Convolutions one after another, then wide linear layers.</summary>
    Plain,

    /// <summary>Convolutions that read the results of all before them in their stage.</summary>
    Dense,
}

/// <summary>Reads a family's file as the kind that it names; vision transformers if it names none.</summary>
internal static class FamilyFile
{
    /// <summary>The networks of a file, in its order.</summary>
    public static IEnumerable<NetworkDescription> Read(string text, string fileName)
    {
        var file = SpecificationParser.Read(text, fileName);
        var kind = file.TryGet("kind", out var named) ? named.Word<NetworkKind>() : NetworkKind.VisionTransformer;
        return kind switch
        {
            NetworkKind.VisionTransformer => NetworkFamilyReader.Read(file),
            NetworkKind.Decoder => FamilyEntry.All(file, DecoderSpecification.Keys).Select(DecoderSpecification.Read),
            _ => FamilyEntry.All(file, ConvolutionalSpecification.Keys).Select(entry => ConvolutionalSpecification.Read(entry, kind)),
        };
    }
}
