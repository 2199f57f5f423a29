using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Microsoft.PowerShell.Commands;

/// <summary>A row of Format-Hex.</summary>
public sealed class ByteCollection(ulong offset, byte[] value, string? path, string? label)
{
    private const int BytesPerRow = 16;

    public ulong Offset64 { get; } = offset;

    public byte[] Bytes { get; } = value;

    public string? Path { get; } = path;

    public string? Label { get; } = label;

    public string HexOffset => Offset64.ToString("X16", CultureInfo.InvariantCulture);

    public string HexBytes => string.Join(' ', Bytes.Select(b => b.ToString("X2", CultureInfo.InvariantCulture))).PadRight((BytesPerRow * 3) - 1);

    public string Ascii => string.Concat(Bytes.Select(b => b is 0 ? ' ' : b is >= 0x20 and < 0x7F or >= 0xA0 ? (char)b : '�'));

    public override string ToString() => $"{HexOffset}   {HexBytes} {Ascii}".TrimEnd();

    internal static IEnumerable<ByteCollection> Rows(byte[] bytes, ulong offset, string? path, string? label) =>
        bytes.Chunk(BytesPerRow).Select((row, i) => new ByteCollection(offset + (ulong)(i * BytesPerRow), row, path, label));
}

[Cmdlet(VerbsCommon.Format, "Hex", HelpUri = "https://go.microsoft.com/fwlink/?LinkId=526919")]
[Alias("fhx")]
[OutputType(typeof(ByteCollection))]
public sealed class FormatHex : PSCmdlet
{
    private readonly List<byte> _held = [];
    private Type? _heldType;

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Path")]
    [ValidateNotNullOrEmpty]
    public string[]? Path { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "LiteralPath")]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath", "LP")]
    public string[]? LiteralPath { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "ByInputObject", ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(ParameterSetName = "ByInputObject")]
    [FileEncoding]
    [ValidateNotNullOrEmpty]
    public Encoding Encoding { get; set; } = OutputFile.Utf8;

    [Parameter]
    [ValidateRange(ValidateRangeKind.Positive)]
    public long Count { get; set; } = long.MaxValue;

    [Parameter]
    [ValidateRange(ValidateRangeKind.NonNegative)]
    public long Offset { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var file in (Path ?? LiteralPath ?? []).SelectMany(path => this.FilesThatExist(path, isLiteral: Path is null)))
            WriteFile(file);
        if (InputObject is not null)
            ProcessObject(InputObject.BaseObject);
    }

    protected override void EndProcessing() => Flush();

    private void ProcessObject(object input)
    {
        switch (input)
        {
            case FileInfo file:
                Flush();
                WriteFile(file.FullName);
                break;
            case string text:
                Flush();
                WriteBytes(Encoding.GetBytes(text), typeof(string));
                break;
            case Array array when Bytes(array) is { } bytes:
                Flush();
                WriteBytes(bytes, array.GetType());
                break;
            default:
                Hold(input);
                break;
        }
    }

    // Numbers that come one by one are shown as one block as long as their type stays.
    private void Hold(object input)
    {
        if (Bytes(input) is not { } bytes)
        {
            WriteError(new ErrorRecord(new ArgumentException(
                    $"Cannot convert input of type '{input.GetType()}' to hexadecimal. To view the hexadecimal formatting of its string representation, pipe it to the Out-String cmdlet before piping it to Format-Hex."),
                "FormatHexTypeNotSupported", ErrorCategory.InvalidArgument, input.GetType()));
            return;
        }
        if (_heldType is not null && _heldType != input.GetType())
            Flush();
        _heldType = input.GetType();
        _held.AddRange(bytes);
    }

    private void Flush()
    {
        if (_held.Count > 0)
            WriteBytes([.. _held], _heldType!);
        _held.Clear();
        _heldType = null;
    }

    private static byte[]? Bytes(object value)
    {
        switch (value)
        {
            case Array array:
                var parts = array.Cast<object>().Select(Bytes).ToArray();
                return parts.All(part => part is not null) ? [.. parts.SelectMany(part => part!)] : null;
            case bool flag:
                return [flag ? (byte)1 : (byte)0];
            case Enum member:
                return Bytes(Convert.ChangeType(member, Enum.GetUnderlyingType(member.GetType()), CultureInfo.InvariantCulture));
            case double number:
                var eight = new byte[sizeof(double)];
                BinaryPrimitives.WriteDoubleLittleEndian(eight, number);
                return eight;
            case float number:
                var four = new byte[sizeof(float)];
                BinaryPrimitives.WriteSingleLittleEndian(four, number);
                return four;
            case char or byte or sbyte or short or ushort or int or uint or long or ulong:
                var all = BitConverter.GetBytes(unchecked((long)Convert.ToDecimal(value is char c ? (ushort)c : value, CultureInfo.InvariantCulture)));
                return all[..Marshal.SizeOf(value is char ? typeof(ushort) : value.GetType())];
            default:
                return null;
        }
    }

    private void WriteBytes(byte[] bytes, Type type)
    {
        var start = (int)Math.Min(Offset, bytes.Length);
        var length = (int)Math.Min(Count, bytes.Length - start);
        var label = string.Create(CultureInfo.InvariantCulture, $"{type.Name} ({type.FullName}) <{Random.Shared.Next():X}>");
        WriteObject(ByteCollection.Rows(bytes[start..(start + length)], 0, path: null, label), enumerateCollection: true);
    }

    private void WriteFile(string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
            stream.Position = Offset;
            using var reader = new BinaryReader(stream);
            const int BlockBytes = 1 << 16;
            var left = Count;
            var position = (ulong)Offset;
            while (left > 0 && reader.ReadBytes((int)Math.Min(BlockBytes, left)) is { Length: > 0 } block)
            {
                WriteObject(ByteCollection.Rows(block, position, file, file), enumerateCollection: true);
                position += (ulong)block.Length;
                left -= block.Length;
            }
        }
        catch (IOException failure)
        {
            WriteError(new ErrorRecord(failure, "FormatHexIOError", ErrorCategory.WriteError, file));
        }
        catch (UnauthorizedAccessException failure)
        {
            WriteError(new ErrorRecord(failure, "FormatHexUnauthorizedAccessError", ErrorCategory.PermissionDenied, file));
        }
    }
}
