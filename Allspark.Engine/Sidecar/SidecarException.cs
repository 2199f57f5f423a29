namespace Allspark.Engine.Sidecar;

/// <summary>Why the sidecar could not answer.</summary>
public enum SidecarFailure
{
    /// <summary>Node.js, the sidecar's folder or its packages are missing; the message names the remedy.</summary>
    NotInstalled,

    /// <summary>The request was understood and refused, or failed in the work itself.</summary>
    RequestFailed,

    /// <summary>The process ended before it answered, also after it was started anew.</summary>
    Died,

    /// <summary>No answer came within the time allowed; the work was stopped.</summary>
    TimedOut,
}

/// <summary>The sidecar process could not do what was asked. The message is one line.</summary>
public sealed class SidecarException : Exception
{
    /// <summary>Makes the exception.</summary>
    public SidecarException(SidecarFailure failure, string message, Exception? innerException = null)
        : base(message, innerException) => Failure = failure;

    /// <summary>Why the sidecar could not answer.</summary>
    public SidecarFailure Failure { get; }
}
