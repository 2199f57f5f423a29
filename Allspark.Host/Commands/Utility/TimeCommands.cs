using System.Diagnostics;

namespace Microsoft.PowerShell.Commands;

[Cmdlet(VerbsCommon.New, "TimeSpan", DefaultParameterSetName = "Date", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096709",
    RemotingCapability = RemotingCapability.None)]
[OutputType(typeof(TimeSpan))]
public sealed class NewTimeSpanCommand : PSCmdlet
{
    private DateTime? _start;
    private DateTime? _end;

    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Date")]
    [Alias("LastWriteTime")]
    public DateTime Start { get => _start ?? default; set => _start = value; }

    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = "Date")]
    public DateTime End { get => _end ?? default; set => _end = value; }

    [Parameter(ParameterSetName = "Time")]
    public int Days { get; set; }

    [Parameter(ParameterSetName = "Time")]
    public int Hours { get; set; }

    [Parameter(ParameterSetName = "Time")]
    public int Minutes { get; set; }

    [Parameter(ParameterSetName = "Time")]
    public int Seconds { get; set; }

    [Parameter(ParameterSetName = "Time")]
    public int Milliseconds { get; set; }

    protected override void ProcessRecord()
    {
        var now = DateTime.Now;
        WriteObject(ParameterSetName == "Date"
            ? (_end ?? now).Subtract(_start ?? now)
            : new TimeSpan(Days, Hours, Minutes, Seconds, Milliseconds));
    }
}

[Cmdlet(VerbsLifecycle.Start, "Sleep", DefaultParameterSetName = "Seconds", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2097041")]
public sealed class StartSleepCommand : PSCmdlet, IDisposable
{
    private readonly ManualResetEventSlim _stopped = new();

    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "Seconds", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0.0, (double)(int.MaxValue / 1000))]
    public double Seconds { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "Milliseconds", ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0, int.MaxValue)]
    [Alias("ms")]
    public int Milliseconds { get; set; }

    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "FromTimeSpan", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateRange(ValidateRangeKind.NonNegative)]
    [Alias("ts")]
    public TimeSpan Duration { get; set; }

    protected override void ProcessRecord() => _stopped.Wait(ParameterSetName switch
    {
        "Seconds" => TimeSpan.FromMilliseconds((int)(Seconds * 1000)),
        "Milliseconds" => TimeSpan.FromMilliseconds(Milliseconds),
        _ => Duration,
    });

    protected override void StopProcessing() => _stopped.Set();

    public void Dispose() => _stopped.Dispose();
}

[Cmdlet(VerbsDiagnostic.Measure, "Command", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2097029", RemotingCapability = RemotingCapability.None)]
[OutputType(typeof(TimeSpan))]
public sealed class MeasureCommandCommand : PSCmdlet
{
    private readonly Stopwatch _watch = new();

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0, Mandatory = true)]
    public ScriptBlock Expression { get; set; } = ScriptBlock.Create("");

    protected override void ProcessRecord()
    {
        _watch.Start();
        EngineInternals.InvokeDiscardingOutput(Expression, InputObject);
        _watch.Stop();
    }

    protected override void EndProcessing() => WriteObject(_watch.Elapsed);
}

[Cmdlet(VerbsCommon.Get, "Uptime", DefaultParameterSetName = "Timespan", HelpUri = "https://go.microsoft.com/fwlink/?linkid=834862")]
[OutputType(typeof(TimeSpan), ParameterSetName = ["Timespan"])]
[OutputType(typeof(DateTime), ParameterSetName = ["Since"])]
public class GetUptimeCommand : PSCmdlet
{
    [Parameter(ParameterSetName = "Since")]
    public SwitchParameter Since { get; set; }

    protected override void ProcessRecord()
    {
        var uptime = TimeSpan.FromSeconds(Stopwatch.GetTimestamp() / Stopwatch.Frequency);
        WriteObject(Since ? DateTime.Now.Subtract(uptime) : uptime);
    }
}
