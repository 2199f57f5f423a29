using System.Collections.ObjectModel;
using DriveNotFoundException = System.Management.Automation.DriveNotFoundException;

namespace Microsoft.PowerShell.Commands;

/// <summary>A command that works through the providers: its filters, its context and how it reports failures.</summary>
public abstract class CoreCommandBase : PSCmdlet, IDynamicParameters
{
    private readonly List<object> contexts = [];
    private object? dynamicParameters;

    /// <summary>The provider's own filter; a parameter where a command redeclares it so.</summary>
    public virtual string? Filter { get; set; }

    /// <summary>Wildcards of which a name must match one; a parameter where a command redeclares it so.</summary>
    public virtual string[] Include { get; set; } = [];

    /// <summary>Wildcards of which a name may match none; a parameter where a command redeclares it so.</summary>
    public virtual string[] Exclude { get; set; } = [];

    /// <summary>Reach hidden and read-only items; a parameter where a command redeclares it so.</summary>
    public virtual SwitchParameter Force { get; set; }

    internal bool SuppressWildcardExpansion { get; private set; }

    internal virtual PSCredential? ContextCredential => null;

    /// <summary>The parameters that the provider of the command's path adds.</summary>
    public object? GetDynamicParameters()
    {
        try
        {
            dynamicParameters = GetDynamicParameters(NewContext(passThru: false));
        }
        catch (Exception e) when (e is ItemNotFoundException or ProviderNotFoundException or DriveNotFoundException)
        {
            dynamicParameters = null;
        }
        return dynamicParameters;
    }

    internal virtual object? GetDynamicParameters(object context) => null;

    /// <summary>A context for the engine; it writes what the provider returns where <paramref name="passThru"/> is set.</summary>
    internal object NewContext(bool passThru = true)
    {
        var context = ProviderBridge.NewContext(this, ContextCredential);
        ProviderBridge.SetForce(context, Force);
        ProviderBridge.SetFilters(context, ToCollection(Include), ToCollection(Exclude), Filter);
        ProviderBridge.SetLiteral(context, SuppressWildcardExpansion);
        ProviderBridge.SetDynamicParameters(context, dynamicParameters);
        ProviderBridge.SetPassThru(context, passThru);
        contexts.Add(context);
        return context;
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => contexts.ForEach(ProviderBridge.StopProcessing);

    /// <summary>Marks the paths as literal; for the setters of the LiteralPath parameters.</summary>
    internal T Literally<T>(T paths)
    {
        SuppressWildcardExpansion = true;
        return paths;
    }

    /// <summary>Runs an operation and writes its failure as an error if it is of the kinds providers report per path.</summary>
    internal bool Attempt(Action operation)
    {
        try
        {
            operation();
            return true;
        }
        catch (Exception e) when (IsReported(e))
        {
            WriteError(e);
            return false;
        }
    }

    /// <summary>As <see cref="Attempt(Action)"/>, for an operation with a result; null if it failed.</summary>
    internal T? Attempt<T>(Func<T> operation) where T : class
    {
        T? result = null;
        Attempt(() => { result = operation(); });
        return result;
    }

    internal virtual bool IsReported(Exception e) =>
        e is PSNotSupportedException or DriveNotFoundException or ProviderNotFoundException or ItemNotFoundException;

    /// <summary>Writes the error record that an exception of the engine carries.</summary>
    internal void WriteError(Exception e) => WriteError(new ErrorRecord(((IContainsErrorRecord)e).ErrorRecord, e));

    internal static string FirstOf(string[]? paths) => paths is [var first, ..] ? first : ".";

    internal static Collection<string> ToCollection(string[]? values) => [.. values ?? []];
}

/// <summary>A provider command that takes a credential.</summary>
public class CoreCommandWithCredentialsBase : CoreCommandBase
{
    /// <summary>Who to work as, where the provider knows users.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Credential]
    public PSCredential? Credential { get; set; }

    internal override PSCredential? ContextCredential => Credential;
}

/// <summary>A command that filters narrow.</summary>
public abstract class FilteredCommandBase : CoreCommandWithCredentialsBase
{
    /// <inheritdoc/>
    [Parameter]
    public override string? Filter { get; set; }

    /// <inheritdoc/>
    [Parameter]
    public override string[] Include { get; set; } = [];

    /// <inheritdoc/>
    [Parameter]
    public override string[] Exclude { get; set; } = [];
}

/// <summary>A command on the items that paths name, narrowed by filters.</summary>
public abstract class PathCommandBase : FilteredCommandBase
{
    /// <summary>The items; wildcards allowed.</summary>
    [Parameter(Position = 0, ParameterSetName = "Path", Mandatory = true,
        ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[] Path { get; set; } = [];

    /// <summary>The items; every character as it is.</summary>
    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string[] LiteralPath
    {
        get => Path;
        set => Path = Literally(value);
    }

    /// <summary>Runs an operation on each path; a failure of one does not keep it from the others.</summary>
    internal void ForEachPath(Action<string> operation)
    {
        foreach (var path in Path)
            Attempt(() => operation(path));
    }
}
