using System.Text;

namespace Allspark.Engine;

/// <summary>Writes files so that a reader sees the old one or the new one, never half of it.</summary>
internal static class AtomicFile
{
    /// <summary>Writes beside <paramref name="path"/>, then renames over it; leaves nothing behind when it fails.</summary>
    /// <returns>The full path.</returns>
    public static string Write(string path, Action<Stream> write)
    {
        var target = Path.GetFullPath(path);
        var beside = target + "." + Guid.NewGuid().ToString("N")[..8] + ".tmp";
        try
        {
            using (var stream = new FileStream(beside, FileMode.CreateNew, FileAccess.Write))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(beside, target, overwrite: true);
            return target;
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }

    /// <summary>Writes <paramref name="text"/> as UTF-8 without a mark.</summary>
    public static string WriteText(string path, string text) => Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
}
