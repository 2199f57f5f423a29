namespace Microsoft.PowerShell.ThreadJob;

/// <summary>Lets so many jobs of the process run at a time; the others wait in order.</summary>
internal static class ThreadJobQueue
{
    public const int DefaultLimit = 5;

    private static readonly Lock Gate = new();
    private static readonly Queue<ThreadJob> Waiting = new();
    private static int _limit = DefaultLimit;
    private static int _running;

    public static void Add(ThreadJob job, int limit)
    {
        lock (Gate)
        {
            _limit = limit;
            Waiting.Enqueue(job);
        }
        StartNext();
    }

    public static void Finished()
    {
        lock (Gate)
            _running--;
        StartNext();
    }

    private static void StartNext()
    {
        while (true)
        {
            ThreadJob? next;
            lock (Gate)
            {
                if (_running >= _limit || !Waiting.TryDequeue(out next))
                    return;
                if (next.IsEnded)
                    continue;
                _running++;
            }
            next.StartJob();
        }
    }
}
