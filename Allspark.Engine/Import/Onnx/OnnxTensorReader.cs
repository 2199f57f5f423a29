using System.Buffers.Binary;
using System.Globalization;

namespace Allspark.Engine.Import.Onnx;

/// <summary>Reads a tensor's shape, and its elements where they are few. Weights are passed over.</summary>
internal static class OnnxTensorReader
{
    /// <summary>Axes of a tensor.</summary>
    public const int MostAxes = 64;

    private const int LongestData = Tensor.MostElements * sizeof(long);

    public static OnnxTensor Read(WireReader wire)
    {
        var (name, type, sizes) = ("", ElementType.Undefined, new List<long>());
        var (integers, reals) = (new List<long>(), new List<double>());
        var (location, start, length) = ("", "0", "-1");
        byte[]? raw = null;
        var (hasRaw, hasLong, external) = (false, false, false);
        var outer = wire.Enter();
        while (wire.TryReadTag(out var field, out var stored))
        {
            switch (field, stored)
            {
                case (1, WireType.Bytes or WireType.Varint):
                    ReadPacked(wire, stored, WireType.Varint, sizes, static wire => wire.ReadInt64());
                    break;
                case (2, WireType.Varint):
                    type = (ElementType)wire.ReadInt32();
                    break;
                case (4, WireType.Bytes or WireType.Fixed32):
                    hasLong |= !ReadPacked(wire, stored, WireType.Fixed32, reals, static wire => wire.ReadFloat());
                    break;
                case (5 or 7 or 11, WireType.Bytes or WireType.Varint):
                    hasLong |= !ReadPacked(wire, stored, WireType.Varint, integers, static wire => wire.ReadInt64());
                    break;
                case (8, WireType.Bytes):
                    name = wire.ReadString();
                    break;
                case (9, WireType.Bytes):
                    raw = wire.ReadShortBytes(LongestData, out _);
                    hasRaw = true;
                    break;
                case (10, WireType.Bytes or WireType.Fixed64):
                    hasLong |= !ReadPacked(wire, stored, WireType.Fixed64, reals, static wire => wire.ReadDouble());
                    break;
                case (13, WireType.Bytes):
                    var (key, value) = ReadEntry(wire);
                    (location, start, length) = key switch
                    {
                        "location" => (value, start, length),
                        "offset" => (location, value, length),
                        "length" => (location, start, value),
                        _ => (location, start, length),
                    };
                    external = true;
                    break;
                case (14, WireType.Varint):
                    external |= wire.ReadInt64() != 0;
                    break;
                default:
                    wire.Skip(stored);
                    break;
            }
        }

        wire.Leave(outer);
        long[] shape = [.. sizes];
        if (shape.Length > MostAxes || !Tensor.IsSound(shape))
            throw new InvalidDataException($"The tensor {ModelImportException.Quote(name)} has the shape {Text(shape)}, which is impossible.");
        if (external)
            CheckLocation(name, location);
        var count = Tensor.CountOf(shape);
        var known = !external && !hasLong && count <= Tensor.MostElements;
        var tensor = new OnnxTensor(name, !known ? new Tensor(type, shape)
            : hasRaw ? Decode(name, type, shape, raw)
            : integers.Count == count && !Tensor.IsReal(type) ? new Tensor(type, shape, [.. integers])
            : reals.Count == count && Tensor.IsReal(type) ? new Tensor(type, shape, [.. reals])
            : new Tensor(type, shape));
        return external ? tensor with { External = new ExternalData(location, Number(name, start), Number(name, length)) } : tensor;
    }

    /// <summary>The tensor with the elements that its external file holds, where they are few; else the same, and why it has none.</summary>
    public static Tensor Resolve(OnnxTensor tensor, ExternalFiles files, out string unread)
    {
        unread = "";
        var value = tensor.Value;
        var bytes = value.Count * Width(value.Type);
        if (tensor.External is not { } external || value.Count > Tensor.MostElements || bytes == 0)
            return value;
        if (external.Length >= 0 && external.Length != bytes)
            throw Misfit(tensor.Name, value.Type, value.Shape, external.Length, bytes);
        return files.Read(external, (int)bytes, out unread) is { } raw ? Decode(tensor.Name, value.Type, value.Shape, raw) : value;
    }

