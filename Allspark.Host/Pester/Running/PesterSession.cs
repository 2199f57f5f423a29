using System.Diagnostics;
using Allspark.Host.Pester.Reports;
using Pester;

namespace Allspark.Host.Pester.Running;

/// <summary>
/// One <c>Invoke-Pester</c>: what the keywords and <c>Should</c> below it need to know of where they are. A run happens on
/// one thread, and a run inside a test hides the outer one while it lasts.
/// </summary>
internal sealed class PesterSession(PSCmdlet command, PesterConfiguration configuration)
{
    [ThreadStatic]
    private static PesterSession? _current;

    public static PesterSession? Current => _current;

    public PSCmdlet Command { get; } = command;
    public PesterConfiguration Configuration { get; } = configuration;
    public bool Discovering { get; set; }
    public ContainerInfo? CurrentContainer { get; set; }
    public Block? CurrentBlock { get; set; }
    public Test? CurrentTest { get; set; }

    /// <summary>The test or, in setups and teardowns of a block, the block.</summary>
    public TestNode CurrentNode =>
        (TestNode?)CurrentTest ?? CurrentBlock ?? throw new InvalidOperationException("No block is running.");

    /// <summary>Set while a parameter filter of a mock runs: a failed assertion there always ends it.</summary>
    public bool InParameterFilter { get; set; }
    public bool ContinuesAfterFailure =>
        !InParameterFilter && Configuration.Should.ErrorAction.Value.Equals("Continue", StringComparison.OrdinalIgnoreCase);

    public Stopwatch UserTime { get; } = new();
    public Stopwatch FrameworkTime { get; } = Stopwatch.StartNew();

    public static void Within(PesterSession session, Action body)
    {
        var outer = _current;
        _current = session;
        try
        {
            body();
        }
        finally
        {
            _current = outer;
        }
    }

    /// <summary>Runs a script of the user's and adds what it throws to <paramref name="errors"/>; false if it threw.</summary>
    public bool Try(ICollection<ErrorRecord> errors, Action script)
    {
        FrameworkTime.Stop();
        UserTime.Start();
        try
        {
            script();
            return true;
        }
        catch (LoopFlowException)
        {
            return true;   // a stray break or continue ends the script block and no more, as in a loop around it
        }
        catch (Exception failure) when (IsFailure(failure))
        {
            errors.Add(FailureText.Attach(Record(failure), Configuration));
            return false;
        }
        finally
        {
            UserTime.Stop();
            FrameworkTime.Start();
        }
    }

    /// <summary>Whether an exception is an error, and not the way that exit, break or Ctrl+C take.</summary>
    public static bool IsFailure(Exception exception) => exception is not (PipelineStoppedException or FlowControlException);

    /// <summary>The error record that a script would see for an exception in <c>$_</c>.</summary>
    public static ErrorRecord Record(Exception failure) => failure switch
    {
        IContainsErrorRecord { ErrorRecord: { Exception: ParentContainsErrorRecordException } record } =>
            new ErrorRecord(record, failure),
        IContainsErrorRecord { ErrorRecord: { } record } => record,
        _ => new ErrorRecord(failure, failure.GetType().FullName, ErrorCategory.NotSpecified, targetObject: null),
    };
}
