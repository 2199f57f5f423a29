namespace Allspark.Engine.Import.Onnx;

/// <summary>
/// Reads small constants from the files beside a model that hold its tensors. A file is read only inside of the model's folder, or of the
/// one that the model itself is linked from; links that lead elsewhere are not followed.
/// </summary>
/// <param name="model">The model's path; null for a model that is no file, which has none beside it.</param>
internal sealed class ExternalFiles(string? model)
{
    // Of all tensors together.
    private const long MostBytes = 64 << 20;

    private readonly string folder = model is null ? "" : Path.GetDirectoryName(Path.GetFullPath(model))!;
    private long total;

    /// <summary>The bytes, or none and the reason why there are none.</summary>
    public byte[]? Read(ExternalData data, int length, out string reason)
    {
        var name = ModelImportException.Quote(data.Location);
        try
        {
            var path = Path.GetFullPath(Path.Combine(folder, data.Location));
            var file = new FileInfo(path);
            if (model is null || !file.Exists)
                reason = $"{name}, which is not in the model's folder: put it there";
            else if (!Stays(path))
                reason = $"{name}, a link that leaves the model's folder: put the file itself there";
            else if (data.Offset < 0 || length > Target(file).Length - data.Offset)
                reason = $"{name}, which has {Target(file).Length} bytes and is to have it at byte {data.Offset}: the file is cut short or another one";
            else if ((total += length) > MostBytes)
                reason = $"{name}, behind the first {MostBytes >> 20} MiB of constants that are read";
            else
            {
                reason = "";
                return Bytes(path, data.Offset, length);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            reason = $"{name}, which cannot be read: {failure.Message}";
        }

        return null;
    }

    private static byte[] Bytes(string path, long offset, int length)
    {
        using var handle = File.OpenHandle(path);
        var bytes = new byte[length];
        for (var read = 0; read < length;)
        {
            var count = RandomAccess.Read(handle, bytes.AsSpan(read), offset + read);
            read += count > 0 ? count : throw new EndOfStreamException("it ends before that.");
        }

        return bytes;
    }

    private static FileInfo Target(FileInfo file) => file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;

    private bool Stays(string path)
    {
        var own = Path.GetDirectoryName(Target(new FileInfo(model!)).FullName)!;
        for (var part = path; part.Length > folder.Length; part = Path.GetDirectoryName(part)!)
        {
            FileSystemInfo entry = part == path ? new FileInfo(part) : new DirectoryInfo(part);
            if (entry.ResolveLinkTarget(returnFinalTarget: true) is { } target && !IsInside(target.FullName, folder) && !IsInside(target.FullName, own))
                return false;
        }

        return IsInside(path, folder);
    }

    private static bool IsInside(string path, string folder) =>
        path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
