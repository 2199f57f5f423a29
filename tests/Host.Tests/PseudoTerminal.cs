using System.Collections;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Host.Tests;

/// <summary>Starts a process as the leader of a session whose terminal is one of our own (POSIX, by glibc's and musl's numbers).</summary>
internal static partial class PseudoTerminal
{
    private const int ReadWrite = 2;
    private const int NoControllingTerminal = 0x100;
    private const nuint SetWindowSize = 0x5414;
    private const short SetSignalDefaults = 0x04;
    private const short NewSession = 0x80;
    private const int Sigint = 2;
    private const int Sigkill = 9;
    private const int NoHang = 1;

    // More than any C library's posix_spawnattr_t, posix_spawn_file_actions_t and sigset_t.
    private const int OpaqueBytes = 512;

    /// <summary>The terminal's other end, and the process.</summary>
    public static (int Master, int Process) Start(string[] command, IDictionary environment, string folder)
    {
        var master = Check(OpenTerminal(ReadWrite | NoControllingTerminal));
        Check(Grant(master));
        Check(Unlock(master));
        var name = new byte[256];
        CheckCode(Name(master, name, name.Length));
        Check(Control(master, SetWindowSize, [24, 80, 0, 0]));

        var (attributes, actions, signals) = (new byte[OpaqueBytes], new byte[OpaqueBytes], new byte[OpaqueBytes]);
        CheckCode(InitializeAttributes(attributes));
        // A shell starts its background jobs with SIGINT ignored, which their children inherit.
        Check(AddSignal(signals, Sigint));
        CheckCode(SetDefaults(attributes, signals));
        CheckCode(SetFlags(attributes, NewSession | SetSignalDefaults));
        CheckCode(InitializeActions(actions));
        CheckCode(AddFolder(actions, folder));
        // The first terminal that a session's leader opens becomes the session's.
        for (var descriptor = 0; descriptor <= 2; descriptor++)
            CheckCode(AddOpen(actions, descriptor, name, ReadWrite, 0));
        string?[] variables = [.. environment.Cast<DictionaryEntry>().Select(variable => $"{variable.Key}={variable.Value}"), null];
        CheckCode(Spawn(out var process, command[0], actions, attributes, [.. command, null], variables));
        CheckCode(DestroyActions(actions));
        CheckCode(DestroyAttributes(attributes));
        return (master, process);
    }

    /// <summary>The exit code of a process that has ended (128 and more: by a signal), or null.</summary>
    public static int? ExitCode(int process) => Check(Wait(process, out var status, NoHang)) == 0 ? null
        : (status & 0x7f) == 0 ? status >> 8 & 0xff : 128 + (status & 0x7f);

    public static void Kill(int process)
    {
        Check(Signal(process, Sigkill));
        Check(Wait(process, out _, 0));
    }

    private static int Check(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());

    private static void CheckCode(int error)
    {
        if (error != 0)
            throw new Win32Exception(error);
    }

    [LibraryImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    private static partial int OpenTerminal(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt", SetLastError = true)]
    private static partial int Grant(int master);

    [LibraryImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    private static partial int Unlock(int master);

    [LibraryImport("libc", EntryPoint = "ptsname_r")]
    private static partial int Name(int master, byte[] name, nint length);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(int descriptor, nuint request, short[] window);

    [LibraryImport("libc", EntryPoint = "sigaddset", SetLastError = true)]
    private static partial int AddSignal(byte[] signals, int signal);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static partial int InitializeAttributes(byte[] attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial int SetDefaults(byte[] attributes, byte[] signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static partial int SetFlags(byte[] attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    private static partial int DestroyAttributes(byte[] attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int InitializeActions(byte[] actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addchdir_np", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AddFolder(byte[] actions, string folder);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen")]
    private static partial int AddOpen(byte[] actions, int descriptor, byte[] path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int DestroyActions(byte[] actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Spawn(out int process, string path, byte[] actions, byte[] attributes, string?[] arguments,
        string?[] environment);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int Wait(int process, out int status, int options);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Signal(int process, int signal);
}
