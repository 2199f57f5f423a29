namespace Allspark.Engine.Simulation.Network;

/// <summary>SplitMix64 (Steele, Lea and Flood, 2014): one stream a node, so that no order of work changes what is drawn.</summary>
internal struct RandomStream(int seed, int node)
{
    private const ulong Increment = 0x9E3779B97F4A7C15;

    private ulong state = Mix(Mix((ulong)(uint)seed + Increment) + (ulong)(uint)node);

    /// <summary>A number of 0 to below, all equally likely but for less than 2^-32.</summary>
    public int Below(int bound) => (int)(((Draw() >> 32) * (ulong)(uint)bound) >> 32);

    /// <summary>A number above 0 and up to 1.</summary>
    public double Fraction() => ((Draw() >> 11) + 1) * (1.0 / (1UL << 53));

    /// <summary>64 random bits.</summary>
    public ulong Draw() => Mix(state += Increment);

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
