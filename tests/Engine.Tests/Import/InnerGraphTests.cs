using Allspark.Engine.Import;
using Xunit;
using static Engine.Tests.Import.OnnxGraphWriter;

namespace Engine.Tests.Import;

/// <summary>Conditions and loops that follow from the shapes are read as what they come to; all others are refused.</summary>
public sealed class InnerGraphTests
{
    // As exporters write a squeeze of an axis that may be 1.
    [Theory]
    [InlineData(1, 8 * 4)]
    [InlineData(3, 3 * 8 * 16)]
    public void ABranchIsTakenByTheShape(long size, long macs)
    {
        var graph = new OnnxGraphWriter().Input("x", size, 8).Weights("a", 8, 4).Weights("b", 8, 16);
        var (one, zero) = (graph.Constant(1), graph.Constant(0));
        graph.Node("Shape", ["x"], ["s"]).Node("Gather", ["s", zero], ["n"]).Node("Equal", ["n", one], ["c"])
            .Node("If", ["c"], ["y"],
                Attribute("then_branch", new OnnxGraphWriter().Node("MatMul", ["x", "a"], ["inner"]).Output("inner")),
                Attribute("else_branch", new OnnxGraphWriter().Node("MatMul", ["x", "b"], ["inner"]).Output("inner")));
        Assert.Equal(macs, OnnxFiles.Import(graph.Output("y").ToBytes()).Macs);
    }

    // A branch that only hands on what stands around it, and one within a branch.
    [Fact]
    public void BranchesNestAndSeeTheirSurroundings()
    {
        var inner = new OnnxGraphWriter().Weights("w", 8, 4).Node("MatMul", ["x", "w"], ["m"])
            .Node("If", ["yes"], ["r"], Attribute("then_branch", new OnnxGraphWriter().Output("m")), Attribute("else_branch", new OnnxGraphWriter().Output("x"))).Output("r");
        var graph = new OnnxGraphWriter().Input("x", 3, 8).Stored("yes", 9, [], [1]).Weights("v", 4, 2)
            .Node("MatMul", ["y", "v"], ["z"])
            .Node("If", ["yes"], ["y"], Attribute("then_branch", inner), Attribute("else_branch", new OnnxGraphWriter().Output("x")));
        var model = OnnxFiles.Import(graph.Output("z").ToBytes());
        Assert.Equal(((3 * 8 * 4) + (3 * 4 * 2), 32 + 8), (model.Macs, model.Parameters));
    }

    [Fact]
    public void ALoopOfKnownRoundsIsUnrolled()
    {
        var body = new OnnxGraphWriter().Words("i").Words("go").Input("carried").Node("MatMul", ["carried", "w"], ["next"]).Node("Identity", ["go"], ["on"])
            .Output("on").Output("next").Output("next");
        var graph = new OnnxGraphWriter().Input("x", 3, 8).Weights("w", 8, 8).Stored("yes", 9, [], [1]).Weights("v", 8, 2);
        graph.Node("Loop", [graph.Constant(5), "yes", "x"], ["last", "all"], Attribute("body", body)).Node("MatMul", ["all", "v"], ["y"]);
        Assert.Equal((5 * 3 * 8 * 8) + (5 * 3 * 8 * 2), OnnxFiles.Import(graph.Output("y").ToBytes()).Macs);
    }

    [Theory]
    [InlineData("If")]
    [InlineData("Loop")]
    public void WhatDependsOnTheDataIsRefused(string kind)
    {
        var body = new OnnxGraphWriter().Words("i").Words("go").Node("Identity", ["go"], ["on"]).Output("on");
        var graph = new OnnxGraphWriter().Input("x", 3, 8).Words("n", 1);
        graph.Node(kind, ["n", "n"], ["y"], Attribute("then_branch", body), Attribute("else_branch", body), Attribute("body", body));
        Refused(graph, "depends on the data");
    }

    [Fact]
    public void ALoopWithoutEndIsRefused()
    {
        var inner = new OnnxGraphWriter().Words("j").Words("more").Node("Identity", ["more"], ["still"]).Output("still");
        var body = new OnnxGraphWriter().Words("i").Words("go").Node("Loop", ["", "go"], [""], Attribute("body", inner)).Node("Identity", ["go"], ["on"]).Output("on");
        var endless = new OnnxGraphWriter().Input("x", 3, 8).Stored("yes", 9, [], [1]).Node("Loop", ["", "yes"], ["y"], Attribute("body", body));
        Refused(endless, "");
        var long1 = new OnnxGraphWriter().Input("x", 3, 8);
        Refused(long1.Node("Loop", [long1.Constant(long.MaxValue)], ["y"], Attribute("body", inner)), "");
    }

    [Fact]
    public void ABranchWithoutItsGraphOrResultsIsRefused()
    {
        var graph = new OnnxGraphWriter().Input("x", 3, 8).Stored("yes", 9, [], [1]);
        Refused(graph.Node("If", ["yes"], ["y"]), "then_branch");
        var bare = new OnnxGraphWriter().Input("x", 3, 8).Stored("yes", 9, [], [1]);
        Refused(bare.Node("If", ["yes"], ["y", "z"], Attribute("then_branch", new OnnxGraphWriter().Output("x"))), "1 results; 2 are read");
        var lost = new OnnxGraphWriter().Input("x", 3, 8).Stored("yes", 9, [], [1]);
        Refused(lost.Node("If", ["yes"], ["y"], Attribute("then_branch", new OnnxGraphWriter().Node("Relu", ["nothing"], ["r"]).Output("r"))), "'nothing'");
    }

    private static void Refused(OnnxGraphWriter graph, string problem) =>
        Assert.Contains(problem, Assert.Throws<ModelImportException>(() => OnnxFiles.Import(graph.ToBytes())).Message, StringComparison.Ordinal);
}
