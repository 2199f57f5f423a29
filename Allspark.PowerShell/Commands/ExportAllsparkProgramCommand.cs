using System.Management.Automation;
using System.Text;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Scheduling;
using Allspark.PowerShell.Parameters;

namespace Allspark.PowerShell.Commands;

/// <summary>Writes the integer program that a workload's schedule solves, for any solver.</summary>
/// <remarks>
/// The extension says the format: .lp is CPLEX LP, .mps is MPS with free fields; CBC, GLPK, HiGHS and the commercial solvers read both.
/// The optimum of the file is the objective that Invoke-AllsparkSchedule finds with the solver Exact: picoseconds for Latency, picojoules
/// for Energy. Names say what a variable means: x.p1.stages.0.blocks.0.Attention.2x4.h3.s8 is the option of phase 1 with groups of 2x4
/// nodes, heads in three parts and weights shared by eight. A file that is there is kept unless -Force is given.
/// </remarks>
/// <example>
/// <summary>The program of a network, for CBC.</summary>
/// <code>Split-VitWorkload swin_t -Array stack-8x8 | Export-AllsparkProgram -Path swin_t.lp</code>
/// </example>
/// <example>
/// <summary>Programs of least energy of two networks, each in a file of its own.</summary>
/// <code>'swin_t', 'vit_b_16' | Split-VitWorkload -Array stack-8x8 | Export-AllsparkProgram -Path { "$($_.Model.Name).mps" } -Objective Energy</code>
/// </example>
[Cmdlet(VerbsData.Export, "AllsparkProgram", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportAllsparkProgramCommand : ExportCommand
{
    private readonly Setting<ScheduleObjective> objective = new(ScheduleObjective.Latency);

    /// <summary>The workload.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [Alias("Workload")]
    [PipelineInput(typeof(Workload))]
    public Workload InputObject { get; set; } = null!;

    /// <summary>The file, with the extension .lp or .mps; a script block names one for each workload.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>What the program minimises.</summary>
    /// <value>Latency</value>
    [Parameter]
    public ScheduleObjective Objective
    {
        get => objective.Value;
        set => objective.Value = value;
    }

    /// <summary>Replaces a file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(InputObject, () =>
    {
        var file = FilePath(Path);
        var format = ProgramWriter.FormatOf(file);
        Write(file, $"the program of {InputObject.Model.Name} on {InputObject.Array.Name}", Force,
            () => Run(file, token => Write(InputObject, Objective, format, file, token)));
    });

    // The program is made before the file is opened: what cannot be written leaves no half of it.
    private static long Write(Workload workload, ScheduleObjective objective, ProgramFormat format, string file, CancellationToken token)
    {
        var program = ProgramBuilder.Build(workload, Schedulers.For(workload.Array).Machine(workload), objective);
        token.ThrowIfCancellationRequested();
        using var writer = new StreamWriter(file, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        ProgramWriter.Write(program, format, writer);
        writer.Flush();
        return writer.BaseStream.Length;
    }
}
