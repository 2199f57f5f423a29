using System.Management.Automation;

namespace Allspark.PowerShell.Errors;

/// <summary>What a command itself finds wrong with what it was given.</summary>
internal sealed class CommandException(string id, ErrorCategory category, string message) : Exception(message)
{
    /// <summary>The first part of the error's FullyQualifiedErrorId.</summary>
    public string Id { get; } = id;

    /// <summary>The kind of error.</summary>
    public ErrorCategory Category { get; } = category;

    /// <summary>There is nothing that a result could be held against.</summary>
    public static CommandException NoReference(string message) => new("ReferenceNotFound", ErrorCategory.ObjectNotFound, message);

    /// <summary>An object came down the pipeline that the command does nothing with.</summary>
    /// <param name="input">The object.</param>
    /// <param name="taken">What the command takes, the usual type first.</param>
    public static CommandException WrongInput(object input, params IReadOnlyList<Type> taken) => new(
        "WrongInput", ErrorCategory.InvalidType, PipelineStep.Refusal(input is PSObject wrapped ? wrapped.BaseObject : input, taken)!);

    /// <summary>A parameter was given that nothing would come of.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="reason">Why, and what gives it an effect.</param>
    public static CommandException WithoutEffect(string parameter, string reason) =>
        new("ParameterWithoutEffect", ErrorCategory.InvalidArgument, $"-{parameter} would have no effect: {reason}.");
}
