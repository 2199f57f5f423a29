using System.Management.Automation;
using System.Security;
using Allspark.Engine.Charts;
using Allspark.Engine.Experiments;
using Allspark.Engine.Import;
using Allspark.Engine.Models;
using Allspark.Engine.Scheduling;
using Allspark.Engine.Simulation.Network;
using Allspark.Engine.Specifications;

namespace Allspark.PowerShell.Errors;

/// <summary>The engine's exceptions as error records with stable ids; docs/cmdlets.md lists them.</summary>
internal static class ErrorRecords
{
    /// <summary>Whether the exception tells a user what is wrong; anything else is a defect and ends the pipeline.</summary>
    public static bool IsExpected(Exception exception) => Classify(exception) is not null;

    /// <summary>The error record of an expected exception.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="target">What could not be worked on.</param>
    public static ErrorRecord Of(Exception exception, object? target)
    {
        var (id, category) = Classify(exception) ?? ("Unexpected", ErrorCategory.NotSpecified);
        return new ErrorRecord(ForUser(exception), id, category, target);
    }

    // .NET adds the name of its own parameter, and the value on a line of its own; a user of the command knows neither.
    private static Exception ForUser(Exception exception)
    {
        if (exception is not ArgumentException { ParamName: not null })
            return exception;
        var end = exception.Message.LastIndexOf(" (Parameter '", StringComparison.Ordinal);
        return end < 0 ? exception : new ArgumentException(exception.Message[..end], exception);
    }

    private static (string Id, ErrorCategory Category)? Classify(Exception exception) => exception switch
    {
        CommandException own => (own.Id, own.Category),
        UnknownPresetException => ("UnknownPreset", ErrorCategory.ObjectNotFound),
        SpecificationException => ("InvalidSpecification", ErrorCategory.InvalidData),
        ModelImportException => ("InvalidModelFile", ErrorCategory.InvalidData),
        CycleLimitException => ("CycleLimit", ErrorCategory.LimitsExceeded),
        InfeasibleScheduleException => ("CapacityExceeded", ErrorCategory.LimitsExceeded),
        EnergyBudgetException => ("EnergyBudgetTooLow", ErrorCategory.LimitsExceeded),
        TimeLimitException => ("TimeLimitReached", ErrorCategory.OperationTimeout),
        RunStoreException store => Classify(store.Failure),
        ChartException chart => Classify(chart.Failure),
        SolverException { Failure: SolverFailure.NotAvailable } => ("SolverNotAvailable", ErrorCategory.NotInstalled),
        SolverException => ("SolverFailed", ErrorCategory.InvalidResult),
        NotSupportedException => ("NotSupported", ErrorCategory.NotImplemented),
        ArgumentException and not ArgumentNullException => ("InvalidArgument", ErrorCategory.InvalidArgument),
        FileNotFoundException or DirectoryNotFoundException or ItemNotFoundException => ("PathNotFound", ErrorCategory.ObjectNotFound),
        UnauthorizedAccessException or SecurityException => ("AccessDenied", ErrorCategory.PermissionDenied),
        IOException => ("FileNotAccessible", ErrorCategory.ResourceUnavailable),
        _ => null,
    };

    private static (string Id, ErrorCategory Category) Classify(RunStoreFailure failure) => failure switch
    {
        RunStoreFailure.NotFound => ("RunStoreNotFound", ErrorCategory.ObjectNotFound),
        RunStoreFailure.NotADatabase or RunStoreFailure.NotARunStore => ("NotARunStore", ErrorCategory.InvalidData),
        RunStoreFailure.NewerSchema => ("RunStoreVersion", ErrorCategory.InvalidData),
        RunStoreFailure.Corrupt => ("RunStoreCorrupt", ErrorCategory.InvalidData),
        RunStoreFailure.ReadOnly => ("RunStoreReadOnly", ErrorCategory.PermissionDenied),
        RunStoreFailure.Locked => ("RunStoreLocked", ErrorCategory.ResourceBusy),
        _ => ("RunStoreUnavailable", ErrorCategory.ResourceUnavailable),
    };

    private static (string Id, ErrorCategory Category) Classify(ChartFailure failure) => failure switch
    {
        ChartFailure.UnknownFormat => ("UnknownChartFormat", ErrorCategory.InvalidArgument),
        ChartFailure.BadRows => ("NothingToChart", ErrorCategory.InvalidData),
        ChartFailure.UnknownFigure => ("UnknownFigure", ErrorCategory.ObjectNotFound),
        _ => ("PictureLibraryMissing", ErrorCategory.NotInstalled),
    };
}
