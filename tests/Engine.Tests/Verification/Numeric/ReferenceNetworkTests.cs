using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Placement;
using Allspark.Engine.Verification.Numeric;
using Xunit;

namespace Engine.Tests.Verification.Numeric;

public sealed class ReferenceNetworkTests
{
    private static readonly SeededTensors s_source = new(7);

    // Two tokens (1, −1) and (−1, 1): normalisation leaves them (nearly) as they are; q·k/√2 is √2 of a token with itself and −√2
    // with the other, so that a token weighs itself p = 1 / (1 + e^(−2√2)) and the other 1 − p.
    [Fact]
    public void AttentionWithIdentityWeightsIsAsByHand()
    {
        var block = Block(new TokenGrid(1, 2, 0), new GlobalAttention(), channels: 2, heads: 1);
        var tensors = Identity(block);
        var output = ReferenceNetwork.Attention(block, tensors, [1, -1, -1, 1]);
        var p = 1 / (1 + Math.Exp(-2 * Math.Sqrt(2)));
        var expected = 1 + p - (1 - p);
        double[] all = [expected, -expected, -expected, expected];
        Assert.Equal(all, output.Select(value => (double)value), (a, b) => Math.Abs(a - b) < 1e-4);
    }

    // Without queries every visible key weighs the same.
    [Theory]
    [InlineData(false, new[] { 1 / 3f, 1 / 3f, 1 / 3f })]
    [InlineData(true, new[] { 1f, 0f, 1 / 3f })]
    public void WithoutQueriesAttentionIsTheMeanOfTheVisibleValues(bool causal, float[] means)
    {
        var block = Block(new TokenGrid(1, 3, 0), new GlobalAttention(causal), channels: 2, heads: 1);
        var tensors = Identity(block);
        Array.Clear(tensors.Query.Values);
        float[] input = [1, -1, -1, 1, 1, -1];
        var output = ReferenceNetwork.Attention(block, tensors, input);
        for (var token = 0; token < 3; token++)
            Assert.Equal(means[token], output[2 * token] - input[2 * token], 1e-4f);
    }

    [Theory]
    [InlineData(8, 8, 4, 2)]
    [InlineData(10, 10, 4, 2)]
    [InlineData(7, 12, 4, 1)]
    [InlineData(4, 12, 4, 2)]
    [InlineData(3, 3, 4, 2)]
    [InlineData(14, 14, 7, 3)]
    public void WindowsAreThoseOfDirectIndexing(int height, int width, int size, int shift)
    {
        var grid = new TokenGrid(height, width, 0);
        var geometry = new WindowAttention(size, shift);
        var windows = ReferenceWindow.Of(grid, geometry);
        var columns = (width + size - 1) / size;
        var (rows, paddedWidth) = ((height + size - 1) / size, columns * size);
        var seen = new HashSet<int>();
        for (var row = 0; row < height; row++)
        {
            for (var column = 0; column < width; column++)
            {
                var rolledRow = (row - geometry.EffectiveShift(height) + rows * size) % (rows * size);
                var rolledColumn = (column - geometry.EffectiveShift(width) + paddedWidth) % paddedWidth;
                var window = windows[rolledRow / size * columns + rolledColumn / size];
                Assert.Equal(row * width + column, window.Tokens[rolledRow % size * size + rolledColumn % size]);
                seen.Add(row * width + column);
            }
        }

        Assert.Equal(grid.Tokens, seen.Count);
        Assert.Equal(grid.Tokens, windows.Sum(window => window.Tokens.Count(token => token >= 0)));
    }

    // Two tokens of a window may attend exactly where they stand in the image as they stand in the window.
    [Theory]
    [InlineData(8, 8, 4, 2)]
    [InlineData(14, 14, 7, 3)]
    [InlineData(10, 14, 4, 1)]
    [InlineData(4, 12, 4, 2)]
    public void TheMaskIsThatOfNeighbourhoodInTheImage(int height, int width, int size, int shift)
    {
        foreach (var window in ReferenceWindow.Of(new TokenGrid(height, width, 0), new WindowAttention(size, shift)))
        {
            for (var a = 0; a < size * size; a++)
            {
                for (var b = 0; b < size * size; b++)
                {
                    if (window.Tokens[a] < 0 || window.Tokens[b] < 0)
                        continue;
                    var together = window.Tokens[a] / width - window.Tokens[b] / width == a / size - b / size
                        && window.Tokens[a] % width - window.Tokens[b] % width == a % size - b % size;
                    Assert.Equal(together, window.Regions[a] == window.Regions[b]);
                }
            }
        }
    }

