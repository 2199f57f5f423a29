using Allspark.Host.Console;

// Not a mere return: sessions that a script opened and forgot have threads of their own, which must not outlive it.
Environment.Exit(Shell.Run(args));
