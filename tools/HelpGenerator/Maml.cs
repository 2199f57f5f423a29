using System.Globalization;
using System.Xml.Linq;

namespace Allspark.HelpGenerator;

/// <summary>The help of cmdlets in the form that PowerShell reads.</summary>
internal static class Maml
{
    private static readonly XNamespace Help = "http://msh";
    private static readonly XNamespace Text = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    // Those that the shell gives to what asks before it acts.
    private static readonly (string Name, string Alias, string Text)[] Asking =
    [
        ("Confirm", "cf", "Asks before each thing that is written or removed."),
        ("WhatIf", "wi", "Says what would be written or removed, and does nothing."),
    ];

    public static XDocument Document(IReadOnlyList<Cmdlet> cmdlets, DocumentationComments comments) => new(
        new XDeclaration("1.0", "utf-8", standalone: null),
        new XElement(Help + "helpItems", new XAttribute("schema", "maml"), cmdlets.Select(cmdlet => Of(cmdlet, cmdlets, comments))));

    private static XElement Of(Cmdlet cmdlet, IReadOnlyList<Cmdlet> cmdlets, DocumentationComments comments)
    {
        var parameters = cmdlet.Parameters.OrderBy(parameter => parameter.Name, StringComparer.Ordinal).ToArray();
        var summary = comments.Section(cmdlet.Member, "summary");
        return new XElement(
            Command + "command",
            new XAttribute(XNamespace.Xmlns + "maml", Text),
            new XAttribute(XNamespace.Xmlns + "command", Command),
            new XAttribute(XNamespace.Xmlns + "dev", Dev),
            new XElement(
                Command + "details",
                new XElement(Command + "name", cmdlet.Name),
                Description(summary),
                new XElement(Command + "verb", cmdlet.Verb),
                new XElement(Command + "noun", cmdlet.Noun)),
            Description([.. summary, .. comments.Section(cmdlet.Member, "remarks")]),
            new XElement(Command + "syntax", cmdlet.Sets.Select(set => Syntax(cmdlet, set, comments))),
            new XElement(
                Command + "parameters",
                parameters.Select(parameter => Of(parameter, parameter.Places[0], comments)),
                cmdlet.AsksBefore ? Asking.Select(OfSwitch) : null),
            new XElement(
                Command + "inputTypes",
                parameters.Where(parameter => parameter.Places.Any(place => place.FromPipeline))
                    .Select(parameter => Type("inputType", parameter.Property.PropertyType, comments.Section(parameter.Member, "summary")))),
            new XElement(Command + "returnValues", cmdlet.Outputs.Select(type => Type("returnValue", type, []))),
            new XElement(Command + "examples", comments.Examples(cmdlet.Member).Select((example, i) => Example(i + 1, example))),
            new XElement(
                Command + "relatedLinks",
                cmdlet.Related(cmdlets, comments).Append("about_Allspark").Select(name => new XElement(
                    Text + "navigationLink", new XElement(Text + "linkText", name), new XElement(Text + "uri")))));
    }

    private static XElement Description(IEnumerable<string> paragraphs) =>
        new(Text + "description", paragraphs.Select(paragraph => new XElement(Text + "para", paragraph)));

    private static XElement Syntax(Cmdlet cmdlet, string set, DocumentationComments comments) => new(
        Command + "syntaxItem",
        new XElement(Text + "name", cmdlet.Name),
        cmdlet.Parameters.Select(parameter => (Parameter: parameter, Place: parameter.In(set)))
            .Where(pair => pair.Place is not null)
            .OrderBy(pair => pair.Place!.Position ?? int.MaxValue)
            .ThenByDescending(pair => pair.Place!.Mandatory)
            .Select(pair => Of(pair.Parameter, pair.Place!, comments)),
        cmdlet.AsksBefore ? Asking.Select(OfSwitch) : null);

    private static XElement Of(Parameter parameter, ParameterPlace place, DocumentationComments comments)
    {
        IEnumerable<string> text = comments.Section(parameter.Member, "summary");
        if (parameter.Values.Count > 0)
            text = text.Append($"Values: {string.Join(", ", parameter.Values)}.");
        return new XElement(
            Command + "parameter",
            new XAttribute("required", place.Mandatory ? "true" : "false"),
            new XAttribute("variableLength", parameter.Property.PropertyType.IsArray ? "true" : "false"),
            new XAttribute("globbing", parameter.Wildcards ? "true" : "false"),
            new XAttribute("pipelineInput", Pipeline(place)),
            new XAttribute("position", place.Position?.ToString(CultureInfo.InvariantCulture) ?? "named"),
            new XAttribute("aliases", parameter.Aliases.Count == 0 ? "none" : string.Join(", ", parameter.Aliases)),
            new XElement(Text + "name", parameter.Name),
            Description(text),
            parameter.IsSwitch
                ? null
                : new XElement(
                    Command + "parameterValue",
                    new XAttribute("required", "true"),
                    new XAttribute("variableLength", parameter.Property.PropertyType.IsArray ? "true" : "false"),
                    parameter.TypeName),
            new XElement(Dev + "type", new XElement(Text + "name", parameter.TypeName), new XElement(Text + "uri")),
            new XElement(Dev + "defaultValue", parameter.IsSwitch ? "False" : comments.Default(parameter.Member) ?? "None"));
    }

    private static XElement OfSwitch((string Name, string Alias, string Text) parameter) => new(
        Command + "parameter",
        new XAttribute("required", "false"),
        new XAttribute("variableLength", "false"),
        new XAttribute("globbing", "false"),
        new XAttribute("pipelineInput", "False"),
        new XAttribute("position", "named"),
        new XAttribute("aliases", parameter.Alias),
        new XElement(Text + "name", parameter.Name),
        Description([parameter.Text]),
        new XElement(Dev + "type", new XElement(Text + "name", "SwitchParameter"), new XElement(Text + "uri")),
        new XElement(Dev + "defaultValue", "False"));

    private static string Pipeline(ParameterPlace place) => (place.FromPipeline, place.FromPipelineByName) switch
    {
        (true, true) => "True (ByValue, ByPropertyName)",
        (true, false) => "True (ByValue)",
        (false, true) => "True (ByPropertyName)",
        _ => "False",
    };

    private static XElement Type(string element, Type type, IEnumerable<string> text) => new(
        Command + element,
        new XElement(Dev + "type", new XElement(Text + "name", type.FullName), new XElement(Text + "uri")),
        Description(text));

    private static XElement Example(int number, (string Title, string Code) example) => new(
        Command + "example",
        new XElement(Text + "title", $"Example {number}"),
        new XElement(Dev + "code", example.Code),
        new XElement(Dev + "remarks", new XElement(Text + "para", example.Title)));
}
