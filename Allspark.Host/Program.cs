using System.Management.Automation.Runspaces;
using System.Text;
using Allspark.Host.Console;
using Allspark.Host.Session;

System.Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
var host = new EmbeddedHost();
using var runspace = RunspaceFactory.CreateRunspace(host, HostSession.Create());
runspace.Open();
using var pipeline = runspace.CreatePipeline();
if (args is ["-Command" or "-c", ..])
    pipeline.Commands.AddScript(string.Join(' ', args[1..]), useLocalScope: false);
else
{
    var rest = args is ["-File" or "-f", ..] ? args[1..] : args;
    var script = new Command(Path.GetFullPath(rest[0]), isScript: false, useLocalScope: false);
    foreach (var argument in rest[1..])
        script.Parameters.Add(null, argument);
    pipeline.Commands.Add(script);
}
pipeline.Commands[^1].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
pipeline.Commands.Add("Out-Default");
try
{
    pipeline.Invoke();
}
catch (System.Management.Automation.RuntimeException failure)
{
    using var report = runspace.CreatePipeline();
    report.Commands.Add("Out-Default");
    report.Invoke(new[] { failure.ErrorRecord });
    return host.ExitCode ?? 1;
}
return host.ExitCode ?? 0;
