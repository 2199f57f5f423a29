using System.Diagnostics;
using System.Text.Json.Nodes;
using Allspark.Engine.Sidecar;
using Xunit;

namespace Engine.Tests.Sidecar;

/// <summary>These need Node.js and the sidecar's packages; where they are missing, they fail with the remedy.</summary>
public sealed class SidecarClientTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static JsonObject Render(string format, JsonNode? spec = null) => new()
    {
        ["format"] = format,
        ["spec"] = spec ?? JsonNode.Parse("""
            {"data":{"values":[{"a":"swin_t","b":2},{"a":"vit","b":3}]},"mark":"bar","encoding":{"x":{"field":"a"},"y":{"field":"b","type":"quantitative"}}}
            """),
    };

    [Fact]
    public async Task OneProcessServesManyRequestsAtOnce()
    {
        using var client = new SidecarClient();
        Assert.Null(client.ProcessId);
        await client.RequestAsync("ping", [], null, Cancellation);
        var id = client.ProcessId;
        var pictures = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => client.RequestAsync("render", Render(i % 2 == 0 ? "svg" : "png"), null, Cancellation)));
        Assert.Equal(id, client.ProcessId);
        Assert.All(pictures.Where((_, i) => i % 2 == 0), svg => Assert.StartsWith("<svg", (string?)svg["data"], StringComparison.Ordinal));
        Assert.All(pictures.Where((_, i) => i % 2 == 1), png => Assert.Equal((byte[])[0x89, (byte)'P', (byte)'N', (byte)'G'], Convert.FromBase64String((string)png["data"]!)[..4]));
    }

    [Fact]
    public async Task ABadRequestFailsAloneWithItsReason()
    {
        using var client = new SidecarClient();
        await client.RequestAsync("ping", [], null, Cancellation);
        var id = client.ProcessId;
        (string Method, JsonObject Parameters, string Reason)[] bad =
        [
            ("solve-everything", [], "no method"),
            ("constructor", [], "no method"),
            ("render", [], "specification"),
            ("render", Render("gif"), "no format 'gif'"),
            ("render", Render("svg", JsonNode.Parse("""{"data":{"url":"http://127.0.0.1:9/x.json"},"mark":"bar"}""")), "inline"),
            ("render", Render("svg", JsonNode.Parse("""{"data":{"url":"file:///etc/hostname"},"mark":"bar"}""")), "inline"),
            ("render", Render("png", JsonNode.Parse("""{"data":{"values":[{"u":"/etc/hostname"}]},"mark":"image","encoding":{"url":{"field":"u"}}}""")), "inline"),
            ("render", new JsonObject { ["format"] = "png", ["scale"] = 1e9, ["spec"] = new JsonObject() }, "scale"),
        ];
        foreach (var (method, parameters, reason) in bad)
        {
            var failed = await Assert.ThrowsAsync<SidecarException>(() => client.RequestAsync(method, parameters, null, Cancellation));
            Assert.Equal(SidecarFailure.RequestFailed, failed.Failure);
            Assert.Contains(reason, failed.Message, StringComparison.Ordinal);
        }

        await client.RequestAsync("render", Render("svg"), null, Cancellation);
        Assert.Equal(id, client.ProcessId);
    }

    [Fact]
    public async Task AProcessThatDiedIsReplaced()
    {
        using var client = new SidecarClient();
        await client.RequestAsync("ping", [], null, Cancellation);
        var first = client.ProcessId!.Value;
        using (var process = Process.GetProcessById(first))
        {
            process.Kill();
            await process.WaitForExitAsync(Cancellation);
        }

        await client.RequestAsync("ping", [], null, Cancellation);
        Assert.NotEqual(first, client.ProcessId);
    }

    [Fact]
    public async Task AProcessThatDiesAtWorkIsReplacedOnceAndThenReported()
    {
        using var folder = new TemporaryFolder();
        MakeWorker(folder, "process.stdin.once('data', () => { console.error('out of cheese'); process.exit(7); });");
        using var client = new SidecarClient(folder.Path);
        var died = await Assert.ThrowsAsync<SidecarException>(() => client.RequestAsync("ping", [], null, Cancellation));
        Assert.Equal(SidecarFailure.Died, died.Failure);
        Assert.Contains("out of cheese", died.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnEndlessRequestIsStoppedAndTheProcessLivesOn()
    {
        using var folder = new TemporaryFolder();
        CopyWorker(folder, "export const run = () => { for (;;); };");
        using var client = new SidecarClient(folder.Path);
        await client.RequestAsync("ping", [], null, Cancellation);
        var id = client.ProcessId;

        var slow = await Assert.ThrowsAsync<SidecarException>(() => client.RequestAsync("render", [], TimeSpan.FromMilliseconds(300), Cancellation));
        Assert.Equal(SidecarFailure.TimedOut, slow.Failure);
        await client.RequestAsync("ping", [], null, Cancellation);

        using var cancel = new CancellationTokenSource(300);
        var watch = Stopwatch.StartNew();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.RequestAsync("render", [], null, cancel.Token));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(1.3), $"took {watch.Elapsed}");
        await client.RequestAsync("ping", [], null, Cancellation);
        Assert.Equal(id, client.ProcessId);
    }

    [Fact]
    public async Task AnInterruptIsTheParentsToHandle()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals");
        using var client = new SidecarClient();
        await client.RequestAsync("ping", [], null, Cancellation);
        var id = client.ProcessId!.Value;
        using (var kill = Process.Start("kill", ["-INT", id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync(Cancellation);
        await client.RequestAsync("ping", [], null, Cancellation);
        Assert.Equal(id, client.ProcessId);
    }

    [Fact]
    public async Task ItLeavesWhenItsParentsPipeCloses()
    {
        using var folder = new TemporaryFolder();
        CopyWorker(folder, "export const run = () => { for (;;); };");
        using var worker = Process.Start(new ProcessStartInfo("node", [Path.Combine(folder.Path, "worker.mjs")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        await worker.StandardInput.WriteLineAsync("""{"id":1,"method":"ping"}""");
        await worker.StandardInput.FlushAsync(Cancellation);
        Assert.Contains("\"id\":1", await worker.StandardOutput.ReadLineAsync(Cancellation), StringComparison.Ordinal);
        await worker.StandardInput.WriteLineAsync("""{"id":2,"method":"render"}"""); // never ends
        worker.StandardInput.Close();
        Assert.True(worker.WaitForExit(5000), "the worker outlives its input");
        Assert.Equal(0, worker.ExitCode);
    }

    [Fact]
    public void WhatIsMissingIsNamedWithTheRemedyInOneLine()
    {
        using var folder = new TemporaryFolder();
        AssertMissing(folder.File("nowhere"), "node", SidecarFolder.Variable);
        File.WriteAllText(folder.File("worker.mjs"), "");
        AssertMissing(folder.Path, "node", "npm ci");
        MakeWorker(folder, "");
        AssertMissing(folder.Path, "no-such-node", "install Node.js 20 or later");

        static void AssertMissing(string path, string node, string remedy)
        {
            using var client = new SidecarClient(path, node);
            var missing = Assert.Throws<SidecarException>(() => client.Request("ping", [], null, Cancellation));
            Assert.Equal(SidecarFailure.NotInstalled, missing.Failure);
            Assert.Contains(remedy, missing.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', missing.Message);
        }
    }

    [Fact]
    public void ADisposedClientTakesItsProcessWithIt()
    {
        Process process;
        using (var client = new SidecarClient())
        {
            client.Request("ping", [], null, Cancellation);
            process = Process.GetProcessById(client.ProcessId!.Value);
        }

        Assert.True(process.WaitForExit(5000));
        process.Dispose();
    }

    /// <summary>A folder that passes for the sidecar, with a worker of the test's own.</summary>
    private static void MakeWorker(TemporaryFolder folder, string script)
    {
        foreach (var package in (string[])["or-tools-wasm", "vega"])
            Directory.CreateDirectory(folder.File($"node_modules/{package}"));
        File.WriteAllText(folder.File("worker.mjs"), script);
    }

    /// <summary>The real worker, with another module in the place of <c>render</c>.</summary>
    private static void CopyWorker(TemporaryFolder folder, string render)
    {
        MakeWorker(folder, File.ReadAllText(Path.Combine(SidecarFolder.Require(), "worker.mjs")));
        File.Copy(Path.Combine(SidecarFolder.Require(), "compute.mjs"), folder.File("compute.mjs"));
        File.WriteAllText(folder.File("render.mjs"), render);
    }
}
