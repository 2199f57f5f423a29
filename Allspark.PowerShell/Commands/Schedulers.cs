using Allspark.Engine.Hardware;
using Allspark.Engine.Scheduling;

namespace Allspark.PowerShell.Commands;

/// <summary>
/// Schedulers by array, for all commands of a session: what one command worked out of a machine, the next need not. The few used last
/// are kept, so that a sweep over many machines does not fill the memory.
/// </summary>
internal static class Schedulers
{
    private const int Kept = 8;

    private static readonly Lock Gate = new();
    private static readonly LinkedList<(string ArrayHash, Scheduler Scheduler)> LastUsed = new();

    public static Scheduler For(PimArray array)
    {
        var hash = array.ContentHash;
        lock (Gate)
        {
            var node = LastUsed.First;
            while (node is not null && node.Value.ArrayHash != hash)
                node = node.Next;
            if (node is null)
                node = new((hash, new Scheduler()));
            else
                LastUsed.Remove(node);
            LastUsed.AddFirst(node);
            if (LastUsed.Count > Kept)
                LastUsed.RemoveLast();
            return node.Value.Scheduler;
        }
    }
}
