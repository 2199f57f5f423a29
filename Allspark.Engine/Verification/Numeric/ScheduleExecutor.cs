using System.Numerics.Tensors;
using Allspark.Engine.Models;

namespace Allspark.Engine.Verification.Numeric;

/// <summary>Runs phase programs on a virtual array.</summary>
internal sealed class ScheduleExecutor(VirtualArray array, float[] image)
{
    /// <summary>Runs one phase: tokens and weights come in, groups compute, what was read is forgotten.</summary>
    public void Run(PhaseProgram program, PhaseTensors tensors, CancellationToken cancellationToken)
    {
        Receive(program, tensors);
        foreach (var (node, tensor, elements) in program.Weights)
            array[node].Hold(tensor, elements);
        foreach (var ring in program.WeightRings)
            array.GatherWeights(ring, tensors);

        // Groups share no node, so the order in which they run cannot show in the result.
        var options = new ParallelOptions { CancellationToken = cancellationToken };
        Parallel.ForEach(program.Groups, options, group =>
        {
            GroupExecution execution = tensors switch
            {
                AttentionTensors attention => new AttentionExecution(array, program, group, attention),
                FeedForwardTensors feedForward => new FeedForwardExecution(array, program, group, feedForward),
                _ => new ProjectionExecution(array, program, group, (ProjectionTensors)tensors),
            };
            execution.Run(cancellationToken);
        });
        if (tensors is FeedForwardTensors { Position: not null } encoded)
            Encode(program, encoded);
        array.EndPhase();
    }

    private void Receive(PhaseProgram program, PhaseTensors tensors)
    {
        if (program.Connection.Concatenates)
            array.JoinCarried();
        if (program.Moves.Count > 0 && program.Moves[0].Source < 0)
            ReceiveImage(program);
        else
            array.Deliver(program.Name, program.Moves);
        if (program.Means.Count > 0)
            ReceiveMean(program);
        else if (program.Sums.Count > 0)
            ReceiveSums(program, tensors);
        array.ClearOutputs();
    }

    // The I/O nodes cut the image into the patches that the tokens are made of.
    private void ReceiveImage(PhaseProgram program)
    {
        var layer = (ProjectionLayer)program.Layer;
        var unfolding = new Unfolding(layer);
        var channels = layer.InputChannels;
        foreach (var (token, _, target) in program.Moves)
        {
            var places = unfolding.Places * layer.PooledBy * layer.PooledBy;
            var patch = new float[places * channels];
            for (var place = 0; place < places; place++)
            {
                if (unfolding.Source(token, place) is var pixel and >= 0)
                    image.AsSpan(pixel * channels, channels).CopyTo(patch.AsSpan(place * channels));
            }

            array[target].Tokens[token] = patch;
        }
    }

    // Every node sums the tokens that it holds, standardised where the head normalises; gain and offset come after the mean.
    private void ReceiveSums(PhaseProgram program, PhaseTensors tensors)
    {
        var layer = (ProjectionLayer)program.Layer;
        var standardize = ((ProjectionTensors)tensors).NormalizesInput;
        foreach (var (place, (_, source, target)) in program.Sums.Index())
        {
            var sum = new float[layer.InputChannels];
            foreach (var token in array[source].Outputs.Keys.Order())
            {
                var row = array[source].Outputs[token].ToArray();
                if (standardize)
                    VectorMath.Standardize(row);
                TensorPrimitives.Add(sum, row, sum);
            }

            array[target].Put(new Block(OperandKind.OutputSums, source, new IndexRange(place, place + 1), sum.Length, sum));
        }
    }

    // Every node sums the tokens that it has made, one node adds the sums up, and all that compute get the mean.
    private void ReceiveMean(PhaseProgram program)
    {
        var layer = (ProjectionLayer)program.Layer;
        var mean = new float[layer.InputChannels];
        foreach (var (_, source, _) in program.Sums)
        {
            foreach (var token in array[source].Outputs.Keys.Order())
                TensorPrimitives.Add(mean, array[source].Outputs[token].Span, mean);
        }

        TensorPrimitives.Divide(mean, layer.InputGrid.Tokens, mean);
        foreach (var (_, _, target) in program.Means)
            array[target].Mean = mean;
    }

    // Tokens reach over to their neighbours, which may lie on other nodes.
    private void Encode(PhaseProgram program, FeedForwardTensors tensors)
    {
        array.Copy(program.Name, program.Halo, static memory => memory.Outputs);
        var grid = program.Phase.OutputGrid;
        var encoded = new (int Node, int Token, float[] Values)[grid.Height * grid.Width];
        Parallel.For(0, encoded.Length, token =>
        {
            var node = program.OutputNodes[token];
            encoded[token] = (node, token, EncodedToken(program, tensors, array[node], token));
        });
        foreach (var (node, token, values) in encoded)
            array[node].Outputs[token] = values;
    }

    private float[] EncodedToken(PhaseProgram program, FeedForwardTensors tensors, NodeMemory memory, int token)
    {
        var channels = program.Phase.OutputChannels;
        var result = new float[channels];
        if (memory.Outputs.TryGetValue(token, out var own))
            own.CopyTo(result);
        TensorPrimitives.Add(result, tensors.PositionBias!.Values, result);
        for (var place = 0; place < tensors.Kernel * tensors.Kernel; place++)
        {
            var neighbour = PhaseCompiler.Neighbour(program.Phase.OutputGrid, tensors.Kernel, token, place);
            if (neighbour < 0)
                continue;
            var weights = tensors.Position!.Values.AsSpan(place * channels, channels);
            if (memory.Outputs.TryGetValue(neighbour, out var values))
                TensorPrimitives.MultiplyAdd(values.Span, weights, result, result);
            else
                array.ReportToken(program.Name, memory.Node, neighbour, "reads");
        }

        return result;
    }
}
