using System.Management.Automation.Provider;

namespace Microsoft.PowerShell.Commands;

/// <summary>Gets the content of items: the lines of a file, the text of a function, the value of a variable.</summary>
[Cmdlet(VerbsCommon.Get, "Content", DefaultParameterSetName = "Path")]
public class GetContentCommand : ContentCommandBase
{
    private bool hasTotal;
    private bool hasTail;
    private long totalCount = -1;
    private int tail = -1;

    /// <summary>How many lines to write at a time; 0 or less for all at once.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public long ReadCount { get; set; } = 1;

    /// <summary>How many lines to get from the start; all if negative.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("First", "Head")]
    public long TotalCount
    {
        get => totalCount;
        set => (totalCount, hasTotal) = (value, true);
    }

    /// <summary>How many lines to get from the end; all if negative.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Last")]
    public int Tail
    {
        get => tail;
        set => (tail, hasTail) = (value, true);
    }

    internal override object? GetDynamicParameters(object context) =>
        InvokeProvider.Content.GetContentReaderDynamicParameters(FirstOf(Path), context);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (hasTotal && hasTail)
        {
            var message = EngineText.Format("GetContent_TailAndHeadCannotCoexist", nameof(TotalCount), nameof(Tail));
            WriteError(new ErrorRecord(
                new InvalidOperationException(message), "TailAndHeadCannotCoexist", ErrorCategory.InvalidOperation, null));
            return;
        }
        if (TotalCount == 0)
            return;
        OpenReaders();
        try
        {
            foreach (var stream in Streams)
                Write(stream.Reader!, stream.Item);
        }
        finally
        {
            CloseStreams(report: true);
        }
    }

    private void OpenReaders()
    {
        var context = NewContext();
        foreach (var item in ResolvePaths(mayBeMissing: false, context))
        {
            var path = SuppressWildcardExpansion ? item.Path : WildcardPattern.Escape(item.Path);
            if (Attempt(() => InvokeProvider.Content.GetReader(path, context)) is [{ } reader])
                Streams.Add(new(item, reader, Writer: null));
        }
    }

    private void Write(IContentReader reader, PathInfo item)
    {
        if (hasTail && !IsFile(reader))
        {
            WriteError(new ErrorRecord(new InvalidOperationException(EngineText.Template("GetContent_TailNotSupported")),
                "TailNotSupported", ErrorCategory.InvalidOperation, Tail));
            return;
        }
        try
        {
            if (Tail >= 0 && !SeekTail(reader))
                WriteTail(reader, item);
        }
        catch (Exception e) when (e is not PipelineStoppedException)
        {
            WriteError(Failure("ProviderContentReadError", item, e));
            return;
        }
        WriteForward(reader, item);
    }

    private void WriteForward(IContentReader reader, PathInfo item)
    {
        long read = 0;
        while (TotalCount < 0 || read < TotalCount)
        {
            var count = ReadCount;
            if (TotalCount > 0 && (count == 0 || TotalCount - count < read))
                count = TotalCount - read;
            IList lines;
            try
            {
                lines = reader.Read(count);
            }
            catch (Exception e) when (e is not PipelineStoppedException)
            {
                WriteError(Failure("ProviderContentReadError", item, e));
                return;
            }
            if (lines is not { Count: > 0 })
                return;
            read += lines.Count;
            WriteContent(ReadCount == 1 ? lines[0]! : lines, read, item);
        }
    }

    private static bool IsFile(IContentReader reader) => reader.GetType().Name == "FileSystemContentReaderWriter";

    // False where the encoding of the file cannot be read backwards.
    private bool SeekTail(IContentReader reader)
    {
        try
        {
            ProviderBridge.SeekItemsBackward(reader, Tail);
            return true;
        }
        catch (NotSupportedException e) when (e.GetType().Name == "BackReaderEncodingNotSupportedException")
        {
            reader.Seek(0, SeekOrigin.Begin);
            return false;
        }
    }

    private void WriteTail(IContentReader reader, PathInfo item)
    {
        var last = new Queue<object>();
        while (ProviderBridge.ReadWithoutWaitingChanges(reader, ReadCount) is { Count: > 0 } lines)
        {
            foreach (var line in lines)
            {
                last.Enqueue(line!);
                if (last.Count > Tail)
                    last.Dequeue();
            }
        }
        if (ReadCount == 1)
        {
            long count = 0;
            foreach (var line in last)
                WriteContent(line, ++count, item);
            return;
        }
        foreach (var block in last.Chunk(ReadCount <= 0 ? Math.Max(1, last.Count) : (int)Math.Min(ReadCount, int.MaxValue)))
            WriteContent(block, block.Length, item);
    }
}
