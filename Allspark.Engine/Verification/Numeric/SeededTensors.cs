namespace Allspark.Engine.Verification.Numeric;

/// <summary>
/// Random numbers that depend on nothing but the seed, the tensor's name and the element's index, so that any slice of a tensor
/// can be made anywhere and is the same everywhere.
/// </summary>
internal sealed class SeededTensors(int seed)
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    /// <summary>Elements [first, first + count) of a tensor, uniform in centre ± spread.</summary>
    public float[] Uniform(string name, long first, int count, float centre, float spread)
    {
        var values = new float[count];
        var stream = Mix((ulong)(uint)seed ^ Hash(name));
        for (var i = 0; i < count; i++)
        {
            // 24 bits are what a float holds exactly.
            var fraction = (Mix(stream + (ulong)(first + i) * Golden) >> 40) * (1f / (1 << 24));
            values[i] = centre + spread * (2 * fraction - 1);
        }

        return values;
    }

    // FNV-1a over the UTF-16 code units.
    private static ulong Hash(string name)
    {
        var hash = 0xCBF29CE484222325UL;
        foreach (var character in name)
            hash = (hash ^ character) * 0x100000001B3UL;
        return hash;
    }

    // The finaliser of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, OOPSLA 2014).
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
