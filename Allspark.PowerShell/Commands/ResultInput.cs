using System.Management.Automation;
using Allspark.Engine.Experiments;
using Allspark.Engine.Simulation;
using Allspark.PowerShell.Errors;

namespace Allspark.PowerShell.Commands;

/// <summary>A result that came down the pipeline, just measured or read from a store, and the content that it is of.</summary>
internal sealed record ResultInput(ResultPoint Point, string ModelHash, string ArrayHash)
{
    /// <summary>The result, or null where the object is none.</summary>
    /// <exception cref="CommandException">The run has no result.</exception>
    public static ResultInput? From(object input) => (input is PSObject wrapped ? wrapped.BaseObject : input) switch
    {
        Measurement measurement => new(ResultPoint.Of(measurement), measurement.Model.ContentHash, measurement.Array.ContentHash),
        Run { Status: RunStatus.Completed } run => new(ResultPoint.Of(run), run.ModelHash, run.ArrayHash),
        Run run => throw new CommandException("RunWithoutResult", ErrorCategory.InvalidData, $"Run {run.Id} has no result: {run.Message}."),
        _ => null,
    };

    /// <summary>Whether both are of the same model on the same array.</summary>
    public bool SharesSubjectWith(ResultInput other) => ModelHash == other.ModelHash && ArrayHash == other.ArrayHash;
}
