using System.Globalization;

namespace Allspark.Engine.Scheduling;

/// <summary>Format of a program's file.</summary>
public enum ProgramFormat
{
    /// <summary>CPLEX LP.</summary>
    Lp,

    /// <summary>MPS with free fields.</summary>
    Mps,
}

/// <summary>Writes programs in the file formats of mixed-integer solvers: CBC, GLPK, HiGHS and the commercial ones.</summary>
public sealed class ProgramWriter
{
    private const int TermsALine = 4;

    private readonly ScheduleProgram _source;
    private readonly LinearProgram _program;
    private readonly TextWriter _writer;

    private ProgramWriter(ScheduleProgram program, TextWriter writer) =>
        (_source, _program, _writer) = (program, LinearProgram.Of(program), writer);

    /// <summary>The format that a file's extension, <c>.lp</c> or <c>.mps</c>, asks for.</summary>
    /// <exception cref="ArgumentException">The extension is neither.</exception>
    public static ProgramFormat FormatOf(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".LP" => ProgramFormat.Lp,
            ".MPS" => ProgramFormat.Mps,
            var other => throw new ArgumentException(
                $"'{other}' is not the extension of a program's file ({Path.GetFileName(path)}). Use .lp (CPLEX LP) or .mps (free MPS).", nameof(path)),
        };
    }

    /// <summary>Writes a program; the file's optimum is the schedule's objective, in picoseconds or picojoules.</summary>
    public static void Write(ScheduleProgram program, ProgramFormat format, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(writer);
        var file = new ProgramWriter(program, writer);
        if (format == ProgramFormat.Lp)
            file.WriteLp();
        else
            file.WriteMps();
    }

    private void WriteHeading(string comment)
    {
        var workload = _source.Workload;
        var (measure, unit) = _source.Objective == ScheduleObjective.Latency ? ("latency", "picoseconds") : ("energy", "picojoules");
        string[] lines =
        [
            $"Schedule of {OneLine(workload.Model.Name)} on {OneLine(workload.Array.Name)} under {workload.Scheme}.",
            $"Objective: {measure} of one inference in {unit}. Memory rows: bytes of a node.",
            "x.<phase>.<group>.h<head parts>[.r<row parts>][.c<channel parts>].s<sharing degree>: the phase takes this option (0 or 1).",
            "y.<phase>.<group before>.<group>: tokens move to the phase between these layouts; 0 or 1 wherever every x is.",
            "resident.<region>: bytes that a node of the region keeps for the whole inference.",
        ];
        foreach (var line in lines)
            WriteLine($"{comment} {line}");
    }

    private void WriteLp()
    {
        WriteHeading(@"\");
        WriteLine("Minimize");
        var objective = _program.Columns.Select((column, index) => new LinearTerm(index, column.Objective)).Where(term => term.Coefficient != 0).ToList();
        WriteSum("objective", objective.Count > 0 ? objective : [new LinearTerm(0, 0)], "");
        WriteLine("Subject To");
        foreach (var row in _program.Rows)
            WriteSum(row.Name, row.Terms, $" {(row.IsEquality ? "=" : "<=")} {Text(row.Limit)}");
        WriteLine("Binaries");
        foreach (var column in _program.Columns.Where(column => column.IsBinary))
            WriteLine($" {column.Name}");
        WriteLine("End");
    }

    private void WriteSum(string name, IReadOnlyList<LinearTerm> terms, string end)
    {
        _writer.Write($" {name}:");
        for (var t = 0; t < terms.Count; t++)
        {
            if (t > 0 && t % TermsALine == 0)
                _writer.Write("\n  ");
            var (column, coefficient) = terms[t];
            _writer.Write(coefficient < 0 ? " - " : t == 0 ? " " : " + ");
            if (Math.Abs(coefficient) != 1)
                _writer.Write($"{Text(Math.Abs(coefficient))} ");
            _writer.Write(_program.Columns[column].Name);
        }

        WriteLine(end);
    }

    private void WriteMps()
    {
        WriteHeading("*");
        WriteLine("NAME schedule");
        WriteLine("ROWS");
        WriteLine(" N objective");
        foreach (var row in _program.Rows)
            WriteLine($" {(row.IsEquality ? 'E' : 'L')} {row.Name}");
        WriteLine("COLUMNS");
        WriteMpsColumns();
        WriteLine("RHS");
        foreach (var row in _program.Rows.Where(row => row.Limit != 0))
            WriteLine($" rhs {row.Name} {Text(row.Limit)}");
        WriteLine("BOUNDS");
        foreach (var column in _program.Columns.Where(column => column.IsBinary))
            WriteLine($" UP bound {column.Name} 1");
        WriteLine("ENDATA");
    }

    // MPS lists the coefficients column by column.
    private void WriteMpsColumns()
    {
        var entries = _program.Columns.Select(_ => new List<(string Row, long Coefficient)>()).ToArray();
        foreach (var row in _program.Rows)
        {
            foreach (var (column, coefficient) in row.Terms)
                entries[column].Add((row.Name, coefficient));
        }

        var inBinaries = false;
        for (var c = 0; c < entries.Length; c++)
        {
            var column = _program.Columns[c];
            if (column.IsBinary != inBinaries)
                WriteMarker(inBinaries = column.IsBinary);
            WriteLine($" {column.Name} objective {Text(column.Objective)}");
            foreach (var (row, coefficient) in entries[c])
                WriteLine($" {column.Name} {row} {Text(coefficient)}");
        }

        if (inBinaries)
            WriteMarker(starts: false);
    }

    private void WriteMarker(bool starts) => WriteLine($" marker 'MARKER' {(starts ? "'INTORG'" : "'INTEND'")}");

    // A file is the same on every machine, so its lines end in one character.
    private void WriteLine(string line)
    {
        _writer.Write(line);
        _writer.Write('\n');
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string OneLine(string name) => string.Concat(name.Select(letter => char.IsControl(letter) ? ' ' : letter));
}
