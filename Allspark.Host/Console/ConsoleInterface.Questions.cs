using System.Collections.ObjectModel;
using System.Management.Automation.Host;
using System.Security;

namespace Allspark.Host.Console;

/// <summary>The half of the interface that asks: lines, secrets, parameter values, choices.</summary>
internal sealed partial class ConsoleInterface
{
    public override string ReadLine()
    {
        RefuseIfNonInteractive();
        return Keyboard.Line() ?? "";
    }

    public override SecureString ReadLineAsSecureString()
    {
        RefuseIfNonInteractive();
        var line = Keyboard.Line(secret: true) ?? "";
        var secret = new SecureString();
        foreach (var c in line)
            secret.AppendChar(c);
        return secret;
    }

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions)
    {
        RefuseIfNonInteractive();
        ArgumentNullException.ThrowIfNull(descriptions);
        Announce(caption, message);
        var answers = new Dictionary<string, PSObject>(StringComparer.OrdinalIgnoreCase);
        foreach (var field in descriptions)
        {
            var type = LanguagePrimitives.TryConvertTo<Type>(field.ParameterAssemblyFullName, out var found) && found is not null
                ? found
                : Type.GetType(field.ParameterAssemblyFullName) ?? Type.GetType(field.ParameterTypeFullName) ?? typeof(string);
            answers[field.Name] = type.IsArray ? AskList(field, type.GetElementType()!) : Ask(field.Name, field, type);
        }
        return answers;
    }

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        PromptForCredential(caption, message, userName, targetName, PSCredentialTypes.Default, PSCredentialUIOptions.Default);

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName,
        PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options)
    {
        RefuseIfNonInteractive();
        Announce(caption, message);
        if (string.IsNullOrEmpty(userName))
        {
            Write("User: ");
            userName = ReadLine();
        }
        Write($"Password for user {userName}: ");
        return new PSCredential(userName, ReadLineAsSecureString());
    }

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        RefuseIfNonInteractive();
        ArgumentNullException.ThrowIfNull(choices);
        Announce(caption, message);
        while (true)
        {
            Write(ChoiceLine(choices, [defaultChoice]));
            var answer = Keyboard.Line() ?? throw NoAnswer();
            if (answer.Length == 0 && defaultChoice >= 0)
                return defaultChoice;
            if (answer.Trim() == "?")
                ShowHelp(choices);
            else if (Match(choices, answer) is var chosen and >= 0)
                return chosen;
        }
    }

    public Collection<int> PromptForChoice(string? caption, string? message, Collection<ChoiceDescription> choices,
        IEnumerable<int>? defaultChoices)
    {
        RefuseIfNonInteractive();
        int[] defaults = defaultChoices is null ? [] : [.. defaultChoices];
        Announce(caption, message);
        Write(ChoiceLine(choices, defaults));
        WriteLine();
        var chosen = new Collection<int>();
        while (true)
        {
            Write($"Choice[{chosen.Count}]: ");
            var answer = Keyboard.Line() ?? "";
            if (answer.Length == 0)
                return chosen.Count == 0 ? [.. defaults] : chosen;
            if (answer.Trim() == "?")
                ShowHelp(choices);
            else if (Match(choices, answer) is var index and >= 0)
                chosen.Add(index);
        }
    }

    private PSObject AskList(FieldDescription field, Type element)
    {
        var values = new List<object?>();
        while (true)
        {
            var label = string.Create(CultureInfo.InvariantCulture, $"{field.Name}[{values.Count}]");
            Write(label + ": ");
            if (Keyboard.Line() is not { Length: > 0 } text)
                break;
            if (Converted(text, element) is { } value)
                values.Add(value.BaseObject);
        }
        var array = Array.CreateInstance(element, values.Count);
        for (var i = 0; i < values.Count; i++)
            array.SetValue(values[i], i);
        return PSObject.AsPSObject(array);
    }

    private PSObject Ask(string label, FieldDescription field, Type type)
    {
        while (true)
        {
            Write(label + ": ");
            if (type == typeof(SecureString))
                return PSObject.AsPSObject(ReadLineAsSecureString());
            if (type == typeof(PSCredential))
                return PSObject.AsPSObject(PromptForCredential("", "", "", ""));
            var text = Keyboard.Line();
            if (string.IsNullOrEmpty(text) && field.DefaultValue is not null)
                return field.DefaultValue;
            if (text is null)
                throw NoAnswer();
            if (Converted(text, type) is { } value)
                return value;
        }
    }

    private PSObject? Converted(string text, Type type)
    {
        try
        {
            return PSObject.AsPSObject(LanguagePrimitives.ConvertTo(text, type, CultureInfo.InvariantCulture));
        }
        catch (PSInvalidCastException failure)
        {
            WriteErrorLine(failure.Message);
            return null;
        }
    }

    private void Announce(string? caption, string? message)
    {
        if (!string.IsNullOrEmpty(caption))
        {
            WriteLine();
            WriteLine(caption);
        }
        if (!string.IsNullOrEmpty(message))
            WriteLine(message);
    }

    private static string ChoiceLine(Collection<ChoiceDescription> choices, int[] defaults)
    {
        var line = new System.Text.StringBuilder();
        foreach (var choice in choices)
        {
            var (key, label) = Labels(choice);
            line.Append(CultureInfo.InvariantCulture, $"[{key}] {label}  ");
        }
        line.Append("[?] Help");
        var keys = defaults.Where(index => index >= 0 && index < choices.Count).Select(index => Labels(choices[index]).Key);
        var shown = string.Join(",", keys);
        if (shown.Length > 0)
            line.Append(CultureInfo.InvariantCulture, $" (default is \"{shown}\")");
        return line.Append(": ").ToString();
    }

    /// <summary>The hot key of a choice (the letter after <c>&amp;</c>) and its label without the mark.</summary>
    private static (string Key, string Label) Labels(ChoiceDescription choice)
    {
        var mark = choice.Label.IndexOf('&');
        var label = mark < 0 ? choice.Label : choice.Label.Remove(mark, 1);
        var key = mark >= 0 && mark < label.Length ? label[mark].ToString().ToUpperInvariant() : label;
        return (key, label);
    }

    private static int Match(Collection<ChoiceDescription> choices, string answer)
    {
        answer = answer.Trim();
        for (var i = 0; i < choices.Count; i++)
        {
            var (key, label) = Labels(choices[i]);
            if (answer.Equals(key, StringComparison.OrdinalIgnoreCase) || answer.Equals(label, StringComparison.OrdinalIgnoreCase))
                return i;
        }
        return -1;
    }

    private void ShowHelp(Collection<ChoiceDescription> choices)
    {
        foreach (var choice in choices)
            WriteLine($"{Labels(choice).Key} - {choice.HelpMessage}");
    }

    private void RefuseIfNonInteractive()
    {
        if (nonInteractive)
        {
            throw new PSInvalidOperationException(
                "PowerShell is in NonInteractive mode. Read and Prompt functionality is not available.");
        }
    }

    private static HostException NoAnswer() => new("Standard input ended before the question was answered.");
}
