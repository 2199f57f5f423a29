using System.Text.RegularExpressions;
using Allspark.Host.Pester.Reports;
using Allspark.Host.Pester.Running;
using Pester;

namespace Allspark.Host.Pester.Assertions;

/// <summary>
/// States what a value is expected to be and fails the test if it is not. One switch names the operator; what the operator
/// needs comes after it, by name or by position.
/// </summary>
[Cmdlet(VerbsLifecycle.Assert, "PesterShould")]
[Alias("Should")]
public partial class ShouldCommand : PSCmdlet, IDynamicParameters
{
    private static readonly ScriptBlock Rethrow = PesterScript.Create("throw $args[0]");

    // The arguments without a name are dynamic parameters, for those are bound after the switches that scripts added are known.
    private static readonly ParameterAttribute First = new() { Position = 0 };
    private static readonly OrderedDictionary<string, ParameterAttribute> Others = new(
        Enumerable.Range(1, 3).Select(position => KeyValuePair.Create($"Argument{position}", new ParameterAttribute { Position = position })));

    internal static readonly AliasAttribute FirstNames =
        new("ExpectedMessage", "ExpectedType", "ExpectedContent", "RegularExpression", "ParameterName", "CommandName");

    private List<PSObject?> _input = [];

    [Parameter(ValueFromPipeline = true, ValueFromRemainingArguments = true)]
    public object? ActualValue { get; set; }

    [Parameter] public SwitchParameter Not { get; set; }
    [Parameter, Alias("EQ")] public SwitchParameter Be { get; set; }
    [Parameter, Alias("CEQ")] public SwitchParameter BeExactly { get; set; }
    [Parameter] public SwitchParameter BeNullOrEmpty { get; set; }
    [Parameter] public SwitchParameter BeTrue { get; set; }
    [Parameter] public SwitchParameter BeFalse { get; set; }
    [Parameter, Alias("GT")] public SwitchParameter BeGreaterThan { get; set; }
    [Parameter, Alias("GE")] public SwitchParameter BeGreaterOrEqual { get; set; }
    [Parameter, Alias("LT")] public SwitchParameter BeLessThan { get; set; }
    [Parameter, Alias("LE")] public SwitchParameter BeLessOrEqual { get; set; }
    [Parameter] public SwitchParameter BeIn { get; set; }
    [Parameter, Alias("HaveType")] public SwitchParameter BeOfType { get; set; }
    [Parameter] public SwitchParameter BeLike { get; set; }
    [Parameter] public SwitchParameter BeLikeExactly { get; set; }
    [Parameter] public SwitchParameter Match { get; set; }
    [Parameter, Alias("CMATCH")] public SwitchParameter MatchExactly { get; set; }
    [Parameter] public SwitchParameter Contain { get; set; }
    [Parameter] public SwitchParameter HaveCount { get; set; }
    [Parameter] public SwitchParameter Exist { get; set; }
    [Parameter] public SwitchParameter FileContentMatch { get; set; }
    [Parameter] public SwitchParameter FileContentMatchExactly { get; set; }
    [Parameter] public SwitchParameter FileContentMatchMultiline { get; set; }
    [Parameter] public SwitchParameter FileContentMatchMultilineExactly { get; set; }
    [Parameter] public SwitchParameter Throw { get; set; }
    [Parameter] public SwitchParameter HaveParameter { get; set; }
    [Parameter] public new SwitchParameter Invoke { get; set; }
    [Parameter] public SwitchParameter InvokeVerifiable { get; set; }

    [Parameter] public object? Because { get; set; }
    [Parameter] public SwitchParameter LiteralPath { get; set; }
    [Parameter] public string? ErrorId { get; set; }
    [Parameter] public Type? ExceptionType { get; set; }
    [Parameter] public SwitchParameter PassThru { get; set; }
    [Parameter] public object? Type { get; set; }
    [Parameter] public string? DefaultValue { get; set; }
    [Parameter] public SwitchParameter Mandatory { get; set; }
    [Parameter] public string? InParameterSet { get; set; }
    [Parameter] public SwitchParameter HasArgumentCompleter { get; set; }
    [Parameter] public string[]? Alias { get; set; }
    [Parameter] public int Times { get; set; } = 1;
    [Parameter] public SwitchParameter Exactly { get; set; }
    [Parameter] public ScriptBlock? ParameterFilter { get; set; }
    [Parameter] public ScriptBlock? ExclusiveFilter { get; set; }
    [Parameter] public string? ModuleName { get; set; }
    [Parameter] public string Scope { get; set; } = "0";

    /// <summary>The operator's first argument, under the names that the operators give it.</summary>
    internal object? ExpectedValue => MyInvocation.BoundParameters.GetValueOrDefault(nameof(ExpectedValue));

    /// <summary>Arguments after the first that come without a name.</summary>
    internal object?[] Rest => [.. Others.Keys.TakeWhile(IsBound).Select(name => MyInvocation.BoundParameters[name])];

