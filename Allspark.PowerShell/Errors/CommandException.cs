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
    public static CommandException WrongInput(object input, string wanted) =>
        new("WrongInput", ErrorCategory.InvalidType, $"A {input.GetType().Name} is not what this command takes. Pipe {wanted}.");
}
