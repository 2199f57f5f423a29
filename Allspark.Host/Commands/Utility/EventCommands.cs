namespace Microsoft.PowerShell.Commands;

[Cmdlet(VerbsLifecycle.Register, "EngineEvent", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2097128")]
[OutputType(typeof(PSEventJob))]
public class RegisterEngineEventCommand : ObjectEventRegistrationBase
{
    [Parameter(Mandatory = true, Position = 100)]
    public new string SourceIdentifier { get => base.SourceIdentifier; set => base.SourceIdentifier = value; }

    protected override object? GetSourceObject()
    {
        if (Action is null && !Forward)
        {
            ThrowTerminatingError(new ErrorRecord(new ArgumentException("The action must be specified for non-forwarded events."),
                "ACTION_MANDATORY_FOR_LOCAL", ErrorCategory.InvalidArgument, targetObject: null));
        }
        return null;
    }

    protected override string? GetSourceObjectEventName() => null;
}

[Cmdlet(VerbsLifecycle.Register, "ObjectEvent", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096714")]
[OutputType(typeof(PSEventJob))]
public class RegisterObjectEventCommand : ObjectEventRegistrationBase
{
    [Parameter(Mandatory = true, Position = 0)]
    public PSObject InputObject { get; set; } = new();

    [Parameter(Mandatory = true, Position = 1)]
    public string EventName { get; set; } = "";

    protected override object GetSourceObject() => InputObject;

    protected override string GetSourceObjectEventName() => EventName;
}

[Cmdlet(VerbsCommon.Get, "Event", DefaultParameterSetName = "BySource", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2097019")]
[OutputType(typeof(PSEventArgs))]
public class GetEventCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = "BySource")]
    public string? SourceIdentifier { get; set; }

    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = "ById")]
    [Alias("Id")]
    public int EventIdentifier { get; set; } = -1;

    protected override void EndProcessing()
    {
        var pattern = SourceIdentifier is null ? null : WildcardPattern.Get(SourceIdentifier, WildcardOptions.IgnoreCase);
        PSEventArgs[] found;
        lock (Events.ReceivedEvents.SyncRoot)
        {
            found = [.. Events.ReceivedEvents.Where(received => (pattern is null || pattern.IsMatch(received.SourceIdentifier))
                && (EventIdentifier < 0 || received.EventIdentifier == EventIdentifier))];
        }
        foreach (var received in found)
            WriteObject(received);
        if (found.Length > 0)
            return;
        if (EventIdentifier >= 0)
            EventErrors.WriteNotFound(this, $"Event with identifier '{EventIdentifier}' does not exist.");
        else if (SourceIdentifier is not null && !WildcardPattern.ContainsWildcardCharacters(SourceIdentifier))
            EventErrors.WriteNotFound(this, $"Event with source identifier '{SourceIdentifier}' does not exist.");
    }
}

[Cmdlet(VerbsCommon.New, "Event", HelpUri = "https://go.microsoft.com/fwlink/?LinkId=2096811")]
[OutputType(typeof(PSEventArgs))]
public class NewEventCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true)]
    public string SourceIdentifier { get; set; } = "";

    [Parameter(Position = 1)]
    public PSObject? Sender { get; set; }

    [Parameter(Position = 2)]
    public PSObject[]? EventArguments { get; set; }

    [Parameter(Position = 3)]
    public PSObject? MessageData { get; set; }

    protected override void EndProcessing() => WriteObject(Events.GenerateEvent(SourceIdentifier, Sender?.BaseObject,
        EventArguments?.Select(argument => argument?.BaseObject).ToArray() ?? [], MessageData, processInCurrentThread: true,
        waitForCompletionInCurrentThread: false));
}