    [Theory]
    [InlineData(8, 8, 4, 2)]
    [InlineData(10, 14, 4, 1)]
    [InlineData(14, 14, 7, 3)]
    [InlineData(14, 14, 7, 0)]
    public void TheSchedulesWindowsAndMasksAreThoseOfThePlainNetwork(int height, int width, int size, int shift)
    {
        var (grid, geometry) = (new TokenGrid(height, width, 0), new WindowAttention(size, shift));
        var programs = WindowPrograms.Of(grid, geometry, TokenOrder.Of(grid, geometry));
        foreach (var window in ReferenceWindow.Of(grid, geometry))
        {
            var program = Assert.Single(programs, program => program.Tokens.SequenceEqual(window.Tokens));
            for (var pair = 0; pair < window.Tokens.Length * window.Tokens.Length; pair++)
            {
                var apart = window.Regions[pair / window.Tokens.Length] != window.Regions[pair % window.Tokens.Length];
                Assert.Equal(apart ? ReferenceWindow.Masked : 0, program.Mask?[pair] ?? 0);
            }
        }
    }

    public static TheoryData<AttentionGeometry> Geometries() => [new StripeAttention(2), new StripeAttention(3), new GridAttention(4), new GridAttention(3)];

    // Widths 3 and grids 3, 4 leave positions that overhang.
    [Theory]
    [MemberData(nameof(Geometries))]
    public void TheSchedulesStripesAndGridsAreThoseOfThePlainNetwork(AttentionGeometry geometry)
    {
        var grid = new TokenGrid(10, 10, 0);
        var programs = WindowPrograms.Of(grid, geometry, TokenOrder.Of(grid, geometry));
        var windows = ReferenceWindow.Of(grid, geometry);
        Assert.Equal(windows.Count, programs.Count);
        foreach (var window in windows)
        {
            var program = Assert.Single(programs, program => program.Tokens.SequenceEqual(window.Tokens));
            Assert.Equal(window.Heads, (program.Orientation, geometry.Orientations));
            Assert.Equal(window.Columns, program.Columns);
        }
    }

    // Tokens of a 4×4 grid in windows of 2×2, a distance of two apart; and in stripes two wide.
    [Fact]
    public void GridsTakeTokensADistanceApartAndStripesBands()
    {
        var grid = new TokenGrid(4, 4, 0);
        int[][] spread = [[0, 2, 8, 10], [1, 3, 9, 11], [4, 6, 12, 14], [5, 7, 13, 15]];
        Assert.Equal(spread, ReferenceWindow.Of(grid, new GridAttention(2)).Select(window => window.Tokens));
        int[][] stripes = [[.. Enumerable.Range(0, 8)], [.. Enumerable.Range(8, 8)], [0, 1, 4, 5, 8, 9, 12, 13], [2, 3, 6, 7, 10, 11, 14, 15]];
        Assert.Equal(stripes, ReferenceWindow.Of(grid, new StripeAttention(2)).Select(window => window.Tokens));
    }

    // Four tokens of a 2×2 patch: top left, bottom left, top right, bottom right.
    [Fact]
    public void PatchMergingConcatenatesColumnByColumn()
    {
        var merging = new ProjectionLayer("merging")
        {
            Kind = ProjectionKind.PatchMerging,
            InputGrid = new TokenGrid(2, 4, 0),
            OutputGrid = new TokenGrid(1, 2, 0),
            InputChannels = 1,
            OutputChannels = 4,
            ComputedTokens = 2,
            ReductionLength = 4,
        };
        var tensors = new ProjectionTensors(merging, s_source);
        SetIdentity(tensors.Weight);
        Assert.Equal([1, 5, 2, 6, 3, 7, 4, 8], ReferenceNetwork.Projection(merging, tensors, [1, 2, 3, 4, 5, 6, 7, 8]));
    }

