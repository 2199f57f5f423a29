namespace Allspark.Engine.Charts;

/// <summary>Why a chart was not made.</summary>
public enum ChartFailure
{
    /// <summary>The file's extension names no format that can be written, or none for this kind of chart.</summary>
    UnknownFormat,

    /// <summary>There is nothing to show, or a value that cannot be shown, or more than can be told apart.</summary>
    BadRows,

    /// <summary>No result has a figure or parameter of that name; the message lists the names.</summary>
    UnknownFigure,

    /// <summary>The library that draws pictures has none for this platform.</summary>
    NoNativeLibrary,
}

/// <summary>A chart could not be made. The message is one line.</summary>
public sealed class ChartException(ChartFailure failure, string message) : Exception(message)
{
    /// <summary>Why the chart was not made.</summary>
    public ChartFailure Failure { get; } = failure;
}