    internal string ReasonClause => Reason.Clause(LanguagePrimitives.ConvertTo<string>(Because));
    internal bool IsBound(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    /// <summary>The operators that scripts added; before that, the moment at which the syntax of old is refused.</summary>
    public object GetDynamicParameters()
    {
        var start = Math.Clamp(MyInvocation.OffsetInLine - 1, 0, MyInvocation.Line.Length);
        if (SyntaxOfOld().IsMatch(MyInvocation.Line[start..]))
        {
            throw new RuntimeException("Legacy Should syntax (without dashes) is not supported in Pester 5. Please refer to "
                + "migration guide at: https://pester.dev/docs/migrations/v3-to-v4");
        }
        var parameters = CustomOperator.Parameters();
        parameters.Add(nameof(ExpectedValue), new RuntimeDefinedParameter(nameof(ExpectedValue), typeof(object), [First, FirstNames]));
        foreach (var (name, attribute) in Others)
            parameters.Add(name, new RuntimeDefinedParameter(name, typeof(object), [attribute]));
        return parameters;
    }

    protected override void ProcessRecord() => _input.Add(ActualValue is null ? null : PSObject.AsPSObject(ActualValue));

    protected override void EndProcessing()
    {
        var assertion = Assertion.Find(this);
        var left = NameRest(assertion);
        if (left.Count > 0 && _input.Count <= 1 && !MyInvocation.ExpectingInput && !IsBound(nameof(ActualValue)))
            _input = [PSObject.AsPSObject(left)];   // the value comes last where nothing is piped in
        if (assertion.TakesAll)
            Check(assertion, _input.Count == 0 ? null : _input.ToArray());
        else
        {
            foreach (var value in _input.DefaultIfEmpty(null))
                Check(assertion, value);
        }
    }

    private void Check(Assertion assertion, object? actual)
    {
        if (assertion.Explain(new Expectation(actual, ExpectedValue, Not, this)) is not { } message)
            return;
        var record = Failure.Assertion(this, message);
        var action = IsBound("ErrorAction") ? $"{MyInvocation.BoundParameters["ErrorAction"]}" : null;
        if (PesterSession.Current is not { } session || session.InParameterFilter || action is "Stop"
            || (action is null && !session.ContinuesAfterFailure))
            throw Failure.Throw(record);
        Collect(record, session);
    }

    /// <summary>Adds the failure to the running test, which goes on. Only a thrown error has a stack trace.</summary>
    private void Collect(ErrorRecord record, PesterSession session)
    {
        try
        {
            this.Call(Rethrow, record);
        }
        catch (RuntimeException failure)
        {
            session.CurrentNode.ErrorRecord.Add(FailureText.Attach(failure.ErrorRecord, session.Configuration, skippedFrames: 1));
        }
    }

    /// <summary>Gives the arguments without a name to the operator's parameters that have no value yet; returns those left.</summary>
    private List<object?> NameRest(Assertion assertion)
    {
        if (assertion.Custom is not null)
            return [];
        List<object?> values = assertion.TakesExpected || !IsBound(nameof(ExpectedValue)) ? [.. Rest] : [ExpectedValue, .. Rest];
        var open = assertion.Arguments.Where(name => !IsBound(name)).Take(values.Count).ToArray();
        foreach (var (name, value) in open.Zip(values))
        {
            var property = GetType().GetProperty(name)!;
            property.SetValue(this, LanguagePrimitives.ConvertTo(value, property.PropertyType, CultureInfo.InvariantCulture));
            MyInvocation.BoundParameters[name] = value;
        }
        return values[open.Length..];
    }

    [GeneratedRegex(@"^\s*should\s+[^-@\s]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex SyntaxOfOld();
}

/// <summary>One application of an operator: the value, the operator's first argument, and the command for the others.</summary>
internal readonly record struct Expectation(object? Actual, object? Expected, bool Negate, ShouldCommand Command)
{
    public string Reason => Command.ReasonClause;
    public string Not => Negate ? "not " : "";
    public string ActualText => ValueText.Of(Actual);
    public string ExpectedText => ValueText.Of(Expected);
}

/// <summary>
/// An operator of <c>Should</c>: <see cref="Explain"/> returns null where the expectation holds, else the message.
/// <see cref="Arguments"/> are the parameters that follow the first by position.
/// </summary>
internal sealed partial record Assertion(Func<Expectation, string?> Explain, bool TakesAll = false, bool TakesExpected = true)
{
    public string[] Arguments { get; init; } = ["Because"];

    /// <summary>The script block behind an operator that a script added.</summary>
    public CustomOperator? Custom { get; init; }

    public static Assertion Find(ShouldCommand command)
    {
        var bound = command.MyInvocation.BoundParameters.Keys;
        var named = bound.Where(_operators.ContainsKey).ToArray();
        if (named.Length == 0)
            named = [.. bound.Select(Owners.GetValueOrDefault).OfType<string>().Distinct(StringComparer.Ordinal)];
        return named is [var name]
            ? _operators[name]
            : throw new ParameterBindingException("Parameter set cannot be resolved using the specified named parameters. One or "
                + "more parameters issued cannot be used together or an insufficient number of parameters were provided.");
    }
}
