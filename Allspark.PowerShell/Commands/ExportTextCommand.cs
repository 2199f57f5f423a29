using System.Management.Automation;

namespace Allspark.PowerShell.Commands;

/// <summary>A cmdlet that writes each object as a text file of its own.</summary>
public abstract class ExportTextCommand : ExportCommand
{
    /// <summary>The file, or a folder in which the file is named after what is in it; a script block names one for each object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Replaces a file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Writes one object.</summary>
    /// <param name="exported">The object.</param>
    /// <param name="what">What it is, for a confirmation.</param>
    /// <param name="fileName">Name of the file in a folder, with its extension.</param>
    /// <param name="write">Makes the text.</param>
    private protected void Export(object exported, string what, string fileName, Func<string> write) => ForItem(exported, () =>
    {
        var file = FilePath(Path);
        if (Directory.Exists(file))
            file = System.IO.Path.Combine(file, string.Concat(fileName.Split(System.IO.Path.GetInvalidFileNameChars())));
        Write(file, what, Force, () => File.WriteAllText(file, write()));
    });
}
