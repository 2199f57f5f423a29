using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Allspark.Engine.Sidecar;

/// <summary>One running worker and the requests that wait for its answers.</summary>
internal sealed class SidecarProcess : IDisposable
{
    private const int RememberedErrorCharacters = 2000;

    private readonly Process process;
    private readonly ConcurrentDictionary<long, TaskCompletionSource<JsonNode>> waiting = new();
    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly StringBuilder errors = new();
    private long lastId;
    private volatile bool dead;

    private SidecarProcess(Process process)
    {
        this.process = process;
        Id = process.Id;
        _ = Task.Run(ReadErrorsAsync);
        _ = Task.Run(ReadAnswersAsync);
    }

    public int Id { get; }

    public bool HasDied => dead || process.HasExited;

    public static SidecarProcess Start(string folder, string node)
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var start = new ProcessStartInfo(node)
        {
            ArgumentList = { Path.Combine(folder, SidecarFolder.Worker) },
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = utf8,
            StandardOutputEncoding = utf8,
            StandardErrorEncoding = utf8,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        start.Environment.Remove("NODE_OPTIONS");
        try
        {
            return new SidecarProcess(Process.Start(start)!);
        }
        catch (Win32Exception e)
        {
            throw new SidecarException(
                SidecarFailure.NotInstalled, $"Node.js (`{node}`) could not be started: {SidecarFolder.Remedy(folder)}", e);
        }
    }

    public async Task<JsonNode> RequestAsync(string method, JsonObject parameters, CancellationToken cancellation)
    {
        var id = Interlocked.Increment(ref lastId);
        var answer = new TaskCompletionSource<JsonNode>(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting[id] = answer;
        try
        {
            if (dead)
                throw Died();
            var request = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters.DeepClone() };
            await WriteAsync(request, cancellation).ConfigureAwait(false);
            return await answer.Task.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await CancelAsync(id).ConfigureAwait(false);
            throw;
        }
        finally
        {
            waiting.TryRemove(id, out _);
        }
    }

    public void Dispose()
    {
        dead = true;
        try
        {
            process.Kill();
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It has gone already.
        }

        FailAll();
        process.Dispose();
    }

    private async Task WriteAsync(JsonObject request, CancellationToken cancellation)
    {
        await writing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            // A line is written whole or the process is of no more use, so the write itself is not cancelled.
            await process.StandardInput.WriteAsync(request.ToJsonString() + "\n").ConfigureAwait(false);
            await process.StandardInput.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            dead = true;
            throw Died(e);
        }
        finally
        {
            writing.Release();
        }
    }

    private async Task CancelAsync(long id)
    {
        try
        {
            await WriteAsync(
                new JsonObject { ["method"] = "cancel", ["params"] = new JsonObject { ["id"] = id } }, CancellationToken.None)
                .ConfigureAwait(false);
        }
        catch (SidecarException)
        {
            // A dead process works no more: that is what was wanted.
        }
    }

    private async Task ReadAnswersAsync()
    {
        try
        {
            while (await process.StandardOutput.ReadLineAsync().ConfigureAwait(false) is { } line)
                Deliver(line);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException or JsonException)
        {
            // Falls through: a stream that broke, or an answer that is none, ends the process's use.
        }

        dead = true;
        await Task.Delay(50).ConfigureAwait(false); // lets its last words arrive on the error stream
        FailAll();
    }

    private void Deliver(string line)
    {
        if (JsonNode.Parse(line) is not JsonObject answer || answer["id"] is not JsonValue value || !value.TryGetValue(out long id)
            || !waiting.TryGetValue(id, out var request))
            return;
        if (answer["result"] is { } result)
            request.TrySetResult(result);
        else
            request.TrySetException(new SidecarException(
                SidecarFailure.RequestFailed, (string?)answer["error"]?["message"] ?? "the sidecar gave neither result nor error"));
    }

    private async Task ReadErrorsAsync()
    {
        try
        {
            while (await process.StandardError.ReadLineAsync().ConfigureAwait(false) is { } line)
            {
                lock (errors)
                {
                    errors.Append(line.Trim()).Append(' ');
                    if (errors.Length > RememberedErrorCharacters)
                        errors.Remove(0, errors.Length - RememberedErrorCharacters);
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The process has gone.
        }
    }

    private void FailAll()
    {
        foreach (var request in waiting.Values)
            request.TrySetException(Died());
    }

    private SidecarException Died(Exception? inner = null)
    {
        string said;
        lock (errors)
            said = errors.ToString().Trim();
        return new SidecarException(
            SidecarFailure.Died, said.Length == 0 ? "the sidecar process ended unexpectedly" : $"the sidecar process ended: {said}", inner);
    }
}
