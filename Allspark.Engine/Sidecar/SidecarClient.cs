using System.Text.Json.Nodes;

namespace Allspark.Engine.Sidecar;

/// <summary>
/// Asks the Node.js worker of <c>Allspark.Sidecar</c>. The process is started by the first request, serves all
/// that follow, is started anew when it has died, and ends with this process. Safe for use from several threads.
/// </summary>
public sealed class SidecarClient : IDisposable
{
    private static readonly Lazy<SidecarClient> LazyShared = new(() => new SidecarClient());

    private readonly Lock gate = new();
    private readonly string? folder;
    private readonly string node;
    private SidecarProcess? process;
    private bool disposed;

    /// <summary>Makes a client that has started nothing yet.</summary>
    /// <param name="folder">The sidecar's folder; null to find it when it is needed.</param>
    /// <param name="node">The Node.js program.</param>
    public SidecarClient(string? folder = null, string node = "node")
    {
        this.folder = folder;
        this.node = node;
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
    }

    /// <summary>The client that everything in this process shares.</summary>
    public static SidecarClient Shared => LazyShared.Value;

    /// <summary>The longest that a request may take where nothing else is said.</summary>
    public static TimeSpan DefaultTimeLimit { get; } = TimeSpan.FromSeconds(60);

    /// <summary>The id of the running process, or null.</summary>
    public int? ProcessId
    {
        get
        {
            lock (gate)
                return process is { HasDied: false } ? process.Id : null;
        }
    }

    /// <summary>Sends one request and waits for its answer; the work is stopped on cancellation or when time is up.</summary>
    /// <param name="method">A method of the worker, such as <c>render</c>.</param>
    /// <param name="parameters">The method's parameters.</param>
    /// <param name="timeLimit">How long to wait; null for <see cref="DefaultTimeLimit"/>.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>The answer's <c>result</c>.</returns>
    /// <exception cref="SidecarException">The sidecar is not installed, refused, died twice or was too slow.</exception>
    /// <exception cref="OperationCanceledException">The request was cancelled.</exception>
    public async Task<JsonNode> RequestAsync(
        string method, JsonObject parameters, TimeSpan? timeLimit = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(parameters);
        var limit = timeLimit ?? DefaultTimeLimit;
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timer.CancelAfter(limit);
        try
        {
            return await RequestTwiceAsync(method, parameters, timer.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new SidecarException(
                SidecarFailure.TimedOut, FormattableString.Invariant($"`{method}` did not end within {limit.TotalSeconds:0.###} s"));
        }
    }

    /// <summary>As <see cref="RequestAsync"/>, waiting on this thread.</summary>
    public JsonNode Request(
        string method, JsonObject parameters, TimeSpan? timeLimit = null, CancellationToken cancellation = default) =>
        RequestAsync(method, parameters, timeLimit, cancellation).GetAwaiter().GetResult();

    /// <summary>Ends the process, if one runs.</summary>
    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        lock (gate)
        {
            disposed = true;
            process?.Dispose();
            process = null;
        }
    }

    /// <summary>A process that died while idle or at work is replaced once; one that dies again is reported.</summary>
    private async Task<JsonNode> RequestTwiceAsync(string method, JsonObject parameters, CancellationToken cancellation)
    {
        try
        {
            return await Running().RequestAsync(method, parameters, cancellation).ConfigureAwait(false);
        }
        catch (SidecarException died) when (died.Failure is SidecarFailure.Died)
        {
            return await Running().RequestAsync(method, parameters, cancellation).ConfigureAwait(false);
        }
    }

    private SidecarProcess Running()
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (process is { HasDied: false })
                return process;
            process?.Dispose();
            process = null;
            return process = SidecarProcess.Start(folder is null ? SidecarFolder.Require() : SidecarFolder.Check(folder), node);
        }
    }

    private void OnProcessExit(object? sender, EventArgs e) => Dispose();
}
