namespace Allspark.Engine.Verification.Numeric;

/// <summary>A token-wise phase on one group, worked through in blocks of rows so that partial sums stay few.</summary>
internal abstract class TokenWiseExecution(VirtualArray array, PhaseProgram program, GroupProgram group)
    : GroupExecution(array, program, group)
{
    private const int BlockRows = 128;

    protected override void RunWindow(WindowProgram window, CancellationToken cancellationToken)
    {
        for (var first = 0; first < window.Tokens.Length; first += BlockRows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            RunRows(window, new IndexRange(first, Math.Min(first + BlockRows, window.Tokens.Length)));
            Compute(rank => Memory(rank).ClearBlocks());
        }
    }

    protected abstract void RunRows(WindowProgram window, IndexRange rows);
}
