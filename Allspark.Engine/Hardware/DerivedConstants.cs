using Allspark.Engine.Models;

namespace Allspark.Engine.Hardware;

/// <summary>
/// The constants of an array that follow from its others by a rule. In YAML their value may be <c>derived</c>; they then change with what
/// they follow from, until a number replaces the word.
/// </summary>
public static class DerivedConstants
{
    internal const string Word = "derived";

    // SET (ISCA 2023): a bit read from and written to a buffer of 8 KiB and of 1 MiB.
    private const double SmallBuffer = 8 << 10, LargeBuffer = 1 << 20;
    private const double SmallRead = 0.049e-12, LargeRead = 0.132e-12, SmallWrite = 0.041e-12, LargeWrite = 0.234e-12;

    // Horowitz (ISSCC 2014): multiplication and addition at fp16, fp32 and int8.
    private const double Fp16OverInt8 = 6.5, Fp32OverInt8 = 20;

    // DRAMsim3, HBM2_4Gb_x128.ini: IDD2N · VDD of a rank of 256 MiB.
    private const double RankStandbyWatts = 0.040 * 1.2, RankBytes = 256 << 20;

    private static readonly (string Key, Func<PimArray, PimArray> Apply)[] Rules =
    [
        ("node.vectorLanes", array => array with { Node = array.Node with { VectorLanes = array.Node.ArrayColumns } }),
        ("interconnect.link", array => array with
        {
            InterconnectSpec = array.InterconnectSpec with { LinkBytesPerCycle = array.InterconnectSpec.FlitBytes },
        }),
        ("interconnect.clock", array => array with { InterconnectSpec = array.InterconnectSpec with { ClockHertz = array.Node.ClockHertz } }),
        ("energy.macFp16", array => array with { Energy = array.Energy with { MacFp16Joules = Fp16OverInt8 * array.Energy.MacInt8Joules } }),
        ("energy.macFp32", array => array with { Energy = array.Energy with { MacFp32Joules = Fp32OverInt8 * array.Energy.MacInt8Joules } }),
        ("energy.sramRead", array => array with
        {
            Energy = array.Energy with { SramReadJoulesPerBit = OfBuffer(array.Node.BufferBytes, SmallRead, LargeRead) },
        }),
        ("energy.sramWrite", array => array with
        {
            Energy = array.Energy with { SramWriteJoulesPerBit = OfBuffer(array.Node.BufferBytes, SmallWrite, LargeWrite) },
        }),
        ("energy.staticPower", array => array with
        {
            Energy = array.Energy with { StaticWattsPerNode = RankStandbyWatts * (array.Node.MemoryBytes / RankBytes) },
        }),
    ];

    /// <summary>The keys, in the YAML, of the constants that have a rule.</summary>
    public static ValueList<string> Keys { get; } = Rules.Select(rule => rule.Key).ToValueList();

    /// <summary>The array with each constant of <see cref="PimArray.Derived"/> as its rule gives it.</summary>
    internal static PimArray Apply(PimArray array)
    {
        foreach (var (key, apply) in Rules)
        {
            if (array.Derived.Contains(key))
                array = apply(array);
        }

        return array;
    }

    // Geometric in the logarithm of the capacity: E = E_small · (E_large / E_small)^(log(B / B_small) / log(B_large / B_small)).
    private static double OfBuffer(long bytes, double small, double large) =>
        small * Math.Pow(large / small, Math.Log(bytes / SmallBuffer) / Math.Log(LargeBuffer / SmallBuffer));
}
