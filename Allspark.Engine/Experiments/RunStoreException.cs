namespace Allspark.Engine.Experiments;

/// <summary>Why a run store cannot be used.</summary>
public enum RunStoreFailure
{
    /// <summary>There is no such file, or no such folder to make it in.</summary>
    NotFound,

    /// <summary>The file is no SQLite database.</summary>
    NotADatabase,

    /// <summary>The file is a SQLite database, but holds something else than runs.</summary>
    NotARunStore,

    /// <summary>The store was written by a newer version of Allspark.</summary>
    NewerSchema,


    /// <summary>The database is damaged.</summary>
    Corrupt,

    /// <summary>The file or its folder must not be written.</summary>
    ReadOnly,

    /// <summary>Another process held the database for longer than the time allowed.</summary>
    Locked,

    /// <summary>The disk or the operating system refused.</summary>
    Unavailable,
}

/// <summary>A run store cannot be used. The message is one line that names the file and the remedy.</summary>
public sealed class RunStoreException : Exception
{
    /// <summary>Makes the exception.</summary>
    public RunStoreException(RunStoreFailure failure, string path, string message, Exception? innerException = null)
        : base($"{path}: {message}", innerException)
    {
        Failure = failure;
        Path = path;
    }

    /// <summary>Why the store cannot be used.</summary>
    public RunStoreFailure Failure { get; }

    /// <summary>The store's file.</summary>
    public string Path { get; }
}
