using System.Collections.ObjectModel;
using System.Management.Automation.Runspaces;
using Allspark.Host.Session;

namespace Allspark.Host.Pester.Running;

/// <summary>Runs script blocks for a cmdlet: output is returned, errors go to the cmdlet's error stream as they come.</summary>
internal static class ScriptInvocation
{
    /// <summary>Runs a script block in a scope of its own.</summary>
    public static Collection<PSObject> Call(this PSCmdlet command, ScriptBlock script, params object?[] arguments) =>
        Run(command, script, ownScope: true, arguments);

    /// <summary>Runs a script block in the scope that is open.</summary>
    public static Collection<PSObject> Dot(this PSCmdlet command, ScriptBlock script, params object?[] arguments) =>
        Run(command, script, ownScope: false, arguments);

    private static Collection<PSObject> Run(PSCmdlet command, ScriptBlock script, bool ownScope, object?[] arguments)
    {
        var runspace = Runspace.DefaultRunspace!;
        var former = EngineAccess.ExchangeErrorOutput(runspace, new ErrorForwarder(command));
        try
        {
            return command.InvokeCommand.InvokeScript(ownScope, script, input: null, arguments);
        }
        finally
        {
            EngineAccess.ExchangeErrorOutput(runspace, former);
        }
    }

    /// <summary>The engine writes errors of a script block past the cmdlet that runs it; this leads them back.</summary>
    private sealed class ErrorForwarder(PSCmdlet command) : PipelineWriter
    {
        public override WaitHandle WaitHandle => throw new NotSupportedException();
        public override bool IsOpen => true;
        public override int Count => 0;
        public override int MaxCapacity => int.MaxValue;

        public override void Close() { }

        public override void Flush() { }

        public override int Write(object obj) => Write(obj, enumerateCollection: false);

        public override int Write(object obj, bool enumerateCollection)
        {
            if ((obj is PSObject wrapped ? wrapped.BaseObject : obj) is ErrorRecord record)
            {
                EngineAccess.WriteError(command, record);
            }
            return 1;
        }
    }
}
