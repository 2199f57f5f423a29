using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Allspark.Engine.Experiments;

/// <summary>SHA-256 over a sequence of values, each with its kind and length, so that no two sequences run together.</summary>
internal sealed class ContentHash : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public ContentHash Add(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        AddWord((byte)'s', bytes.Length);
        hash.AppendData(bytes);
        return this;
    }

    public ContentHash Add(long number) => AddWord((byte)'i', number);

    public ContentHash Add(double number) => AddWord((byte)'d', BitConverter.DoubleToInt64Bits(number));

    public override string ToString() => Convert.ToHexStringLower(hash.GetCurrentHash());

    public void Dispose() => hash.Dispose();

    private ContentHash AddWord(byte kind, long word)
    {
        Span<byte> bytes = stackalloc byte[9];
        bytes[0] = kind;
        BinaryPrimitives.WriteInt64LittleEndian(bytes[1..], word);
        hash.AppendData(bytes);
        return this;
    }
}