    [Fact]
    public void AConvolutionReachesOverTheEdge()
    {
        var convolution = new ProjectionLayer("convolution")
        {
            Kind = ProjectionKind.Convolution,
            InputGrid = new TokenGrid(2, 2, 0),
            OutputGrid = new TokenGrid(2, 2, 0),
            InputChannels = 1,
            OutputChannels = 1,
            ComputedTokens = 4,
            ReductionLength = 9,
        };
        var tensors = new ProjectionTensors(convolution, s_source);
        Array.Fill(tensors.Weight.Values, 1);
        tensors.Weight.Values[0] = 100;
        Assert.Equal([10, 10, 10, 109], ReferenceNetwork.Projection(convolution, tensors, [1, 2, 3, 4]));
    }

    [Fact]
    public void TheClassifierSeesTheClassTokenOrTheMean()
    {
        var head = new ProjectionLayer("head")
        {
            Kind = ProjectionKind.Head,
            InputGrid = new TokenGrid(1, 2, 1),
            OutputGrid = new TokenGrid(1, 1, 0),
            InputChannels = 2,
            OutputChannels = 2,
            ComputedTokens = 1,
            ReductionLength = 2,
        };
        float[] tokens = [1, 2, 3, 4, 8, 9];
        var tensors = new ProjectionTensors(head, s_source);
        SetIdentity(tensors.Weight);
        Assert.Equal([8, 9], ReferenceNetwork.Projection(head, tensors, tokens));
        head = head with { InputGrid = new TokenGrid(1, 3, 0) };
        Assert.Equal([4, 5], ReferenceNetwork.Projection(head, tensors, tokens));
    }

    [Fact]
    public void RelativePositionsAreCountedFromTheFirstRowAndColumn()
    {
        var block = Block(new TokenGrid(2, 2, 0), new WindowAttention(2, 0), channels: 2, heads: 1) with
        {
            AttentionExtraParameters = 12 + 9,
        };
        var tensors = Identity(block);
        Array.Clear(tensors.Query.Values);
        Array.Clear(tensors.PositionTable!.Values);

        // Δrow = +1, Δcolumn = 0: the token below looks at the one above it.
        tensors.PositionTable.Values[2 * 3 + 1] = 100;
        float[] input = [1, -1, -1, 1, -1, 1, 1, -1];
        var output = ReferenceNetwork.Attention(block, tensors, input);
        Assert.Equal(0, output[0] - input[0], 1e-4f);
        Assert.Equal(1, output[4] - input[4], 1e-4f);
        Assert.Equal(-1, output[6] - input[6], 1e-4f);
    }

    // What is executed has as many trained numbers as the network is published with.
    [Theory]
    [InlineData("swin_t")]
    [InlineData("swin_b_384")]
    [InlineData("deit_ti")]
    [InlineData("vit_h_14")]
    [InlineData("twins_svt_s")]
    [InlineData("pcpvt_s")]
    public void EveryPhaseHasItsPublishedParameters(string name)
    {
        var model = ModelCatalog.Get(name);
        foreach (var phase in Partitioner.Split(model, ArrayCatalog.Get("stack-8x8"), PartitionScheme.TokenParallel).Phases)
        {
            var tensors = PhaseTensors.Of(model.Layers[phase.LayerIndex], phase.Kind, s_source);
            Assert.Equal(phase.WeightElements, tensors.Split.Sum(tensor => (long)tensor.Count));
            Assert.Equal(phase.ReplicatedElements, tensors.Replicated.Sum(tensor => (long)tensor.Count));
        }
    }

    private static TransformerBlock Block(TokenGrid grid, AttentionGeometry geometry, int channels, int heads) => new("block")
    {
        Stage = 0,
        IndexInStage = 0,
        InputGrid = grid,
        OutputGrid = grid,
        InputChannels = channels,
        OutputChannels = channels,
        Heads = heads,
        HeadDimension = channels / heads,
        FeedForwardWidth = channels,
        Attention = geometry,
        AttentionExtraParameters = 6 * channels,
    };

    private static AttentionTensors Identity(TransformerBlock block)
    {
        var tensors = new AttentionTensors(block, s_source);
        foreach (var matrix in tensors.Split)
            SetIdentity(matrix);
        foreach (var small in tensors.Replicated)
            Array.Fill(small.Values, small == tensors.Gain ? 1 : 0);
        return tensors;
    }

    private static void SetIdentity(WeightTensor matrix)
    {
        for (var i = 0; i < matrix.Count; i++)
            matrix.Values[i] = i / matrix.Columns == i % matrix.Columns ? 1 : 0;
    }
}
