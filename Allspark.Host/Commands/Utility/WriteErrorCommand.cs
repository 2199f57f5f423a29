namespace Microsoft.PowerShell.Commands;

/// <summary>What Write-Error reports when it is given a message only.</summary>
public class WriteErrorException : SystemException
{
    public WriteErrorException()
        : base("The Write-Error cmdlet reported an error.")
    {
    }

    public WriteErrorException(string message)
        : base(message)
    {
    }

    public WriteErrorException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

[Cmdlet(VerbsCommunications.Write, "Error", DefaultParameterSetName = "NoException",
    HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2097039", RemotingCapability = RemotingCapability.None)]
public sealed class WriteErrorCommand : PSCmdlet
{
    [Parameter(Position = 0, ParameterSetName = "WithException", Mandatory = true)]
    public Exception? Exception { get; set; }

    [Parameter(Position = 0, ParameterSetName = "NoException", Mandatory = true, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = "WithException")]
    [AllowNull]
    [AllowEmptyString]
    [Alias("Msg")]
    public string? Message { get; set; }

    [Parameter(Position = 0, ParameterSetName = "ErrorRecord", Mandatory = true)]
    public ErrorRecord? ErrorRecord { get; set; }

    [Parameter(ParameterSetName = "NoException")]
    [Parameter(ParameterSetName = "WithException")]
    public ErrorCategory Category { get; set; } = ErrorCategory.NotSpecified;

    [Parameter(ParameterSetName = "NoException")]
    [Parameter(ParameterSetName = "WithException")]
    public string ErrorId { get; set; } = "";

    [Parameter(ParameterSetName = "NoException")]
    [Parameter(ParameterSetName = "WithException")]
    public object? TargetObject { get; set; }

    [Parameter]
    public string RecommendedAction { get; set; } = "";

    [Parameter]
    [Alias("Activity")]
    public string CategoryActivity { get; set; } = "";

    [Parameter]
    [Alias("Reason")]
    public string CategoryReason { get; set; } = "";

    [Parameter]
    [Alias("TargetName")]
    public string CategoryTargetName { get; set; } = "";

    [Parameter]
    [Alias("TargetType")]
    public string CategoryTargetType { get; set; } = "";

    protected override void ProcessRecord()
    {
        var record = ErrorRecord is null ? Create() : new ErrorRecord(ErrorRecord, replaceParentContainsErrorRecordException: null);
        if (RecommendedAction.Length > 0)
        {
            record.ErrorDetails ??= new ErrorDetails(record.ToString());
            record.ErrorDetails.RecommendedAction = RecommendedAction;
        }
        if (CategoryActivity.Length > 0)
            record.CategoryInfo.Activity = CategoryActivity;
        if (CategoryReason.Length > 0)
            record.CategoryInfo.Reason = CategoryReason;
        if (CategoryTargetName.Length > 0)
            record.CategoryInfo.TargetName = CategoryTargetName;
        if (CategoryTargetType.Length > 0)
            record.CategoryInfo.TargetType = CategoryTargetType;

        // The error is the script's, not this cmdlet's: it points at the caller.
        if (GetVariableValue("MyInvocation") is InvocationInfo caller)
        {
            EngineInternals.SetInvocation(record, caller);
            record.CategoryInfo.Activity = CategoryActivity.Length > 0 ? CategoryActivity : "Write-Error";
        }
        WriteError(record);
    }

    private ErrorRecord Create()
    {
        var failure = Exception ?? new WriteErrorException(Message ?? "");
        var id = ErrorId.Length > 0 ? ErrorId : failure.GetType().FullName!;
        var record = new ErrorRecord(failure, id, Category, TargetObject);
        if (Exception is not null && !string.IsNullOrEmpty(Message))
            record.ErrorDetails = new ErrorDetails(Message);
        return record;
    }
}
