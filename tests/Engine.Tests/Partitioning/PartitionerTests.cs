using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Xunit;

namespace Engine.Tests.Partitioning;

public sealed class PartitionerTests
{
    private static readonly PimArray s_array = ArrayCatalog.Get("stack-16x16");

    [Theory]
    [InlineData("swin_t")]
    [InlineData("swin_b_384")]
    [InlineData("deit_s")]
    [InlineData("vit_h_14")]
    [InlineData("cswin_b")]
    [InlineData("maxvit_t")]
    [InlineData("resnet50")]
    [InlineData("vgg16")]
    [InlineData("densenet121")]
    [InlineData("gpt3_xl")]
    public void PhasesHoldTheModelsWorkAndParameters(string name)
    {
        var model = ModelCatalog.Get(name);
        var workload = Partitioner.Split(model, s_array);

        Assert.Equal(model.Macs, workload.Phases.Sum(phase => phase.Macs));
        Assert.Equal(model.Parameters, workload.Phases.Sum(phase => phase.WeightElements + phase.ReplicatedElements));
        Assert.Equal(Enumerable.Range(0, workload.Phases.Count), workload.Phases.Select(phase => phase.Index));
    }

    [Fact]
    public void SwinTinyHasItsPublishedBranches()
    {
        var branches = Partitioner.Split(ModelCatalog.Get("swin_t"), s_array).Branches.CountBy(branch => branch.Block).Select(block => block.Value);

        Assert.Equal([192, 192, 96, 96, 48, 48, 48, 48, 48, 48, 24, 24], branches);
    }

    [Theory]
    [InlineData(PartitionScheme.Allspark)]
    [InlineData(PartitionScheme.WholeBranch)]
    [InlineData(PartitionScheme.TokenParallel)]
    [InlineData(PartitionScheme.TensorParallel)]
    [InlineData(PartitionScheme.LayerPipeline)]
    public void EveryOptionFillsItsGroups(PartitionScheme scheme)
    {
        foreach (var array in ArrayCatalog.Names.Select(ArrayCatalog.Get))
        {
            var workload = Partitioner.Split(ModelCatalog.Get("swin_l"), array, scheme);

            Assert.All(workload.Phases, phase => Assert.NotEmpty(workload.Options[phase.Index]));
            Assert.All(workload.Phases, phase => Assert.All(workload.Options[phase.Index], option =>
            {
                Assert.Equal(option.Tiling.GroupSize, option.HeadParts * option.RowParts * option.ChannelParts);
                Assert.Equal(0, option.SliceCopies(phase) % option.SharingDegree);
                Assert.InRange(option.HeadParts, 1, phase.Kind == PhaseKind.Attention ? phase.Heads : phase.SplitWidth);
            }));
        }
    }

    [Fact]
    public void PipelineStagesOwnDisjointNodes()
    {
        var workload = Partitioner.Split(ModelCatalog.Get("vit_b_16"), s_array, PartitionScheme.LayerPipeline);
        var nodes = workload.Options.Select(options => options[0]).DistinctBy(option => option.Region)
            .SelectMany(option => Enumerable.Range(option.Tiling.Shape.FirstNode, option.Tiling.Shape.NodeSpan));

        Assert.Equal(Enumerable.Range(0, s_array.NodeCount), nodes);
    }
}
