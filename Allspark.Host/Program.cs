using Allspark.Host.Console;

return Shell.Run(args);
