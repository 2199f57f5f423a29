namespace Allspark.Engine.Charts;

/// <summary>Why a chart was not made.</summary>
public enum ChartFailure
{
    /// <summary>The file's extension names no format that can be written.</summary>
    UnknownFormat,

    /// <summary>There are no rows to show, or a value that cannot be shown.</summary>
    BadRows,

    /// <summary>The scripts that an HTML chart carries are not there; the message names the remedy.</summary>
    BundleMissing,
}

/// <summary>A chart could not be made. The message is one line.</summary>
public sealed class ChartException(ChartFailure failure, string message) : Exception(message)
{
    /// <summary>Why the chart was not made.</summary>
    public ChartFailure Failure { get; } = failure;
}
