using System.ComponentModel;
using System.Diagnostics;

namespace Microsoft.PowerShell.Commands;

/// <summary>A command on processes, which it selects by name, by id or as objects.</summary>
public abstract class ProcessBaseCommand : PSCmdlet
{
    /// <summary>What to select by; null for all processes.</summary>
    internal Func<IEnumerable<Process>>? Selection { get; set; }

    /// <summary>The selected processes, each once, by name and then by id.</summary>
    internal List<Process> MatchingProcesses() =>
    [
        .. (Selection?.Invoke() ?? Process.GetProcesses())
            .DistinctBy(process => (NameOf(process), IdOf(process)))
            .OrderBy(NameOf, StringComparer.OrdinalIgnoreCase).ThenBy(IdOf),
    ];

    /// <summary>Processes by name, with wildcards; a name of none is an error.</summary>
    internal IEnumerable<Process> ByName(string[] names)
    {
        var all = Process.GetProcesses();
        foreach (var name in names)
        {
            var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
            var found = Array.FindAll(all, process => pattern.IsMatch(NameOf(process)));
            if (found.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
                WriteNoName(name);
            foreach (var process in found)
                yield return process;
        }
    }

    /// <summary>Processes by id; an id of none is an error.</summary>
    internal IEnumerable<Process> ById(int[] ids)
    {
        foreach (var id in ids)
        {
            if (Find(id) is { } process)
                yield return process;
        }
    }

    /// <summary>The processes themselves, with their state as of now.</summary>
    internal static IEnumerable<Process> Refreshed(Process[] processes)
    {
        foreach (var process in processes)
        {
            process.Refresh();
            yield return process;
        }
    }

    internal void WriteError(Process process, string message, string id, ErrorCategory category, Exception? cause = null) =>
        WriteError(message, NameOf(process), id, category, process, cause);

    /// <summary>The name, or empty if the process is gone or closed to us.</summary>
    internal static string NameOf(Process process)
    {
        try
        {
            return process.ProcessName;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            return "";
        }
    }

    /// <summary>The id, or the least integer if the process was never started.</summary>
    internal static int IdOf(Process process)
    {
        try
        {
            return process.Id;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            return int.MinValue;
        }
    }

    /// <summary>The name and id as messages show them.</summary>
    internal static string Label(Process process) =>
        string.Create(CultureInfo.InvariantCulture, $"{NameOf(process)} ({IdOf(process)})");

    private Process? Find(int id)
    {
        try
        {
            return Process.GetProcessById(id);
        }
        catch (ArgumentException)
        {
            WriteError($"Cannot find a process with the process identifier {id.ToString(CultureInfo.InvariantCulture)}.",
                "", "NoProcessFoundForGivenId", ErrorCategory.ObjectNotFound, id);
            return null;
        }
    }

    private void WriteNoName(string name)
    {
        var isNumber = int.TryParse(name, NumberStyles.Integer, CultureInfo.InvariantCulture, out var id) && id >= 0;
        var advice = isNumber
            ? "Try running with -Id to search by Id of process."
            : "Verify the process name and call the cmdlet again.";
        WriteError($"Cannot find a process with the name \"{name}\". {advice}",
            name, isNumber ? "RecommendIdTagForGivenName" : "NoProcessFoundForGivenName", ErrorCategory.ObjectNotFound, name);
    }

    private void WriteError(
        string message, string process, string id, ErrorCategory category, object target, Exception? cause = null) =>
        WriteError(new ErrorRecord(new ProcessCommandException(message, cause) { ProcessName = process }, id, category, target));
}

/// <summary>The failure of a command on a process.</summary>
public class ProcessCommandException : SystemException
{
    /// <summary>A failure without message.</summary>
    public ProcessCommandException()
    {
    }

    /// <summary>A failure with its message.</summary>
    public ProcessCommandException(string? message) : base(message)
    {
    }

    /// <summary>A failure with its message and cause.</summary>
    public ProcessCommandException(string? message, Exception? innerException) : base(message, innerException)
    {
    }

    /// <summary>The name of the process.</summary>
    public string ProcessName { get; init; } = "";
}
