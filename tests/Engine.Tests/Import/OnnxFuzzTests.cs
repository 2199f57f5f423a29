using System.Diagnostics;
using Allspark.Engine.Import;
using Allspark.Engine.Models;
using Xunit;

namespace Engine.Tests.Import;

/// <summary>Damaged files are read or refused; they neither crash the reader, nor hang it, nor fill the memory.</summary>
[Trait("Speed", "Slow")]
public sealed class OnnxFuzzTests
{
    private const long MostBytes = 1L << 30;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("resnet50", 700)]
    [InlineData("gpt2_like", 400)]
    [InlineData("torch2_vit", 400)]
    [InlineData("timm_vit_op11", 300)]
    [InlineData("cswin_like", 150)]
    [InlineData("vit_b_16", 200)]
    [InlineData("swin_t", 25)]
    public void DamagedFilesAreReadOrRefused(string name, int cases)
    {
        var whole = OnnxFiles.Bytes(name);
        for (var seed = 0; seed < cases; seed++)
        {
            var damaged = Damage(whole, new Random(seed));
            var clock = Stopwatch.StartNew();
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                Assert.True(OnnxFiles.Import(damaged, name).Macs >= 0);
            }
            catch (ModelImportException failure)
            {
                Assert.StartsWith(name + ".onnx: ", failure.Message, StringComparison.Ordinal);
            }
            catch (Exception failure)
            {
                Assert.Fail($"{name}, seed {seed}: {failure}");
            }

            Assert.True(clock.Elapsed < Longest, $"{name}, seed {seed}: {clock.Elapsed}");
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < MostBytes, $"{name}, seed {seed}: {GC.GetAllocatedBytesForCurrentThread() - before} bytes");
        }
    }

    // Half of the cases keep the file's structure and change only numbers that look like sizes, axes or indices.
    private static byte[] Damage(byte[] whole, Random random)
    {
        var bytes = (byte[])whole.Clone();
        int At() => random.Next(bytes.Length);
        switch (random.Next(8))
        {
            case 0:
                return bytes[..At()];
            case 1:
                for (var i = random.Next(1, 9); i > 0; i--)
                    bytes[At()] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 2:
                random.NextBytes(bytes.AsSpan(At()) is { Length: > 16 } rest ? rest[..random.Next(1, 16)] : bytes.AsSpan(0, 1));
                return bytes;
            case 3:
                var (from, to, length) = (At(), At(), random.Next(1, 400));
                length = Math.Min(length, bytes.Length - Math.Max(from, to));
                whole.AsSpan(from, length).CopyTo(bytes.AsSpan(to));
                return bytes;
            default:
                for (var i = random.Next(1, 4); i > 0; i--)
                    Renumber(bytes, random);
                return bytes;
        }
    }

    // A little-endian 64-bit integer of the raw data, or a small byte anywhere, becomes another.
    private static void Renumber(byte[] bytes, Random random)
    {
        for (var tries = 0; tries < 1000; tries++)
        {
            var at = random.Next(bytes.Length - 8);
            if (bytes.AsSpan(at + 2, 6).IndexOfAnyExcept((byte)0) < 0 || bytes.AsSpan(at + 2, 6).IndexOfAnyExcept((byte)0xFF) < 0)
            {
                long[] values = [0, 1, 2, 3, 7, 49, 1000, -1, -2, long.MaxValue, long.MinValue, 1L << 31, 1L << 40, random.NextInt64()];
                BitConverter.TryWriteBytes(bytes.AsSpan(at), values[random.Next(values.Length)]);
                return;
            }
        }

        bytes[random.Next(bytes.Length)] = (byte)random.Next(4);
    }
}
