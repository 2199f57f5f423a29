using Allspark.Host.Pester.Running;

namespace Allspark.Host.Pester.Assertions;

/// <summary><c>Should -Throw</c>: runs a script block and looks at the error that ends it.</summary>
internal static class ThrowAssertion
{
    public static string? Explain(Expectation it)
    {
        if (ValueText.Bare(it.Actual) is not ScriptBlock script)
        {
            throw new ArgumentException("Input is missing or not a ScriptBlock. Input to '-Throw' and '-Not -Throw' must be "
                + "enclosed in curly braces.");
        }
        var error = Run(it.Command, script);
        if (it.Negate)
        {
            return error is null
                ? null
                : $"Expected no exception to be thrown,{it.Reason} but an exception \"{error.Exception.Message}\" was thrown "
                    + $"{Site(error)}.";
        }
        var (filters, buts) = Compare(it, error);
        if (buts.Count > 0)
        {
            var filter = filters.Count > 0 ? $" with {ValueText.List(filters)}" : "";
            return $"Expected an exception{filter} to be thrown,{it.Reason} but {ValueText.List(buts)}. {Site(error)}".Trim();
        }
        if (it.Command.PassThru)
            it.Command.WriteObject(error);
        return null;
    }

    private static (List<string> Filters, List<string> Buts) Compare(Expectation it, ErrorRecord? error)
    {
        var (filters, buts) = (new List<string>(), new List<string>());
        if (it.Command.ExceptionType is { } type)
        {
            filters.Add($"type {ValueText.Of(type)}");
            if (error is not null && !type.IsInstanceOfType(error.Exception))
                buts.Add($"the exception type was {ValueText.Of(error.Exception.GetType())}");
        }
        var message = LanguagePrimitives.ConvertTo<string>(it.Expected);
        if (!string.IsNullOrWhiteSpace(message))
        {
            filters.Add($"message like {ValueText.Of(WildcardPattern.Unescape(message))}");
            if (error is not null && !Operator.Holds(error.Exception.Message, "like", message))
                buts.Add($"the message was {ValueText.Of(error.Exception.Message)}");
        }
        if (!string.IsNullOrWhiteSpace(it.Command.ErrorId))
        {
            filters.Add($"FullyQualifiedErrorId {ValueText.Of(it.Command.ErrorId)}");
            if (error is not null && !Operator.Holds(error.FullyQualifiedErrorId, "like", it.Command.ErrorId))
                buts.Add($"the FullyQualifiedErrorId was {ValueText.Of(error.FullyQualifiedErrorId)}");
        }
        if (error is null)
            buts.Add("no exception was thrown");
        return (filters, buts);
    }

    private static ErrorRecord? Run(PSCmdlet command, ScriptBlock script)
    {
        try
        {
            command.Call(script);
            return null;
        }
        catch (LoopFlowException)
        {
            return null;
        }
        catch (Exception failure) when (PesterSession.IsFailure(failure))
        {
            return PesterSession.Record(failure);
        }
    }

    private static string Site(ErrorRecord? error)
    {
        var lines = (error?.InvocationInfo?.PositionMessage ?? "").Split('\n').Select(line => line.TrimEnd('\r'))
            .Where(line => !string.IsNullOrWhiteSpace(line));
        var text = string.Join("\n    ", lines);
        return text.StartsWith("At ", StringComparison.Ordinal) ? $"from {text[3..]}" : text;
    }
}
