using System.Management.Automation.Internal;

namespace Microsoft.PowerShell.Commands;

/// <summary>A result of Measure-Object.</summary>
public abstract class MeasureInfo
{
    public string? Property { get; set; }
}

/// <summary>Statistics of objects whose extremes are numbers.</summary>
public sealed class GenericMeasureInfo : MeasureInfo
{
    public int Count { get; set; }

    public double? Average { get; set; }

    public double? Sum { get; set; }

    public double? Maximum { get; set; }

    public double? Minimum { get; set; }

    public double? StandardDeviation { get; set; }
}

/// <summary>Statistics of objects whose extremes are not numbers.</summary>
public sealed class GenericObjectMeasureInfo : MeasureInfo
{
    public int Count { get; set; }

    public double? Average { get; set; }

    public double? Sum { get; set; }

    public object? Maximum { get; set; }

    public object? Minimum { get; set; }

    public double? StandardDeviation { get; set; }
}

/// <summary>Counts of a text.</summary>
public sealed class TextMeasureInfo : MeasureInfo
{
    public int? Lines { get; set; }

    public int? Words { get; set; }

    public int? Characters { get; set; }
}

[Cmdlet(VerbsDiagnostic.Measure, "Object", DefaultParameterSetName = GenericSet,
    HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096617", RemotingCapability = RemotingCapability.None)]
[OutputType(typeof(GenericMeasureInfo), typeof(TextMeasureInfo), typeof(GenericObjectMeasureInfo))]
public sealed class MeasureObjectCommand : PSCmdlet
{
    private const string GenericSet = "GenericMeasure";
    private const string TextSet = "TextMeasure";
    private const string Itself = "$_";
    private const int StrictVersion = 2;

    private readonly List<string> _names = [];
    private readonly Dictionary<string, Tally> _tallies = new(StringComparer.OrdinalIgnoreCase);
    private bool _nonNumeric;

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; } = AutomationNull.Value;

    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public PSPropertyExpression[]? Property { get; set; }

    [Parameter(ParameterSetName = GenericSet)]
    public SwitchParameter StandardDeviation { get; set; }

    [Parameter(ParameterSetName = GenericSet)]
    public SwitchParameter Sum { get; set; }

    [Parameter(ParameterSetName = GenericSet)]
    public SwitchParameter AllStats { get; set; }

    [Parameter(ParameterSetName = GenericSet)]
    public SwitchParameter Average { get; set; }

    [Parameter(ParameterSetName = GenericSet)]
    public SwitchParameter Maximum { get; set; }

    [Parameter(ParameterSetName = GenericSet)]
    public SwitchParameter Minimum { get; set; }

    [Parameter(ParameterSetName = TextSet)]
    public SwitchParameter Line { get; set; }

    [Parameter(ParameterSetName = TextSet)]
    public SwitchParameter Word { get; set; }

    [Parameter(ParameterSetName = TextSet)]
    public SwitchParameter Character { get; set; }

    [Parameter(ParameterSetName = TextSet)]
    public SwitchParameter IgnoreWhiteSpace { get; set; }

    protected override void BeginProcessing()
    {
        if (AllStats)
            Sum = StandardDeviation = Average = Maximum = Minimum = true;
    }

    protected override void ProcessRecord()
    {
        if (InputObject is null || ReferenceEquals(InputObject, AutomationNull.Value))
            return;
        if (Property is null)
            Analyze(Itself, InputObject.BaseObject);
        else
            AnalyzeProperties(InputObject);
    }

    private void AnalyzeProperties(PSObject input)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var expression in Property!)
        {
            var names = expression.ResolveNames(input);
            if (names.Count == 0 && !expression.HasWildCardCharacters)
                Of(expression.ToString());
            foreach (var name in names)
            {
                if (!seen.Add(name.ToString()))
                    continue;
                if (name.GetValues(input) is [var result, ..])
                    Analyze(name.ToString(), (result.Result as PSObject)?.BaseObject ?? result.Result);
            }
        }
    }

    private Tally Of(string name)
    {
        if (!_tallies.TryGetValue(name, out var tally))
        {
            _names.Add(name);
            _tallies.Add(name, tally = new Tally());
        }
        return tally;
    }

    private void Analyze(string name, object? value)
    {
        var tally = Of(name);
        tally.Count++;
        if (ParameterSetName == TextSet)
            tally.AddText(value?.ToString() ?? "", IgnoreWhiteSpace);
        else if (Sum || Average || StandardDeviation)
        {
            if (!TryNumber(value, out var number))
            {
                _nonNumeric = true;
                WriteError(new ErrorRecord(new PSInvalidOperationException($"Input object \"{value}\" is not numeric."),
                    "NonNumericInputObject", ErrorCategory.InvalidType, value));
                return;
            }
            tally.AddNumber(number);
        }
        if (Minimum)
            tally.Minimum = Extreme(value, tally.Minimum, sign: 1);
        if (Maximum)
            tally.Maximum = Extreme(value, tally.Maximum, sign: -1);
    }

    private static bool TryNumber(object? value, out double number)
    {
        switch (value)
        {
            case double real:
                number = real;
                return true;
            case int integer:
                number = integer;
                return true;
            case null:
                number = 0;
                return false;
            default:
                return LanguagePrimitives.TryConvertTo(value, out number);
        }
    }

    private static object? Extreme(object? value, object? best, int sign)
    {
        if (best is null)
            return value;
        var current = Comparable(value);
        var known = Comparable(best);
        if (current is not null && current.GetType() != known!.GetType())
        {
            current = PSObject.AsPSObject(current).ToString();
            known = PSObject.AsPSObject(known).ToString();
        }
        var order = LanguagePrimitives.Compare(known, current, ignoreCase: false, CultureInfo.CurrentCulture);
        return order * sign > 0 ? value : best;
    }

    private static object? Comparable(object? value) =>
        TryNumber(value, out var number) ? number : value;

    protected override void EndProcessing()
    {
        if (_names.Count == 0 && Property is null)
            Of(Itself);
        foreach (var name in _names)
        {
            var tally = _tallies[name];
            if (tally.Count == 0 && Property is not null)
            {
                // Only strict mode makes a property that no object has an error.
                if ((bool)EngineInternals.CallByName(EngineInternals.Context(this), "IsStrictVersion", StrictVersion)!)
                    WriteNotFound(name);
                continue;
            }
            MeasureInfo info = ParameterSetName == TextSet ? TextInfo(tally) : GenericInfo(tally);
            info.Property = Property is null ? null : name;
            WriteObject(info);
        }
    }

    private void WriteNotFound(string name) => WriteError(new ErrorRecord(new PSArgumentException(
            new PSArgumentException().Message, "Property"),
        ParameterSetName == TextSet ? "TextMeasurePropertyNotFound" : "GenericMeasurePropertyNotFound", ErrorCategory.InvalidArgument,
        targetObject: null)
    {
        ErrorDetails = new ErrorDetails($"The property \"{name}\" cannot be found in the input for any objects."),
    });

    private TextMeasureInfo TextInfo(Tally tally) => new()
    {
        Lines = Line ? tally.Lines : null,
        Words = Word ? tally.Words : null,
        Characters = Character ? tally.Characters : null,
    };

    private MeasureInfo GenericInfo(Tally tally)
    {
        double? sum = Sum && !_nonNumeric ? tally.Sum : null;
        double? average = Average && !_nonNumeric && tally.Count > 0 ? tally.Sum / tally.Count : null;
        double? deviation = StandardDeviation && !_nonNumeric ? tally.StandardDeviation : null;
        var maximum = Comparable(tally.Maximum);
        var minimum = Comparable(tally.Minimum);
        if (maximum is null or double && minimum is null or double)
        {
            return new GenericMeasureInfo
            {
                Count = tally.Count, Sum = sum, Average = average, StandardDeviation = deviation,
                Maximum = maximum as double?, Minimum = minimum as double?,
            };
        }
        return new GenericObjectMeasureInfo
        {
            Count = tally.Count, Sum = sum, Average = average, StandardDeviation = deviation,
            Maximum = tally.Maximum, Minimum = tally.Minimum,
        };
    }

    private sealed class Tally
    {
        private double _mean;
        private double _squares;
        private int _numbers;

        public int Count { get; set; }

        public double Sum { get; private set; }

        public object? Maximum { get; set; }

        public object? Minimum { get; set; }

        public int Lines { get; private set; }

        public int Words { get; private set; }

        public int Characters { get; private set; }

        public double StandardDeviation => _numbers < 2 ? 0 : Math.Sqrt(_squares / (_numbers - 1));

        // B. P. Welford, Technometrics 4 (1962): the sum of squared deviations in one pass.
        public void AddNumber(double number)
        {
            Sum += number;
            _numbers++;
            var difference = number - _mean;
            _mean += difference / _numbers;
            _squares += difference * (number - _mean);
        }

        public void AddText(string text, bool ignoreWhiteSpace)
        {
            var inWord = false;
            foreach (var character in text)
            {
                var white = char.IsWhiteSpace(character);
                Characters += white && ignoreWhiteSpace ? 0 : 1;
                Words += !white && !inWord ? 1 : 0;
                Lines += character == '\n' ? 1 : 0;
                inWord = !white;
            }
            if (text.Length > 0 && text[^1] != '\n')
                Lines++;
        }
    }
}
