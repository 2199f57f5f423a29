using System.Collections.ObjectModel;
using System.Diagnostics;
using System.Management.Automation;
using System.Runtime.ExceptionServices;
using Allspark.PowerShell.Errors;

namespace Allspark.PowerShell.Commands;

/// <summary>What the cmdlets share: work that Ctrl+C ends at once, progress once it takes long, one error a bad item.</summary>
public abstract class AllsparkCommand : PSCmdlet, IDisposable
{
    private static readonly TimeSpan ProgressDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource stopping = new();
    private readonly Stopwatch elapsed = Stopwatch.StartNew();
    private bool progressShown;

    /// <summary>Cancelled when the pipeline is stopped.</summary>
    private protected CancellationToken Cancellation => stopping.Token;

    /// <summary>Called by the shell, on another thread, when the pipeline is stopped.</summary>
    protected override void StopProcessing()
    {
        try
        {
            stopping.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The command ended in the meantime.
        }
    }

    /// <summary>Called by the shell after the last object.</summary>
    protected override void EndProcessing() => CompleteProgress();

    /// <summary>Called by the shell at the very end.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the cmdlet holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            stopping.Dispose();
    }

    /// <summary>
    /// Does work away from the pipeline's thread, which meanwhile shows progress and heeds Ctrl+C: work that has no place to stop
    /// is left behind to end by itself.
    /// </summary>
    private protected T Run<T>(string status, Func<CancellationToken, T> work) => Run(() => (status, -1), work);

    /// <summary>As above, for work that tells how far it is: what it does and the part done, in percent; −1 where that is unknown.</summary>
    private protected T Run<T>(Func<(string Status, int PercentComplete)> status, Func<CancellationToken, T> work)
    {
        var token = Cancellation;
        var task = Task.Run(() => work(token), token);
        try
        {
            while (!task.Wait((int)ProgressInterval.TotalMilliseconds, token))
                ShowProgress(status());
            ShowProgress(status());
            return task.Result;
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
        catch (AggregateException failure) when (failure.Flatten().InnerException is { } inner)
        {
            // Parallel work within the task wraps what went wrong once more.
            if (inner is OperationCanceledException)
                throw new PipelineStoppedException();
            ExceptionDispatchInfo.Throw(inner);
            throw;
        }
    }

    /// <summary>Works on one item; what is wrong with it is reported, and the next has its turn.</summary>
    private protected void ForItem(object? item, Action work)
    {
        try
        {
            work();
        }
        catch (Exception failure) when (ErrorRecords.IsExpected(failure))
        {
            WriteError(ErrorRecords.Of(failure, item));
        }
    }

    /// <summary>Works on each file that the paths stand for; a path that stands for none is an error.</summary>
    /// <param name="paths">PowerShell paths.</param>
    /// <param name="literal">Whether wildcards are taken as letters.</param>
    /// <param name="work">The work.</param>
    private protected void ForEachFile(IEnumerable<string> paths, bool literal, Action<string> work)
    {
        foreach (var path in paths)
        {
            ForItem(path, () =>
            {
                foreach (var file in Files(path, literal))
                    ForItem(file, () => work(file));
            });
        }
    }

    // A name that is there is meant, whatever it would match as a pattern: net[1].yaml is a usual name.
    private Collection<string> Files(string path, bool literal)
    {
        var named = FilePath(path);
        if (literal || !WildcardPattern.ContainsWildcardCharacters(path) || File.Exists(named))
            return [named];
        var matching = GetResolvedProviderPathFromPSPath(path, out _);
        return matching.Count > 0 ? matching : throw new ItemNotFoundException($"No file matches {path}.");
    }

    /// <summary>Whether the caller gave a parameter.</summary>
    private protected bool Given(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    /// <summary>Ends the command where a parameter was given that would have no effect.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="effective">Whether it has an effect.</param>
    /// <param name="reason">Why it has none, and what gives it one.</param>
    private protected void RequireEffect(string parameter, bool effective, string reason)
    {
        if (Given(parameter) && !effective)
            ThrowTerminatingError(ErrorRecords.Of(CommandException.WithoutEffect(parameter, reason), parameter));
    }

    /// <summary>Does what everything else depends on: what is wrong with it ends the command.</summary>
    private protected T Require<T>(object? target, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception failure) when (ErrorRecords.IsExpected(failure))
        {
            ThrowTerminatingError(ErrorRecords.Of(failure, target));
            throw;
        }
    }

    /// <summary>The file system path of a PowerShell path, which need not exist; wildcards are letters of it.</summary>
    private protected string FilePath(string path)
    {
        var file = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
        return provider.Name == "FileSystem"
            ? file
            : throw new CommandException(
                "NotAFilePath", ErrorCategory.InvalidArgument, $"'{path}' is a path of the provider {provider.Name}. Name a file of the file system.");
    }

    // A record of its own each time: the shell may still hold the one before.
    private void ShowProgress((string Status, int PercentComplete) state)
    {
        if (elapsed.Elapsed < ProgressDelay)
            return;
        progressShown = true;
        var record = Progress(state.Status);
        record.PercentComplete = state.PercentComplete;
        WriteProgress(record);
    }

    private void CompleteProgress()
    {
        if (!progressShown)
            return;
        progressShown = false;
        var completed = Progress("done");
        completed.RecordType = ProgressRecordType.Completed;
        WriteProgress(completed);
    }

    private ProgressRecord Progress(string status) => new(GetType().GetHashCode() & int.MaxValue, MyInvocation.MyCommand.Name, status);
}
