using System.Management.Automation;

namespace Allspark.PowerShell.Commands;

/// <summary>A cmdlet that writes files, each after a confirmation where that is asked for.</summary>
public abstract class ExportCommand : AllsparkCommand
{
    private readonly HashSet<string> written =
        new(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);

    /// <summary>Emits what was written, as files.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Writes one file, unless something keeps it from being written.</summary>
    /// <param name="file">The file.</param>
    /// <param name="what">What it holds, for a confirmation.</param>
    /// <param name="force">Whether a file that is there is replaced.</param>
    /// <param name="write">Writes it.</param>
    private protected void Write(string file, string what, bool force, Action write)
    {
        if (!MayWrite(file, force) || !ShouldProcess(file, $"Export {what}"))
            return;
        written.Add(file);
        write();
        if (PassThru)
            WriteObject(new FileInfo(file));
    }

    // Reports what keeps a file from being written: another object of this pipeline is in it, it is there and is not to be replaced, or its
    // folder is not.
    private bool MayWrite(string file, bool force)
    {
        if (written.Contains(file))
        {
            WriteError(new ErrorRecord(
                new IOException(
                    $"{file} was written just now, for another object of this pipeline. Name a file for each: with a folder, or with a script block, -Path {{ ... }}."),
                "FileWrittenTwice",
                ErrorCategory.ResourceExists,
                file));
            return false;
        }

        if (File.Exists(file) && !force)
        {
            WriteError(new ErrorRecord(
                new IOException($"{file} is there already. Use -Force to replace it."), "FileExists", ErrorCategory.ResourceExists, file));
            return false;
        }

        var folder = Path.GetDirectoryName(file);
        if (Directory.Exists(folder))
            return true;
        WriteError(new ErrorRecord(
            new DirectoryNotFoundException($"There is no folder {folder}. Make it first."), "PathNotFound", ErrorCategory.ObjectNotFound, file));
        return false;
    }
}
