using Allspark.Engine.Specifications;

namespace Allspark.Engine.Models;

/// <summary>A decoder-only transformer: word table, blocks of causal attention, a classifier over the words.</summary>
internal sealed record DecoderSpecification : NetworkDescription
{
    /// <summary>The keys of a network in a family's file.</summary>
    public static readonly string[] Keys =
    [
        "sequenceLength", "channels", "depth", "heads", "headDimension", "keyValueHeads", "feedForwardWidth", "gated", "vocabulary",
        "positions", "tied", "attentionBias", "feedForwardBias", "headBias", "norm", "parallel", "published",
    ];

    /// <summary>Tokens of a text where none are asked for.</summary>
    public required int SequenceLength { get; init; }

    /// <summary>C.</summary>
    public required int Channels { get; init; }

    /// <summary>Blocks.</summary>
    public required int Depth { get; init; }

    /// <summary>H.</summary>
    public required int Heads { get; init; }

    /// <summary>d.</summary>
    public required int HeadDimension { get; init; }

    /// <summary>Heads of keys and values.</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>F.</summary>
    public required int FeedForwardWidth { get; init; }

    /// <summary>Whether a third matrix gates the hidden channels.</summary>
    public bool Gated { get; init; }

    /// <summary>Words; 0 for the blocks alone.</summary>
    public int Vocabulary { get; init; }

    /// <summary>Trained positions; 0 where they are computed.</summary>
    public int Positions { get; init; }

    /// <summary>The most tokens of a text; 0 where only the trained positions limit it.</summary>
    public int LongestText { get; init; }

    /// <summary>What every token is mapped to in place of the words; 0 where there is no such map, and none to the words either.</summary>
    public int? Labels { get; init; }

    /// <summary>Whether the classifier's matrix is the word table.</summary>
    public bool Tied { get; init; }

    /// <summary>Channels of a word in the table, where they are not the blocks' and two matrices map them there and back; else 0.</summary>
    public int WordChannels { get; init; }

    /// <summary>Biases of Q, K and V.</summary>
    public bool AttentionBias { get; init; }

    /// <summary>Bias of the output projection.</summary>
    public bool OutputBias { get; init; }

    /// <summary>Biases of the feed-forward matrices.</summary>
    public bool FeedForwardBias { get; init; }

    /// <summary>Bias of the classifier.</summary>
    public bool HeadBias { get; init; }

    /// <summary>Trained numbers of a normalisation for each channel: 2, or 1 without an offset.</summary>
    public int NormParameters { get; init; } = 2;

    /// <summary>Whether attention and feed-forward read the same normalised tokens, so that a block has one normalisation.</summary>
    public bool Parallel { get; init; }

    /// <summary>Whether a normalisation follows the last block.</summary>
    public bool FinalNorm { get; init; } = true;

    /// <summary>Reads a network of a family's file.</summary>
    public static DecoderSpecification Read(FamilyEntry entry)
    {
        var heads = entry.Value("heads").Integer(1, 1024);
        var bias = entry.Truth("attentionBias");
        return new DecoderSpecification
        {
            Name = entry.Name,
            Family = entry.Family,
            Source = entry.Source,
            Published = entry.Published(),
            SequenceLength = entry.Value("sequenceLength").Integer(1, ModelCatalog.LongestSequence),
            Channels = entry.Value("channels").Integer(1, 1 << 16),
            Depth = entry.Value("depth").Integer(1, 1000),
            Heads = heads,
            HeadDimension = entry.Value("headDimension").Integer(1, 1 << 12),
            KeyValueHeads = entry.Integer("keyValueHeads", 1, heads, heads) is var shared && heads % shared == 0
                ? shared
                : throw entry.Value("keyValueHeads").Error($"{shared} heads of keys and values do not divide the {heads} heads of queries."),
            FeedForwardWidth = entry.Value("feedForwardWidth").Integer(1, 1 << 20),
            Gated = entry.Truth("gated"),
            Vocabulary = entry.Integer("vocabulary", 0, 1 << 22, 0),
            Positions = entry.Integer("positions", 0, 1 << 22, 0),
            Tied = entry.Truth("tied"),
            AttentionBias = bias,
            OutputBias = bias,
            FeedForwardBias = entry.Truth("feedForwardBias"),
            HeadBias = entry.Truth("headBias"),
            NormParameters = entry.Integer("norm", 1, 2, 2),
            Parallel = entry.Truth("parallel"),
        };
    }

