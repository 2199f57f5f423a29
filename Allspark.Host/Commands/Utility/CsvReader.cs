using System.Text;

namespace Microsoft.PowerShell.Commands;

/// <summary>
/// Reads comma-separated records: blanks before a field and after a closing quote do not count, a quote inside an unquoted field
/// is text, a quoted field may hold line ends.
/// </summary>
internal sealed class CsvReader(TextReader text, char delimiter)
{
    private const string TypeMark = "#TYPE";
    private const string FieldsMark = "#Fields: ";

    public bool AtEnd => text.Peek() < 0;

    public static List<string?> ParseLine(string line, char delimiter) => [.. new CsvReader(new StringReader(line), delimiter).ReadRecord()];

    /// <summary>The type name of a first line <c>#TYPE name</c>, which is consumed; null where there is none.</summary>
    public string? ReadTypeName()
    {
        if (text.Peek() != '#')
            return null;
        var line = text.ReadLine()!;
        return line.StartsWith(TypeMark, StringComparison.OrdinalIgnoreCase) ? line[TypeMark.Length..].Trim() : null;
    }

    /// <summary>The names of the columns: the first record that is not a comment, or that of a W3C log's #Fields.</summary>
    public List<string>? ReadHeader()
    {
        while (!AtEnd)
        {
            var isQuoted = text.Peek() == '"';
            var fields = ReadRecord();
            while (fields.Count > 1 && fields[^1].Length == 0)
                fields.RemoveAt(fields.Count - 1);
            if (fields is [var first, ..] && first.StartsWith(FieldsMark, StringComparison.Ordinal))
            {
                fields[0] = first[FieldsMark.Length..];
                return fields;
            }
            if (isQuoted || fields is not [['#', ..], ..])
                return fields;
        }
        return null;
    }

    public List<string> ReadRecord()
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        while (Next() is { } character)
        {
            if (quoted)
            {
                if (character != '"')
                    field.Append(character);
                else if (text.Peek() == '"')
                    field.Append((char)text.Read());
                else if (Finish(field, fields, keepBlanks: false))
                    return fields;
                else
                    quoted = false;
            }
            else if (character == delimiter)
                Take(field, fields);
            else if (character == '"' && field.Length == 0)
                quoted = true;
            else if (character is '\n' or '\r')
            {
                SkipLineFeed(character);
                Take(field, fields);
                return fields;
            }
            else if (character is ' ' or '\t' && field.Length == 0)
                continue;
            else
            {
                field.Append(character);
                if (character is '"' or ' ' or '\t' && Finish(field, fields, keepBlanks: character == '"'))
                    return fields;
            }
        }
        if (field.Length > 0)
            fields.Add(field.ToString());
        return fields;
    }

    /// <summary>Reads to the end of the field; true where that is the end of the record.</summary>
    private bool Finish(StringBuilder field, List<string> fields, bool keepBlanks)
    {
        var rest = new StringBuilder();
        var end = true;
        while (Next() is { } character)
        {
            if (character == delimiter)
            {
                end = false;
                break;
            }
            if (character is '\n' or '\r')
            {
                SkipLineFeed(character);
                break;
            }
            rest.Append(character);
        }
        var remainder = rest.ToString();
        field.Append(keepBlanks || remainder.AsSpan().ContainsAnyExcept(' ', '\t') ? remainder : "");
        Take(field, fields);
        return end;
    }

    private static void Take(StringBuilder field, List<string> fields)
    {
        fields.Add(field.ToString());
        field.Clear();
    }

    private char? Next() => text.Read() is >= 0 and var code ? (char)code : null;

    private void SkipLineFeed(char character)
    {
        if (character == '\r' && text.Peek() == '\n')
            _ = text.Read();
    }
}

/// <summary>Turns the records of one or more texts into objects; the first brings the header where none is given.</summary>
internal sealed class CsvImport(PSCmdlet cmdlet, char delimiter, IEnumerable<string>? header)
{
    private List<string>? _header = header?.ToList();
    private bool _checked;
    private string? _typeName;

    public void Read(TextReader text)
    {
        var reader = new CsvReader(text, delimiter);
        _typeName ??= reader.ReadTypeName();
        _header ??= reader.ReadHeader();
        if (_header is null)
            return;
        CheckHeader();
        while (!reader.AtEnd)
        {
            var fields = reader.ReadRecord();
            if (fields is not ([] or [""]))
                cmdlet.WriteObject(ToObject(fields));
        }
    }

    private void CheckHeader()
    {
        if (_checked)
            return;
        _checked = true;
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in _header!.Where(name => name.Length > 0 && !seen.Add(name)))
        {
            cmdlet.ThrowTerminatingError(new ErrorRecord(
                new ExtendedTypeSystemException($"The member \"{name}\" is already present."),
                "AlreadyPresentPSMemberInfoInternalCollectionAdd", ErrorCategory.NotSpecified, targetObject: null));
        }
        if (_header!.Exists(string.IsNullOrEmpty))
        {
            cmdlet.WriteWarning(
                "One or more headers were not specified. Default names starting with \"H\" have been used in place of any missing headers.");
        }
        for (int i = 0, unnamed = 1; i < _header.Count; i++)
        {
            if (string.IsNullOrEmpty(_header[i]))
                _header[i] = "H" + unnamed++.ToString(CultureInfo.InvariantCulture);
        }
    }

    private PSObject ToObject(List<string> fields)
    {
        var result = new PSObject();
        for (var i = 0; i < _header!.Count; i++)
            result.Properties.Add(new PSNoteProperty(_header[i], i < fields.Count ? fields[i] : null));
        if (!string.IsNullOrEmpty(_typeName))
        {
            result.TypeNames.Clear();
            result.TypeNames.Add(_typeName);
            result.TypeNames.Add("CSV:" + _typeName);
        }
        return result;
    }
}
