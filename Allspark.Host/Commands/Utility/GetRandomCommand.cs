using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Microsoft.PowerShell.Commands;

/// <summary>
/// Where random numbers come from: a seeded sequence, or the system's generator. All are made of random bytes the way PowerShell
/// makes them, so that a seed gives the numbers that it gives there.
/// </summary>
internal sealed class RandomSource(Random? seeded)
{
    public static readonly RandomSource System = new(seeded: null);

    /// <summary>A number from 0 up to but not including 1.</summary>
    public double NextDouble()
    {
        var sample = Sample();
        return (sample < 0 ? sample + int.MaxValue : sample) * (1.0 / int.MaxValue);
    }

    /// <summary>An integer from <paramref name="minimum"/> up to but not including <paramref name="maximum"/>.</summary>
    public int Next(int minimum, int maximum)
    {
        var range = (long)maximum - minimum;
        if (range <= int.MaxValue)
            return (int)(NextDouble() * range) + minimum;
        const double Samples = 2 * (uint)int.MaxValue;
        return (int)((long)(((double)Sample() + int.MaxValue) * (1.0 / Samples) * range) + minimum);
    }

    public long Next(long minimum, long maximum)
    {
        var range = (BigInteger)maximum - minimum;
        if (range <= int.MaxValue)
            return minimum + Next(0, (int)range);
        var mask = ulong.MaxValue >> BitOperations.LeadingZeroCount((ulong)range);
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        ulong sample;
        do
        {
            Fill(bytes);
            sample = BitConverter.ToUInt64(bytes) & mask;
        }
        while (sample >= (ulong)range);
        return (long)((double)minimum + sample);
    }

    private int Sample()
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        int sample;
        do
        {
            Fill(bytes);
            sample = BitConverter.ToInt32(bytes);
        }
        while (sample == int.MaxValue);
        return sample;
    }

    private void Fill(Span<byte> bytes)
    {
        if (seeded is not null)
            seeded.NextBytes(bytes);
        else
            RandomNumberGenerator.Fill(bytes);
    }
}

/// <summary>What Get-Random and Get-SecureRandom have in common.</summary>
public class GetRandomCommandBase : PSCmdlet
{
    internal const string NumberSet = "RandomNumberParameterSet";
    internal const string ItemSet = "RandomListItemParameterSet";
    internal const string ShuffleSet = "ShuffleParameterSet";

    private readonly List<object?> _chosen = [];
    private int _seen;

    [Parameter(ParameterSetName = NumberSet, Position = 0)]
    public object? Maximum { get; set; }

    [Parameter(ParameterSetName = NumberSet)]
    public object? Minimum { get; set; }

    [Parameter(ParameterSetName = ItemSet, ValueFromPipeline = true, Position = 0, Mandatory = true)]
    [Parameter(ParameterSetName = ShuffleSet, ValueFromPipeline = true, Position = 0, Mandatory = true)]
    [AllowNull]
    public object?[]? InputObject { get; set; }

    [Parameter(ParameterSetName = NumberSet)]
    [Parameter(ParameterSetName = ItemSet)]
    [ValidateRange(1, int.MaxValue)]
    public int Count { get; set; } = 1;

    [Parameter(ParameterSetName = ShuffleSet, Mandatory = true)]
    public SwitchParameter Shuffle { get; set; }

    private protected virtual RandomSource Source => RandomSource.System;

    private bool DrawsNumbers { get; set; }

    protected override void BeginProcessing()
    {
        // Input from the pipeline is bound after this; an array in the place of the maximum is the list to choose from.
        DrawsNumbers = ParameterSetName == NumberSet && !(MyInvocation.ExpectingInput && Maximum is null && Minimum is null);
        if (DrawsNumbers && ((Maximum as PSObject)?.BaseObject ?? Maximum) is object[] list)
        {
            InputObject = list;
            DrawsNumbers = false;
        }
        if (!DrawsNumbers)
            return;
        var draw = Drawing(Operand(Minimum), Operand(Maximum));
        for (var i = 0; i < Count; i++)
            WriteObject(draw());
    }

