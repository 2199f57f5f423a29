using System.Numerics;

namespace Allspark.Engine.Simulation.Network;

/// <summary>
/// A set of small numbers, walked in ascending order in time proportional to its size: one bit a number, and one bit for each word
/// of those that is not empty. What is removed or added during a walk may or may not be met.
/// </summary>
internal sealed class ActiveSet(int capacity)
{
    private readonly ulong[] words = new ulong[(capacity >> 6) + 1];
    private readonly ulong[] filled = new ulong[(capacity >> 12) + 1];

    public void Add(int item)
    {
        words[item >> 6] |= 1UL << item;
        filled[item >> 12] |= 1UL << (item >> 6);
    }

    public void Remove(int item)
    {
        if ((words[item >> 6] &= ~(1UL << item)) == 0)
            filled[item >> 12] &= ~(1UL << (item >> 6));
    }

    public bool Contains(int item) => (words[item >> 6] >> item & 1) != 0;

    public Walk GetEnumerator() => new(words, filled);

    internal ref struct Walk(ulong[] words, ulong[] filled)
    {
        private ulong word;
        private ulong group = filled[0];
        private int groupIndex;
        private int wordIndex;

        public int Current { get; private set; }

        public bool MoveNext()
        {
            while (word == 0)
            {
                while (group == 0)
                {
                    if (++groupIndex >= filled.Length)
                        return false;
                    group = filled[groupIndex];
                }

                wordIndex = (groupIndex << 6) + BitOperations.TrailingZeroCount(group);
                group &= group - 1;
                word = words[wordIndex];
            }

            Current = (wordIndex << 6) + BitOperations.TrailingZeroCount(word);
            word &= word - 1;
            return true;
        }
    }
}
