using System.Buffers.Binary;
using System.Text;

namespace Allspark.Engine.Import.Onnx;

/// <summary>How a field's value is stored (protocol buffers encoding, the wire types still in use).</summary>
internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}

/// <summary>
/// Reads protocol buffer messages from a seekable stream, forward only. What is skipped is never read: the weights of a network cost
/// a seek. Every length is checked against the message around it before it is believed.
/// </summary>
internal sealed class WireReader
{
    /// <summary>Messages within messages.</summary>
    public const int DeepestNesting = 32;

    /// <summary>Bytes of one string or of data that is kept.</summary>
    public const int LongestBytes = 1 << 16;

    private readonly Stream stream;
    private readonly byte[] buffer = new byte[1 << 16];
    private int next;
    private int filled;
    private long bufferStart;
    private long end;
    private int depth;

    public WireReader(Stream stream)
    {
        this.stream = stream;
        bufferStart = stream.Position;
        end = stream.Length;
    }

    /// <summary>Bytes from the beginning of the file.</summary>
    public long Position => bufferStart + next;

    /// <summary>Whether the message goes on.</summary>
    public bool HasMore => Position < end;

    /// <summary>The next field of the message; false at the message's end.</summary>
    public bool TryReadTag(out int field, out WireType type)
    {
        (field, type) = (0, default);
        if (Position == end)
            return false;
        var tag = ReadVarint();
        (field, type) = ((int)(tag >> 3), (WireType)(tag & 7));
        if (tag >> 3 is 0 or > 536_870_911 || !Enum.IsDefined(type))
            throw Bad($"a field tag of {tag}, which the format has not");
        return true;
    }

    public ulong ReadVarint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = ReadByte();
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }

        throw Bad("a number of more than ten bytes");
    }

    public long ReadInt64() => unchecked((long)ReadVarint());

    public int ReadInt32() => unchecked((int)ReadVarint());

    public float ReadFloat() => BinaryPrimitives.ReadSingleLittleEndian(ReadSpan(4));

    public double ReadDouble() => BinaryPrimitives.ReadDoubleLittleEndian(ReadSpan(8));

    public string ReadString() => Encoding.UTF8.GetString(ReadBytes());

    public byte[] ReadBytes()
    {
        var length = ReadLength();
        return length <= LongestBytes
            ? ReadSpan((int)length).ToArray()
            : throw Bad($"{length} bytes of text or data; up to {LongestBytes} are read");
    }

    /// <summary>Data if it is short, nothing if it is long; the reader is behind it in both cases.</summary>
    public byte[]? ReadShortBytes(int longest, out long length)
    {
        length = ReadLength();
        if (length <= longest)
            return ReadSpan((int)length).ToArray();
        Advance(length);
        return null;
    }

    /// <summary>Enters the message that the field holds; the result is for <see cref="Leave"/>.</summary>
    public long Enter()
    {
        var length = ReadLength();
        if (++depth > DeepestNesting)
            throw Bad($"messages nested more than {DeepestNesting} deep");
        var outer = end;
        end = Position + length;
        return outer;
    }

    /// <summary>Leaves a message that has been read to its end.</summary>
    public void Leave(long outer)
    {
        end = outer;
        depth--;
    }

    /// <summary>Leaves a message, passing over what has not been read.</summary>
    public void LeaveUnread(long outer)
    {
        Advance(end - Position);
        Leave(outer);
    }

    /// <summary>Passes over a field's value.</summary>
    public void Skip(WireType type)
    {
        switch (type)
        {
            case WireType.Varint:
                ReadVarint();
                break;
            case WireType.Fixed32:
                Advance(4);
                break;
            case WireType.Fixed64:
                Advance(8);
                break;
            default:
                Advance(ReadLength());
                break;
        }
    }

    /// <summary>An error at the present place.</summary>
    public InvalidDataException Bad(string problem) =>
        new(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Byte {Position} is where there is {problem}."));

    private long ReadLength()
    {
        var length = ReadVarint();
        return length <= (ulong)(end - Position)
            ? (long)length
            : throw Bad($"a length of {length} bytes, and {end - Position} are left: the file is cut short or damaged");
    }

    private void Advance(long bytes)
    {
        if (bytes > end - Position)
            throw Ends();
        if (bytes <= filled - next)
        {
            next += (int)bytes;
            return;
        }

        bufferStart = stream.Seek(Position + bytes, SeekOrigin.Begin);
        next = filled = 0;
    }

    private byte ReadByte()
    {
        if (Position >= end)
            throw Ends();
        if (next == filled)
            Fill(1);
        return buffer[next++];
    }

    private ReadOnlySpan<byte> ReadSpan(int length)
    {
        if (length > end - Position)
            throw Ends();
        if (length > filled - next)
            Fill(length);
        next += length;
        return buffer.AsSpan(next - length, length);
    }

    // Keeps what has not been used, and reads on until there is as much as asked for.
    private void Fill(int wanted)
    {
        buffer.AsSpan(next, filled - next).CopyTo(buffer);
        (bufferStart, filled, next) = (bufferStart + next, filled - next, 0);
        filled += stream.ReadAtLeast(buffer.AsSpan(filled), wanted - filled, throwOnEndOfStream: false);
        if (filled < wanted)
            throw Ends();
    }

    private InvalidDataException Ends() => Bad("no more to read, in the midst of a message: the file is cut short or damaged");
}
