using System.Text;

namespace Microsoft.PowerShell.Commands;

/// <summary>Which part of a date its default view shows.</summary>
public enum DisplayHintType
{
    Date,
    Time,
    DateTime,
}

[Cmdlet(VerbsCommon.Get, "Date", DefaultParameterSetName = DateAndFormat, HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2097126")]
[OutputType(typeof(string), ParameterSetName = [DateAndUFormat, UnixAndUFormat])]
[OutputType(typeof(DateTime), ParameterSetName = [DateAndFormat, UnixAndFormat])]
public sealed class GetDateCommand : Cmdlet
{
    private const string DateAndFormat = "DateAndFormat";
    private const string DateAndUFormat = "DateAndUFormat";
    private const string UnixAndFormat = "UnixTimeSecondsAndFormat";
    private const string UnixAndUFormat = "UnixTimeSecondsAndUFormat";

    // What is not given is null: the date's own.
    private DateTime? _date;
    private long? _unixTime;
    private int? _year;
    private int? _month;
    private int? _day;
    private int? _hour;
    private int? _minute;
    private int? _second;
    private int? _millisecond;

    [Parameter(ParameterSetName = DateAndFormat, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = DateAndUFormat, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("LastWriteTime")]
    public DateTime Date { get => _date ?? default; set => _date = value; }

    [Parameter(ParameterSetName = UnixAndFormat, Mandatory = true)]
    [Parameter(ParameterSetName = UnixAndUFormat, Mandatory = true)]
    [Alias("UnixTime")]
    public long UnixTimeSeconds { get => _unixTime ?? 0; set => _unixTime = value; }

    [Parameter]
    [ValidateRange(1, 9999)]
    public int Year { get => _year ?? 0; set => _year = value; }

    [Parameter]
    [ValidateRange(1, 12)]
    public int Month { get => _month ?? 0; set => _month = value; }

    [Parameter]
    [ValidateRange(1, 31)]
    public int Day { get => _day ?? 0; set => _day = value; }

    [Parameter]
    [ValidateRange(0, 23)]
    public int Hour { get => _hour ?? 0; set => _hour = value; }

    [Parameter]
    [ValidateRange(0, 59)]
    public int Minute { get => _minute ?? 0; set => _minute = value; }

    [Parameter]
    [ValidateRange(0, 59)]
    public int Second { get => _second ?? 0; set => _second = value; }

    [Parameter]
    [ValidateRange(0, 999)]
    public int Millisecond { get => _millisecond ?? 0; set => _millisecond = value; }

    [Parameter]
    public DisplayHintType DisplayHint { get; set; } = DisplayHintType.DateTime;

    [Parameter(ParameterSetName = DateAndUFormat, Mandatory = true)]
    [Parameter(ParameterSetName = UnixAndUFormat, Mandatory = true)]
    public string? UFormat { get; set; }

    [Parameter(ParameterSetName = DateAndFormat)]
    [Parameter(ParameterSetName = UnixAndFormat)]
    [ArgumentCompletions("FileDate", "FileDateUniversal", "FileDateTime", "FileDateTimeUniversal")]
    public string? Format { get; set; }

    [Parameter]
    public SwitchParameter AsUTC { get; set; }

    protected override void ProcessRecord()
    {
        var date = Adjust(_date ?? (_unixTime is { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds).LocalDateTime : DateTime.Now));
        if (AsUTC)
            date = date.ToUniversalTime();
        if (UFormat is not null)
            WriteObject(UnixDateFormat.Format(UFormat, date));
        else if (Format is not null)
            WriteObject(Formatted(date));
        else
        {
            var result = new PSObject(date);
            result.Properties.Add(new PSNoteProperty("DisplayHint", DisplayHint));
            WriteObject(result);
        }
    }

    private DateTime Adjust(DateTime date)
    {
        date = date.AddYears((_year ?? date.Year) - date.Year);
        date = date.AddMonths((_month ?? date.Month) - date.Month);
        date = date.AddDays((_day ?? date.Day) - date.Day);
        date = date.AddHours((_hour ?? date.Hour) - date.Hour);
        date = date.AddMinutes((_minute ?? date.Minute) - date.Minute);
        date = date.AddSeconds((_second ?? date.Second) - date.Second);
        return _millisecond is { } milliseconds
            ? date.AddTicks(-(date.Ticks % TimeSpan.TicksPerSecond)).AddMilliseconds(milliseconds) : date;
    }

    private string Formatted(DateTime date)
    {
        var (value, format) = Format!.ToUpperInvariant() switch
        {
            "FILEDATE" => (date, "yyyyMMdd"),
            "FILEDATEUNIVERSAL" => (date.ToUniversalTime(), "yyyyMMddZ"),
            "FILEDATETIME" => (date, "yyyyMMddTHHmmssffff"),
            "FILEDATETIMEUNIVERSAL" => (date.ToUniversalTime(), "yyyyMMddTHHmmssffffZ"),
            _ => (date, Format),
        };
        return value.ToString(format, CultureInfo.CurrentCulture);
    }
}

/// <summary>The date formats of strftime, as Get-Date -UFormat understands them.</summary>
internal static class UnixDateFormat
{
    public static string Format(string format, DateTime date)
    {
        var text = new StringBuilder();
        for (var i = format.StartsWith('+') ? 1 : 0; i < format.Length; i++)
        {
            if (format[i] == '%' && i + 1 < format.Length)
                text.Append(Part(format[++i], date));
            else
                text.Append(format[i]);
        }
        return text.ToString();
    }

    private static string Part(char specifier, DateTime date) => specifier switch
    {
        'A' => In(date, "dddd"),
        'a' => In(date, "ddd"),
        'B' => In(date, "MMMM"),
        'b' or 'h' => In(date, "MMM"),
        'C' => Number(date.Year / 100),
        'c' => In(date, "ddd dd MMM yyyy HH:mm:ss"),
        'D' or 'x' => In(date, "MM/dd/yy"),
        'd' => In(date, "dd"),
        'e' => Number(date.Day).PadLeft(2),
        'F' => In(date, "yyyy-MM-dd"),
        'G' => Number(ISOWeek.GetYear(date)),
        'g' => Number(ISOWeek.GetYear(date) % 100).PadLeft(2, '0'),
        'H' => In(date, "HH"),
        'I' => In(date, "hh"),
        'j' => Number(date.DayOfYear).PadLeft(3, '0'),
        'k' => Number(date.Hour).PadLeft(2),
        'l' => In(date, "%h").PadLeft(2),
        'M' => In(date, "mm"),
        'm' => In(date, "MM"),
        'n' => "\n",
        'p' => In(date, "tt"),
        'R' => In(date, "HH:mm"),
        'r' => In(date, "hh:mm:ss tt"),
        'S' => In(date, "ss"),
        's' => Math.Floor(date.ToUniversalTime().Subtract(DateTime.UnixEpoch).TotalSeconds).ToString("0", CultureInfo.InvariantCulture),
        'T' or 'X' => In(date, "HH:mm:ss"),
        't' => "\t",
        'U' or 'W' => Number(date.DayOfYear / 7),
        'u' => Number(date.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)date.DayOfWeek),
        'V' => Number(ISOWeek.GetWeekOfYear(date)).PadLeft(2, '0'),
        'w' => Number((int)date.DayOfWeek),
        'Y' => In(date, "yyyy"),
        'y' => In(date, "yy"),
        'Z' => In(date, "zz"),
        _ => specifier.ToString(),
    };

    private static string In(DateTime date, string format) => date.ToString(format.Length == 1 ? "%" + format : format, CultureInfo.CurrentCulture);

    private static string Number(int value) => value.ToString(CultureInfo.CurrentCulture);
}
