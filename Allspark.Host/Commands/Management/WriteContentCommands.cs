using DriveNotFoundException = System.Management.Automation.DriveNotFoundException;

namespace Microsoft.PowerShell.Commands;

/// <summary>A command that writes content to items: opens them at the first object and keeps them open to the last.</summary>
public abstract class WriteContentCommandBase : ContentCommandBase
{
    private bool pathsArePiped;
    private bool isOpen;

    /// <summary>The content.</summary>
    [Parameter(Position = 1, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyCollection]
    public object[]? Value { get; set; }

    /// <summary>Write the content also to the pipeline.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>What the command does, as -WhatIf and -Confirm name it.</summary>
    internal abstract string ActionName { get; }

    internal override object? GetDynamicParameters(object context) =>
        InvokeProvider.Content.GetContentWriterDynamicParameters(FirstOf(Path), context);

    /// <inheritdoc/>
    protected override void BeginProcessing() => pathsArePiped = Path is not { Length: > 0 };

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!isOpen)
            OpenWriters();
        isOpen = !pathsArePiped;
        try
        {
            foreach (var stream in Streams)
                Write(stream);
        }
        finally
        {
            if (pathsArePiped)
                CloseStreams(report: true);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => CloseStreams(report: false);

    internal virtual void BeforeOpen(PathInfo item)
    {
    }

    internal virtual void AfterOpen(ContentStream stream)
    {
    }

    private void OpenWriters()
    {
        var context = NewContext(PassThru);
        var items = ResolvePaths(mayBeMissing: true, context)
            .Where(item => ShouldProcess($"Path: {item.Path}", ActionName)).ToList();
        items.ForEach(BeforeOpen);
        foreach (var item in items)
        {
            var path = SuppressWildcardExpansion ? item.Path : WildcardPattern.Escape(item.Path);
            if (Attempt(() => InvokeProvider.Content.GetWriter(path, context)) is [{ } writer])
                Streams.Add(new(item, Reader: null, writer));
        }
        Streams.ForEach(AfterOpen);
    }

    private void Write(ContentStream stream)
    {
        IList written;
        try
        {
            written = stream.Writer!.Write(Value ?? []);
        }
        catch (Exception e) when (e is not PipelineStoppedException)
        {
            WriteError(Failure("ProviderContentWriteError", stream.Item, e));
            return;
        }
        if (PassThru && written is { Count: > 0 })
            WriteContent(written, written.Count, stream.Item);
    }
}

/// <summary>Replaces the content of items.</summary>
[Cmdlet(VerbsCommon.Set, "Content", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
public class SetContentCommand : WriteContentCommandBase
{
    internal override string ActionName => "Set Content";

    internal override void BeforeOpen(PathInfo item)
    {
        var context = ProviderBridge.NewQuietContext(NewContext(PassThru));
        try
        {
            InvokeProvider.Content.Clear(SuppressWildcardExpansion ? item.Path : WildcardPattern.Escape(item.Path), context);
            ProviderBridge.ThrowFirstErrorOrDoNothing(context, wrapExceptions: true);
        }
        catch (Exception e) when (IsReported(e))
        {
            // What is not there, or cannot be cleared, needs no clearing.
            if (e is DriveNotFoundException or ProviderNotFoundException)
                WriteError(e);
        }
    }
}

/// <summary>Adds to the content of items.</summary>
[Cmdlet(VerbsCommon.Add, "Content", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
public class AddContentCommand : WriteContentCommandBase
{
    internal override string ActionName => "Add Content";

    internal override void AfterOpen(ContentStream stream)
    {
        try
        {
            stream.Writer!.Seek(0, SeekOrigin.End);
        }
        catch (Exception e)
        {
            throw Failure("ProviderSeekError", stream.Item, e);
        }
    }
}

/// <summary>Empties items without removing them.</summary>
[Cmdlet(VerbsCommon.Clear, "Content", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
public class ClearContentCommand : ContentCommandBase
{
    internal override object? GetDynamicParameters(object context) =>
        InvokeProvider.Content.ClearContentDynamicParameters(FirstOf(Path), context);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var context = NewContext(passThru: false);
        foreach (var path in Path ?? [])
            Attempt(() => InvokeProvider.Content.Clear(path, context));
    }
}