    private static long Number(string name, string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new InvalidDataException($"The tensor {ModelImportException.Quote(name)} has its external data at {ModelImportException.Quote(text)}, which is no number.");

    /// <summary>Adds a repeated field's values, packed or single; false where they are so many that they were passed over.</summary>
    public static bool ReadPacked<T>(WireReader wire, WireType stored, WireType element, List<T> values, Func<WireReader, T> read)
    {
        if (stored == element)
        {
            if (values.Count >= Tensor.MostElements)
            {
                wire.Skip(stored);
                return false;
            }

            values.Add(read(wire));
            return true;
        }

        var outer = wire.Enter();
        while (wire.HasMore)
        {
            if (values.Count >= Tensor.MostElements)
            {
                wire.LeaveUnread(outer);
                return false;
            }

            values.Add(read(wire));
        }

        wire.Leave(outer);
        return true;
    }

    private static (string Key, string Value) ReadEntry(WireReader wire)
    {
        var (key, value) = ("", "");
        var outer = wire.Enter();
        while (wire.TryReadTag(out var field, out var type))
        {
            if ((field, type) == (1, WireType.Bytes))
                key = wire.ReadString();
            else if ((field, type) == (2, WireType.Bytes))
                value = wire.ReadString();
            else
                wire.Skip(type);
        }

        wire.Leave(outer);
        return (key, value);
    }

    // A path that leaves the folder is refused even where nothing is read of it, as a sign of a hostile or broken file.
    private static void CheckLocation(string name, string location)
    {
        var parts = location.Split('/', '\\');
        if (location.Length == 0 || Path.IsPathRooted(location) || location.Contains(':', StringComparison.Ordinal)
            || location.Contains('\0', StringComparison.Ordinal) || parts[0].Length == 0 || parts.Contains(".."))
        {
            throw new InvalidDataException($"The tensor {ModelImportException.Quote(name)} has its data in "
                + $"{ModelImportException.Quote(location)}: external data must be in the model's folder, under a relative path.");
        }
    }

    private static Tensor Decode(string name, ElementType type, long[] shape, byte[]? raw)
    {
        var width = Width(type);
        var count = Tensor.CountOf(shape);
        // Files whose weights have been taken out leave some tensors without data.
        if (width == 0 || raw is null || raw.Length == 0)
            return new Tensor(type, shape);
        if (raw.Length != count * width)
            throw Misfit(name, type, shape, raw.Length, count * width);

        if (Tensor.IsReal(type))
            return new Tensor(type, shape, Reals(type, raw, width));
        var integers = new long[count];
        for (var i = 0; i < count; i++)
            integers[i] = Integer(type, raw.AsSpan(i * width));
        return new Tensor(type, shape, integers);
    }

    // Bytes of an element; 0 for types that are not decoded.
    private static int Width(ElementType type) => type switch
    {
        ElementType.Float or ElementType.Int32 or ElementType.UInt32 => 4,
        ElementType.Double or ElementType.Int64 or ElementType.UInt64 => 8,
        ElementType.Bool or ElementType.Int8 or ElementType.UInt8 => 1,
        ElementType.Float16 or ElementType.BFloat16 or ElementType.Int16 or ElementType.UInt16 => 2,
        _ => 0,
    };

    private static InvalidDataException Misfit(string name, ElementType type, long[] shape, long bytes, long needed) => new(
        $"The tensor {ModelImportException.Quote(name)} of shape {Text(shape)} and type {type} has {bytes} bytes of data; {needed} are needed.");

    private static double[] Reals(ElementType type, byte[] raw, int width)
    {
        var values = new double[raw.Length / width];
        for (var i = 0; i < values.Length; i++)
        {
            var bytes = raw.AsSpan(i * width);
            values[i] = type switch
            {
                ElementType.Float => BinaryPrimitives.ReadSingleLittleEndian(bytes),
                ElementType.Double => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
                ElementType.Float16 => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes),
                _ => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(bytes) << 16),
            };
        }

        return values;
    }

    private static long Integer(ElementType type, ReadOnlySpan<byte> bytes) => type switch
    {
        ElementType.Int64 or ElementType.UInt64 => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        ElementType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        ElementType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        ElementType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
        ElementType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        ElementType.Int8 => (sbyte)bytes[0],
        _ => bytes[0],
    };

    private static string Text(long[] shape) => $"[{string.Join(", ", shape.Take(MostAxes))}]";
}