    /// <inheritdoc/>
    public override DnnModel Build(ModelSettings settings)
    {
        var most = LongestText > 0 ? LongestText : Positions > 0 ? Positions : ModelCatalog.LongestSequence;
        var grid = new TokenGrid(1, settings.Tokens(this, Math.Min(SequenceLength, most), most), 0);
        var layers = new List<Layer>();
        if (Vocabulary > 0)
            layers.Add(WordTable(grid));
        if (WordChannels > 0)
            layers.Add(Linear("embedding.projection", grid, WordChannels, Channels));
        layers.AddRange(Enumerable.Range(0, Depth).Select(index => Block(grid, index)));
        if (WordChannels > 0)
            layers.Add(Linear("head.projection", grid, Channels, WordChannels));
        if (Labels == 0)
            layers[^1] = WithFinalNorm(layers[^1]);
        else if (Vocabulary > 0)
            layers.Add(Classifier(grid));
        return new DnnModel
        {
            Name = Name,
            Family = Family,
            InputHeight = grid.Height,
            InputWidth = grid.Width,
            InputChannels = layers[0].InputChannels,
            Precision = settings.Precision,
            Layers = layers.ToValueList(),
            Notes = [Source],
        };
    }

    private int TableChannels => WordChannels > 0 ? WordChannels : Channels;

    private ProjectionLayer WordTable(TokenGrid grid) => new("embedding")
    {
        Kind = ProjectionKind.TokenEmbedding,
        InputGrid = grid,
        InputChannels = 1,
        OutputGrid = grid,
        OutputChannels = TableChannels,
        ComputedTokens = 0,
        ReductionLength = Tied && Labels is null ? 0 : Vocabulary,
        ExtraParameters = (long)Positions * Channels,
    };

    private static ProjectionLayer Linear(string name, TokenGrid grid, int inputChannels, int outputChannels) => new(name)
    {
        Kind = ProjectionKind.Linear,
        InputGrid = grid,
        InputChannels = inputChannels,
        OutputGrid = grid,
        OutputChannels = outputChannels,
        ComputedTokens = grid.Tokens,
        ReductionLength = inputChannels,
    };

    private TransformerBlock Block(TokenGrid grid, int index)
    {
        var (width, keys) = ((long)Heads * HeadDimension, (long)KeyValueHeads * HeadDimension);
        var norm = (long)NormParameters * Channels;
        return new TransformerBlock($"blocks.{index}")
        {
            Stage = 0,
            IndexInStage = index,
            InputGrid = grid,
            OutputGrid = grid,
            InputChannels = Channels,
            OutputChannels = Channels,
            Heads = Heads,
            QueriesPerKey = Heads / KeyValueHeads,
            HeadDimension = HeadDimension,
            FeedForwardWidth = FeedForwardWidth,
            GatedFeedForward = Gated,
            Attention = new GlobalAttention(Causal: true),
            AttentionExtraParameters = norm + (AttentionBias ? width + (2 * keys) : 0) + (OutputBias ? Channels : 0),
            FeedForwardExtraParameters = (Parallel ? 0 : norm)
                + (FeedForwardBias ? ((Gated ? 2L : 1L) * FeedForwardWidth) + Channels : 0),
        };
    }

    private ProjectionLayer Classifier(TokenGrid grid)
    {
        var classes = Labels ?? Vocabulary;
        return Linear("head", grid, TableChannels, classes) with
        {
            Kind = ProjectionKind.Head,
            ExtraParameters = FinalNormParameters + (HeadBias ? classes : 0),
        };
    }

    private long FinalNormParameters => FinalNorm ? (long)NormParameters * Channels : 0;

    private Layer WithFinalNorm(Layer layer) => layer switch
    {
        TransformerBlock block => block with { FeedForwardExtraParameters = block.FeedForwardExtraParameters + FinalNormParameters },
        ProjectionLayer projection => projection with { ExtraParameters = projection.ExtraParameters + FinalNormParameters },
        _ => layer,
    };
}
