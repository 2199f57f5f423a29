using System.Numerics.Tensors;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Scheduling;

namespace Allspark.Engine.Verification.Numeric;

/// <summary>
/// Runs a schedule on virtual nodes, each with only what the schedule puts there, and compares every phase with the plain
/// network.
/// </summary>
public static class NumericChecker
{
    /// <summary>Runs the schedule with seeded weights and a seeded image, in single precision.</summary>
    /// <param name="schedule">The schedule; its options, tilings and window slots are run as they are.</param>
    /// <param name="seed">Seed; equal seeds give equal reports.</param>
    /// <param name="progress">Told of each phase before it runs.</param>
    /// <param name="cancellationToken">Stops between windows.</param>
    /// <exception cref="NotSupportedException">A layer has no numeric execution; the message names it.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static NumericReport Check(
        Schedule schedule,
        int seed = 0,
        IProgress<NumericProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        Check(schedule, seed, static program => program, progress, cancellationToken);

    /// <summary>As above, with each phase's program changed before it runs.</summary>
    internal static NumericReport Check(
        Schedule schedule,
        int seed,
        Func<PhaseProgram, PhaseProgram> change,
        IProgress<NumericProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        if (schedule.Model.Batch > 1)
            throw new NotSupportedException($"A batch of {schedule.Model.Batch} has no numeric execution: check the schedule of a single image.");
        if (schedule.Model.Layers[0] is not ProjectionLayer { Kind: not ProjectionKind.TokenEmbedding })
            throw new NotSupportedException($"{schedule.Model.Name} has no numeric execution: it reads text, whose word table is on no node.");
        var reference = new ReferenceNetwork(schedule.Model, seed);
        var array = new VirtualArray(schedule.Array.NodeCount);
        var compiler = new PhaseCompiler(schedule.Array);
        var executor = new ScheduleExecutor(array, reference.Image());
        var (phases, findings) = (new List<NumericPhase>(), new List<NumericFinding>());
        var index = 0;
        foreach (var expected in reference.Run())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var layer = schedule.Model.Layers[expected.LayerIndex];
            if (index >= schedule.Phases.Count || schedule.Phases[index] is not { } scheduled
                || scheduled.Block != layer.Name || scheduled.Kind != expected.Kind)
            {
                findings.Add(new NumericFinding(
                    $"{layer.Name} {expected.Kind}", -1, "", $"The schedule has no such phase at place {index}."));
                break;
            }

            var before = index == 0 ? null : schedule.Phases[index - 1];
            var layerBefore = expected.LayerIndex == 0 ? null : schedule.Model.Layers[expected.LayerIndex - 1];
            var program = change(compiler.Compile(before, scheduled, layer, expected.Tensors) with
            {
                Connection = expected.Kind == PhaseKind.FeedForward ? default : Connection.Of(layerBefore, layer),
                CarriedChannels = layerBefore?.CarriedChannels ?? 0,
            });
            progress?.Report(new NumericProgress(program.Name, index, schedule.Phases.Count));
            index++;
            findings.AddRange(program.Findings);
            if (program.OutputNodes.Count == 0)
                break;
            executor.Run(program, expected.Tensors, cancellationToken);
            findings.AddRange(array.TakeFindings());
            phases.Add(Compare(program, array, expected.Values));
            if (phases[^1].MaxRelativeError <= NumericReport.Tolerance)
                continue;

            // What comes after differs for no reason of its own.
            findings.Add(Difference(phases[^1]));
            break;
        }

        return new NumericReport
        {
            Model = schedule.Model.Name,
            Array = schedule.Array.Name,
            Scheme = schedule.Scheme,
            Seed = seed,
            Phases = phases,
            Findings = findings,
        };
    }

    private static NumericFinding Difference(NumericPhase phase) => new(phase.Phase, phase.Node, $"token {phase.Token}",
        $"Output token {phase.Token} differs from the plain network's by {phase.MaxRelativeError:G3} of its largest element; "
        + $"{NumericReport.Tolerance:G1} is allowed.");

    // Every output token where the schedule says it is; one that is not there counts as zeros.
    private static NumericPhase Compare(PhaseProgram program, VirtualArray array, float[] expected)
    {
        var channels = program.Phase.OutputChannels;
        var scale = Math.Abs(TensorPrimitives.MaxMagnitude<float>(expected));
        var difference = new float[channels];
        var (worst, worstToken) = (0f, -1);
        for (var token = 0; token < program.OutputNodes.Count; token++)
        {
            difference.AsSpan().Clear();
            AddOutput(array, program.OutputNodes[token], token, difference);
            if (program.CrossingNodes.Count > 0)
                AddOutput(array, program.CrossingNodes[token], token, difference);
            TensorPrimitives.Subtract(difference, expected.AsSpan(token * channels, channels), difference);
            var error = Math.Abs(TensorPrimitives.MaxMagnitude<float>(difference));
            if (error > worst || float.IsNaN(error))
                (worst, worstToken) = (float.IsNaN(error) ? float.PositiveInfinity : error, token);
        }

        var node = worstToken < 0 ? -1 : program.OutputNodes[worstToken];
        return new NumericPhase(program.Name, worst / scale, node, worstToken);
    }

    private static void AddOutput(VirtualArray array, int node, int token, Span<float> sum)
    {
        if (node >= 0 && array[node].Outputs.TryGetValue(token, out var values))
            TensorPrimitives.Add(sum, values.Span, sum);
    }
}