[Cmdlet(VerbsLifecycle.Wait, "Event", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2097042")]
[OutputType(typeof(PSEventArgs))]
public class WaitEventCommand : PSCmdlet, IDisposable
{
    private readonly AutoResetEvent _received = new(initialState: false);
    private PSEventArgs? _found;

    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    public string? SourceIdentifier { get; set; }

    [Parameter]
    [Alias("TimeoutSec")]
    [ValidateRange(-1, int.MaxValue)]
    public int Timeout { get; set; } = -1;

    protected override void ProcessRecord()
    {
        const int PollMilliseconds = 200;
        var end = Timeout < 0 ? DateTime.MaxValue : DateTime.UtcNow.AddSeconds(Timeout);
        Events.ReceivedEvents.PSEventReceived += OnReceived;
        try
        {
            lock (Events.ReceivedEvents.SyncRoot)
                Look(Events.ReceivedEvents);
            while (_found is null && !Stopping && DateTime.UtcNow < end)
            {
                // Actions and events of other threads are delivered by the thread that runs the pipeline.
                EngineInternals.CallByName(Events, "ProcessPendingActions");
                _received.WaitOne(PollMilliseconds);
            }
        }
        finally
        {
            Events.ReceivedEvents.PSEventReceived -= OnReceived;
        }
        if (_found is not null)
            WriteObject(_found);
    }

    private void OnReceived(object? sender, PSEventArgs received) => Look([received]);

    private void Look(IEnumerable<PSEventArgs> events)
    {
        var pattern = SourceIdentifier is null ? null : WildcardPattern.Get(SourceIdentifier, WildcardOptions.IgnoreCase);
        _found ??= events.FirstOrDefault(received => pattern is null || pattern.IsMatch(received.SourceIdentifier));
        if (_found is not null)
            _received.Set();
    }

    protected override void StopProcessing() => _received.Set();

    public void Dispose()
    {
        _received.Dispose();
        GC.SuppressFinalize(this);
    }
}

[Cmdlet(VerbsCommon.Remove, "Event", SupportsShouldProcess = true, DefaultParameterSetName = "BySource",
    HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096715")]
public class RemoveEventCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = "BySource")]
    public string? SourceIdentifier { get; set; }

    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = "ByIdentifier")]
    public int EventIdentifier { get; set; } = -1;

    protected override void ProcessRecord()
    {
        var pattern = SourceIdentifier is null ? null : WildcardPattern.Get(SourceIdentifier, WildcardOptions.IgnoreCase);
        var found = false;
        lock (Events.ReceivedEvents.SyncRoot)
        {
            for (var i = Events.ReceivedEvents.Count - 1; i >= 0; i--)
            {
                var received = Events.ReceivedEvents[i];
                if (pattern is null ? received.EventIdentifier != EventIdentifier : !pattern.IsMatch(received.SourceIdentifier))
                    continue;
                found = true;
                if (ShouldProcess($"Event '{received.SourceIdentifier}'", "Remove"))
                    Events.ReceivedEvents.RemoveAt(i);
            }
        }
        if (found)
            return;
        if (EventIdentifier >= 0)
            EventErrors.WriteNotFound(this, $"Event with identifier '{EventIdentifier}' does not exist.");
        else if (!WildcardPattern.ContainsWildcardCharacters(SourceIdentifier))
            EventErrors.WriteNotFound(this, $"Event with source identifier '{SourceIdentifier}' does not exist.");
    }
}

/// <summary>How a subscription is named: by its source, or by its number.</summary>
public abstract class EventSubscriberCommandBase : PSCmdlet
{
    internal IEnumerable<PSEventSubscriber> Matching(string? source, int subscription, bool force)
    {
        var pattern = source is null ? null : WildcardPattern.Get(source, WildcardOptions.IgnoreCase);
        var found = Events.Subscribers.Where(subscriber => (!subscriber.SupportEvent || force)
            && (pattern is null || pattern.IsMatch(subscriber.SourceIdentifier))
            && (subscription < 0 || subscriber.SubscriptionId == subscription)).ToList();
        if (found.Count == 0 && subscription >= 0)
            EventErrors.WriteNotFound(this, $"Event subscription with identifier '{subscription}' does not exist.", "INVALID_SUBSCRIPTION_IDENTIFIER");
        else if (found.Count == 0 && source is not null && !WildcardPattern.ContainsWildcardCharacters(source))
            EventErrors.WriteNotFound(this, $"Event subscription with source identifier '{source}' does not exist.", "INVALID_SOURCE_IDENTIFIER");
        return found;
    }
}

[Cmdlet(VerbsCommon.Get, "EventSubscriber", DefaultParameterSetName = "BySource", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096607")]
[OutputType(typeof(PSEventSubscriber))]
public class GetEventSubscriberCommand : EventSubscriberCommandBase
{
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = "BySource")]
    public string? SourceIdentifier { get; set; }

    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = "ById")]
    [Alias("Id")]
    public int SubscriptionId { get; set; } = -1;

    [Parameter(Position = 1)]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord() => WriteObject(Matching(SourceIdentifier, SubscriptionId, Force), enumerateCollection: true);
}

[Cmdlet(VerbsLifecycle.Unregister, "Event", SupportsShouldProcess = true, DefaultParameterSetName = "BySource",
    HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2097038")]
public class UnregisterEventCommand : EventSubscriberCommandBase
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = "BySource")]
    public string? SourceIdentifier { get; set; }

    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = "ById")]
    public int SubscriptionId { get; set; } = -1;

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var subscriber in Matching(SourceIdentifier, SubscriptionId, Force))
        {
            if (ShouldProcess($"Event subscription '{subscriber.SourceIdentifier}'", "Unsubscribe"))
                Events.UnsubscribeEvent(subscriber);
        }
    }
}

/// <summary>What the event cmdlets report where nothing matches.</summary>
internal static class EventErrors
{
    public static void WriteNotFound(Cmdlet cmdlet, string message, string id = "INVALID_SOURCE_IDENTIFIER") => cmdlet.WriteError(
        new ErrorRecord(new ArgumentException(message), id, ErrorCategory.InvalidArgument, targetObject: null));
}
