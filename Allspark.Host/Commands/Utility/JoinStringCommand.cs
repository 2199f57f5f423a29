using System.Management.Automation.Internal;
using System.Text;

namespace Microsoft.PowerShell.Commands.Utility;

[Cmdlet(VerbsCommon.Join, "String", RemotingCapability = RemotingCapability.None, DefaultParameterSetName = "default")]
[OutputType(typeof(string))]
public sealed class JoinStringCommand : PSCmdlet
{
    private readonly List<string> _parts = [];
    private string _quote = "";

    [Parameter(Position = 0)]
    public PSPropertyExpression? Property { get; set; }

    [Parameter(Position = 1)]
    [AllowEmptyString]
    public string? Separator { get; set; }

    [Parameter]
    [Alias("op")]
    public string? OutputPrefix { get; set; }

    [Parameter]
    [Alias("os")]
    public string? OutputSuffix { get; set; }

    [Parameter(ParameterSetName = "SingleQuote")]
    public SwitchParameter SingleQuote { get; set; }

    [Parameter(ParameterSetName = "DoubleQuote")]
    public SwitchParameter DoubleQuote { get; set; }

    [Parameter(ParameterSetName = "Format")]
    public string? FormatString { get; set; }

    [Parameter]
    public SwitchParameter UseCulture { get; set; }

    [Parameter(ValueFromPipeline = true)]
    public PSObject[]? InputObject { get; set; }

    private CultureInfo FormatCulture => UseCulture ? CultureInfo.CurrentCulture : CultureInfo.InvariantCulture;

    protected override void BeginProcessing()
    {
        _quote = SingleQuote ? "'" : DoubleQuote ? "\"" : "";
        Separator ??= SessionState.PSVariable.GetValue("OFS")?.ToString() ?? "";
    }

    protected override void ProcessRecord()
    {
        foreach (var input in InputObject ?? [])
        {
            if (input is null || ReferenceEquals(input, AutomationNull.Value))
                continue;
            // A property that is null or cannot be read is joined as an empty text.
            var value = Property is null ? input : Property.GetValues(input, expand: false, eatExceptions: true).FirstOrDefault()?.Result;
            var text = string.IsNullOrEmpty(FormatString) || _quote.Length > 0
                ? (string)LanguagePrimitives.ConvertTo(value, typeof(string), FormatCulture)
                : string.Format(FormatCulture, FormatString, value);
            _parts.Add(_quote + text + _quote);
        }
    }

    protected override void EndProcessing() =>
        WriteObject(new StringBuilder(OutputPrefix).AppendJoin(Separator, _parts).Append(OutputSuffix).ToString());
}