    private Func<object> Drawing(object? minimum, object? maximum)
    {
        if (minimum is null or int && maximum is null or int)
        {
            var (low, high) = (minimum as int? ?? 0, maximum as int? ?? int.MaxValue);
            Check(low, high, low < high);
            return () => Source.Next(low, high);
        }
        if (minimum is null or int or long && maximum is null or int or long)
        {
            var low = Convert.ToInt64(minimum ?? 0L, CultureInfo.InvariantCulture);
            var high = Convert.ToInt64(maximum ?? long.MaxValue, CultureInfo.InvariantCulture);
            Check(low, high, low < high);
            return () => Source.Next(low, high);
        }
        var from = LanguagePrimitives.ConvertTo<double>(minimum ?? 0.0);
        var to = LanguagePrimitives.ConvertTo<double>(maximum ?? double.MaxValue);
        Check(from, to, from < to);
        return () => NextDouble(from, to);
    }

    // Rounding may reach the upper bound, which does not belong to the range; a smaller range brings the next one below it.
    private double NextDouble(double from, double to)
    {
        var range = to - from;
        while (true)
        {
            var position = Source.NextDouble();
            var number = double.IsInfinity(range) ? from + (position * to) - (position * from) : from + (position * range);
            if (number < to)
                return number;
            range *= position;
        }
    }

    private static object? Operand(object? value)
    {
        var plain = (value as PSObject)?.BaseObject ?? value;
        // A text is a number as scripts write it (1kb, 0xff), of the type that a script would give it.
        return plain is string ? EngineInternals.CallByName(typeof(Parser), "ScanNumber", plain, typeof(int), true) : plain;
    }

    private void Check(object minimum, object maximum, bool ordered)
    {
        if (ordered)
            return;
        ThrowTerminatingError(new ErrorRecord(
            new ArgumentException(string.Format(CultureInfo.InvariantCulture,
                "The Minimum value ({0}) cannot be greater than or equal to the Maximum value ({1}).", minimum, maximum)),
            "MinGreaterThanOrEqualMax", ErrorCategory.InvalidArgument, targetObject: null));
    }

    // Reservoir sampling: item n replaces one of the k chosen with probability k / n.
    protected override void ProcessRecord()
    {
        if (DrawsNumbers)
            return;
        foreach (var item in InputObject ?? [null])
        {
            if (Shuffle || _seen < Count)
                _chosen.Add(item);
            else if (Source.Next(0, _seen + 1) < Count)
                _chosen[Source.Next(0, _chosen.Count)] = item;
            _seen++;
        }
    }

    protected override void EndProcessing()
    {
        for (var i = 0; i < _chosen.Count; i++)
        {
            var j = Source.Next(i, _chosen.Count);
            WriteObject(_chosen[j]);
            _chosen[j] = _chosen[i];
        }
    }
}

[Cmdlet(VerbsCommon.Get, "Random", DefaultParameterSetName = NumberSet, HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2097016",
    RemotingCapability = RemotingCapability.None)]
[OutputType(typeof(int), typeof(long), typeof(double))]
public sealed class GetRandomCommand : GetRandomCommandBase
{
    // A seed holds for the following calls of the same runspace.
    private static readonly ConditionalWeakTable<Runspace, RandomSource> Sources = [];

    [Parameter]
    [ValidateNotNull]
    public int? SetSeed { get; set; }

    private protected override RandomSource Source =>
        Sources.TryGetValue(Runspace.DefaultRunspace, out var source) ? source : RandomSource.System;

    protected override void BeginProcessing()
    {
        if (SetSeed is { } seed)
            Sources.AddOrUpdate(Runspace.DefaultRunspace, new RandomSource(new Random(seed)));
        base.BeginProcessing();
    }
}

[Cmdlet(VerbsCommon.Get, "SecureRandom", DefaultParameterSetName = NumberSet, HelpUri = "https://go.microsoft.com/fwlink/?linkid=2235055",
    RemotingCapability = RemotingCapability.None)]
[OutputType(typeof(int), typeof(long), typeof(double))]
public sealed class GetSecureRandomCommand : GetRandomCommandBase;
