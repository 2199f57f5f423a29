using System.Management.Automation.Language;
using System.Text.RegularExpressions;

namespace Microsoft.PowerShell.Commands;

[Cmdlet(VerbsData.ConvertFrom, "StringData", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096602",
    RemotingCapability = RemotingCapability.None)]
[OutputType(typeof(Hashtable))]
public sealed class ConvertFromStringDataCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)]
    [AllowEmptyString]
    public string StringData { get; set; } = "";

    [Parameter(Position = 1)]
    public char Delimiter { get; set; } = '=';

    protected override void ProcessRecord()
    {
        var table = new Hashtable(StringComparer.OrdinalIgnoreCase);
        foreach (var line in StringData.Split('\n').Select(line => line.Trim()))
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            var index = line.IndexOf(Delimiter, StringComparison.Ordinal);
            if (index <= 0)
                throw new PSInvalidOperationException($"Data line '{line}' is not in 'name=value' format. ");
            var name = line[..index].Trim();
            if (table.ContainsKey(name))
                throw new PSInvalidOperationException($"Data item '{name}' in line '{line}' is already defined. ");
            table.Add(name, Unescape(line[(index + 1)..].Trim()));
        }
        WriteObject(table);
    }

    // A backslash that starts no escape is kept as one.
    private static string Unescape(string value)
    {
        try
        {
            return Regex.Unescape(value);
        }
        catch (RegexParseException)
        {
            return value;
        }
    }
}

[Cmdlet(VerbsData.Import, "PowerShellDataFile", DefaultParameterSetName = "ByPath", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=623621")]
[OutputType(typeof(Hashtable))]
public class ImportPowerShellDataFileCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "ByPath")]
    [ValidateNotNullOrEmpty]
    public string[]? Path { get; set; }

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "ByLiteralPath")]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[]? LiteralPath { get; set; }

    [Parameter]
    public SwitchParameter SkipLimitCheck { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var path in Path ?? LiteralPath ?? [])
        {
            var file = Resolve(path);
            if (file is not null)
                Import(file);
        }
    }

    private string? Resolve(string path)
    {
        try
        {
            var file = this.Files(path, isLiteral: Path is null).FirstOrDefault();
            if (file is not null && File.Exists(file))
                return file;
        }
        catch (ItemNotFoundException)
        {
            // Reported below like a literal path that does not exist.
        }
        WriteError(new ErrorRecord(new ArgumentException($"Cannot find path '{path}' because it does not exist."), "PathNotFound",
            ErrorCategory.InvalidArgument, path));
        return null;
    }

    private void Import(string file)
    {
        var tree = Parser.ParseFile(file, out _, out var errors);
        if (errors.Length > 0)
            Refuse(file, "CouldNotParseAsPowerShellDataFile");
        else if (tree.Find(ast => ast is HashtableAst, searchNestedScriptBlocks: false) is not HashtableAst table)
            Refuse(file, "CouldNotParseAsPowerShellDataFileNoHashtableRoot");
        else
            WriteObject(EngineInternals.CallByName(table, nameof(Ast.SafeGetValue), SkipLimitCheck.IsPresent));
    }

    private void Refuse(string file, string id) => WriteError(new ErrorRecord(
        new InvalidOperationException($"The file '{file}' could not be parsed as a PowerShell Data File."), id, ErrorCategory.InvalidData, file));
}

[Cmdlet(VerbsData.Import, "LocalizedData", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096919")]
public sealed class ImportLocalizedData : PSCmdlet
{
    [Parameter(Position = 0)]
    [Alias("Variable")]
    [ValidateNotNullOrEmpty]
    public string? BindingVariable { get; set; }

    [Parameter(Position = 1)]
    public string? UICulture { get; set; }

    [Parameter]
    public string? BaseDirectory { get; set; }

    [Parameter]
    public string? FileName { get; set; }

    [Parameter]
    public string[] SupportedCommand { get; set; } = [];

    protected override void ProcessRecord()
    {
        var script = MyInvocation.ScriptName;
        if (string.IsNullOrEmpty(FileName) && string.IsNullOrEmpty(script))
        {
            throw new PSInvalidOperationException(
                "The FileName parameter was not specified. The FileName parameter is required when Import-LocalizedData is not called from a script file.");
        }
        var directory = BaseDirectory is null ? Path.GetDirectoryName(script)! : SessionState.Path.GetUnresolvedProviderPathFromPSPath(BaseDirectory);
        var name = Path.GetFileNameWithoutExtension(string.IsNullOrEmpty(FileName) ? script : FileName) + ".psd1";
        var file = Candidates(directory, name).FirstOrDefault(File.Exists);
        if (file is null)
        {
            WriteError(new ErrorRecord(
                new PSInvalidOperationException($"Cannot find the PowerShell data file '{name}' in directory '{directory}', or in any parent culture directories."),
                "ImportLocalizedData", ErrorCategory.ObjectNotFound, Path.Combine(directory, name)));
            return;
        }
        var value = Evaluate(file);
        if (BindingVariable is null)
            WriteObject(value);
        else
            SessionState.PSVariable.Set(BindingVariable, value);
    }

    // The folder of the culture first, then of the cultures it belongs to, then the folder itself.
    private IEnumerable<string> Candidates(string directory, string name)
    {
        var culture = UICulture is null ? CultureInfo.CurrentUICulture : CultureInfo.GetCultureInfo(UICulture);
        for (; culture.Name.Length > 0; culture = culture.Parent)
            yield return Path.Combine(directory, culture.Name, name);
        if (UICulture is null)
            yield return Path.Combine(directory, "en-US", name);
        yield return Path.Combine(directory, name);
    }

    private object? Evaluate(string file)
    {
        var script = InvokeCommand.NewScriptBlock(File.ReadAllText(file));
        script.CheckRestrictedLanguage([.. SupportedCommand, "ConvertFrom-StringData"], allowedVariables: null, allowEnvironmentVariables: false);
        return script.InvokeReturnAsIs();
    }
}
