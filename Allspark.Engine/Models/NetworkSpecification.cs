namespace Allspark.Engine.Models;

/// <summary>How the attention of a stage's blocks goes.</summary>
internal enum AttentionPattern
{
    /// <summary>Every token to every token.</summary>
    Global,

    /// <summary>Windows, in every second block shifted by half a window.</summary>
    ShiftedWindow,

    /// <summary>Cross-shaped stripes.</summary>
    Stripe,

    /// <summary>Keys pooled by the stage's reduction.</summary>
    SpatialReduction,

    /// <summary>Windows, in every second block spatial reduction instead.</summary>
    LocalGlobal,

    /// <summary>A convolution block, then a block of windows and one of grids, for each step of the depth.</summary>
    WindowGrid,
}

/// <summary>Where a normalisation stands beside a convolution.</summary>
internal enum Normalization
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>Over all elements that one output sums.</summary>
    Before,

    /// <summary>Over the output channels.</summary>
    After,
}

/// <summary>What the classifier looks at.</summary>
internal enum Pooling
{
    /// <summary>The mean of all tokens.</summary>
    Average,

    /// <summary>The class token.</summary>
    ClassToken,
}

/// <summary>A convolution of square kernels over the image or the token grid.</summary>
internal sealed record ConvolutionSpecification(int Kernel, int Stride, int Padding, bool Bias, Normalization Normalization);

/// <summary>The classifier.</summary>
/// <param name="Pool">What it looks at.</param>
/// <param name="Normalized">Whether a normalisation stands before it.</param>
/// <param name="Hidden">Whether a square linear layer stands between the normalisation and the last one.</param>
/// <param name="Bias">Whether its last layer has a bias.</param>
/// <param name="Classes">Classes told apart; 0 where there is no classifier, and the normalisation is the network's last.</param>
internal sealed record HeadSpecification(Pooling Pool, bool Normalized, bool Hidden, bool Bias, int Classes)
{
    /// <summary>Whether it maps every patch, to its pixels, and not one token.</summary>
    public bool EveryPatch { get; init; }

    /// <summary>Whether a second classifier of the same size looks at the distillation token.</summary>
    public bool Distilled { get; init; }

    /// <summary>Trained tokens of the first stage beside those that are counted there: what stands for a masked patch.</summary>
    public int MaskTokens { get; init; }
}

/// <summary>An inverted bottleneck with squeeze-and-excitation (MBConv).</summary>
/// <param name="Expansion">Inner channels over outer ones.</param>
/// <param name="Kernel">Side of the depthwise kernel.</param>
/// <param name="Squeeze">Outer channels over those of the squeezed vector.</param>
internal sealed record BottleneckSpecification(int Expansion, int Kernel, int Squeeze);

/// <summary>One stage of a network.</summary>
/// <param name="Channels">C.</param>
/// <param name="Depth">Blocks.</param>
/// <param name="Heads">H.</param>
/// <param name="FeedForwardWidth">F.</param>
/// <param name="Attention">How attention goes.</param>
/// <param name="Window">Side of a window or grid in tokens; 0 where there is none.</param>
/// <param name="Stripe">Width of a stripe; 0 where there is none.</param>
/// <param name="Reduction">Side of the patch pooled to one key; 1 where there is no pooling.</param>
internal sealed record StageSpecification(
    int Channels, int Depth, int Heads, int FeedForwardWidth, AttentionPattern Attention, int Window, int Stripe, int Reduction)
{
    /// <summary>Tokens beside the patches that join before this stage; those before the first are the network's.</summary>
    public int ExtraTokens { get; init; }

    /// <summary>Whether every token has a trained position from this stage on; that of the first is the network's.</summary>
    public bool PositionEmbedding { get; init; }
}

/// <summary>The sizes that a network's authors or a library that ships it publish, to hold the preset against.</summary>
/// <param name="Parameters">Trained numbers.</param>
/// <param name="Macs">Multiply-accumulate operations for one image of the preset's own resolution; 0 where none are published.</param>
/// <param name="Rounded">Whether they are published rounded to two or three digits.</param>
internal sealed record PublishedSize(double Parameters, double Macs, bool Rounded);

/// <summary>A vision transformer as its family's file describes it.</summary>
internal sealed record NetworkSpecification : NetworkDescription
{
    public required int Resolution { get; init; }

    /// <summary>Tokens beside the patches: class and distillation tokens.</summary>
    public required int ExtraTokens { get; init; }

    /// <summary>Whether every token has a trained position.</summary>
    public required bool PositionEmbedding { get; init; }

    /// <summary>The convolutions that make tokens of the image.</summary>
    public required ValueList<ConvolutionSpecification> Embedding { get; init; }

    /// <summary>The convolution between stages; none where a stage's first bottleneck does its work.</summary>
    public required ConvolutionSpecification? Merging { get; init; }

    public required BottleneckSpecification? Bottleneck { get; init; }

    public required ValueList<StageSpecification> Stages { get; init; }

    /// <summary>Whether windows have a trained bias for each head and relative position: (2w − 1)²·H numbers.</summary>
    public required bool RelativePosition { get; init; }

    /// <summary>Hidden width of the network that makes the biases of relative positions in place of a table (Swin V2); 0 for none.</summary>
    public int PositionNetworkWidth { get; init; }

    /// <summary>Channels of a pixel.</summary>
    public int InputChannels { get; init; } = 3;

    /// <summary>Whether queries and values have a bias.</summary>
    public bool QueryValueBias { get; init; } = true;

    /// <summary>Whether keys have a bias.</summary>
    public bool KeyBias { get; init; } = true;

    /// <summary>Side of the depthwise kernels before Q, K and V, those of K and V with the stage's reduction as stride (CvT); 0 for none.</summary>
    public int ProjectionKernel { get; init; }

    /// <summary>Side of the depthwise kernel over the values, beside attention; 0 for none.</summary>
    public required int ValueConvolution { get; init; }

    /// <summary>Side of the depthwise kernel that encodes positions after the first block of each stage; 0 for none.</summary>
    public required int TokenConvolution { get; init; }

    public required HeadSpecification Head { get; init; }

    /// <inheritdoc/>
    public override DnnModel Build(ModelSettings settings) =>
        VisionTransformerBuilder.Build(this, settings.ImageSide(this, Resolution), settings.Precision);

    /// <summary>Pixels of the image, in one direction, for one token of the last stage.</summary>
    public int TotalStride => StrideOf(Stages.Count - 1);

    /// <summary>Tokens in one direction in a stage, for an image of that many pixels.</summary>
    public int SideOf(int stage, int resolution) => resolution / StrideOf(stage);

    private int StrideOf(int stage)
    {
        var stride = Embedding.Aggregate(1, (product, convolution) => product * convolution.Stride);
        for (var index = 0; index <= stage; index++)
            stride *= Bottleneck is not null ? 2 : index > 0 ? Merging!.Stride : 1;
        return stride;
    }
}
