using System.Management.Automation.Internal;

namespace Microsoft.PowerShell.Commands;

[Cmdlet("Tee", "Object", DefaultParameterSetName = ToFile, HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2097034")]
public sealed class TeeObjectCommand : PSCmdlet, IDisposable
{
    private const string ToFile = "File";
    private const string ToLiteralFile = "LiteralFile";
    private const string ToVariable = "Variable";

    private readonly List<object?> _values = [];
    private SteppablePipeline? _file;

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; } = AutomationNull.Value;

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ToFile)]
    [Alias("Path")]
    public string? FilePath { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = ToLiteralFile)]
    [Alias("PSPath", "LP")]
    public string? LiteralPath { get; set; }

    [Parameter]
    public SwitchParameter Append { get; set; }

    [Parameter(ParameterSetName = ToFile)]
    [Parameter(ParameterSetName = ToLiteralFile)]
    [ValidateNotNullOrEmpty]
    public object? Encoding { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = ToVariable)]
    public string? Variable { get; set; }

    protected override void BeginProcessing()
    {
        if (ParameterSetName == ToVariable)
            return;
        var arguments = new Hashtable { [FilePath is null ? "LiteralPath" : "FilePath"] = FilePath ?? LiteralPath, ["Append"] = Append };
        if (Encoding is not null)
            arguments["Encoding"] = Encoding;
        _file = ScriptBlock.Create("param($command, $with) & $command @with")
            .GetSteppablePipeline(CommandOrigin.Internal, [InvokeCommand.GetCmdlet("Out-File"), arguments]);
        _file.Begin(expectInput: true);
    }

    protected override void ProcessRecord()
    {
        if (_file is null)
            _values.Add(InputObject);
        else
            _file.Process(InputObject);
        WriteObject(InputObject);
    }

    protected override void EndProcessing()
    {
        _file?.End();
        if (ParameterSetName != ToVariable)
            return;
        if (Append && SessionState.PSVariable.GetValue(Variable) is { } known)
            _values.InsertRange(0, LanguagePrimitives.GetEnumerable(known)?.Cast<object?>() ?? [known]);
        object? value = _values switch { [] => AutomationNull.Value, [var only] => only, _ => _values.ToArray() };
        SessionState.PSVariable.Set(Variable, value);
    }

    public void Dispose() => _file?.Dispose();
}
