using System.Runtime.InteropServices;
using Allspark.Engine.Partitioning;

namespace Allspark.Engine.Scheduling;

/// <summary>A column of a linear program.</summary>
/// <param name="Name">Unique; letters, digits, <c>_</c> and <c>.</c>, beginning with a letter: legal in every file format.</param>
/// <param name="Objective">Coefficient in the objective, in the program's unit.</param>
/// <param name="UpperBound">Largest value; the smallest is 0. For columns that are not binary the rows imply it.</param>
/// <param name="IsBinary">Whether the column is 0 or 1; the others are whole where all of these are.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LinearColumn(string Name, long Objective, long UpperBound, bool IsBinary);

/// <summary>A coefficient of a row.</summary>
/// <param name="Column">Index of the column.</param>
/// <param name="Coefficient">The coefficient.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LinearTerm(int Column, long Coefficient);

/// <summary>A row of a linear program: Σ coefficient·column = limit, or ≤ limit.</summary>
/// <param name="Name">Unique among the rows; written as columns' names are.</param>
/// <param name="Terms">The terms, each column once.</param>
/// <param name="IsEquality">Whether the sum equals the limit; otherwise it is at most the limit.</param>
/// <param name="Limit">The limit.</param>
public sealed record LinearRow(string Name, IReadOnlyList<LinearTerm> Terms, bool IsEquality, long Limit);

/// <summary>A schedule program as rows over columns: what files hold and other solvers take.</summary>
/// <remarks>
/// The columns x[p,o] come first, phase by phase in the order of the options. Linking is by flow: for each pair of consecutive phases
/// Σ_l' y[l,l'] = Σ x of class l, and Σ_l y[l,l'] = Σ x of class l'. These rows describe the layered graph of layouts without a gap, so that
/// only the memory rows make the program hard, and y need not be integer. The residents of a region are a column of their own, equal to
/// Σ w·x, which keeps the memory rows short. Costs of the first phase's input and the last one's output stand in the columns x.
/// </remarks>
public sealed class LinearProgram
{
    private readonly ScheduleProgram _program;
    private readonly List<LinearColumn> _columns = [];
    private readonly List<LinearRow> _rows = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<int, int> _residentColumns = [];
    private readonly int[] _firstChoice;
    private readonly int[] _firstMove;

    private LinearProgram(ScheduleProgram program)
    {
        _program = program;
        _firstChoice = new int[program.Phases.Count];
        _firstMove = new int[program.Phases.Count];
        AddChoices();
        for (var p = 1; p < program.Phases.Count; p++)
            AddMoves(p);
        foreach (var region in Enumerable.Range(0, program.Phases.Count).GroupBy(p => program.Phases[p].Region))
            AddMemory(region.Key, [.. region]);
        if (program.EnergyLimitPicojoules is { } limit)
            AddRow("energy", Energies(), isEquality: false, limit);
    }

    /// <summary>The columns.</summary>
    public IReadOnlyList<LinearColumn> Columns => _columns;

    /// <summary>The rows.</summary>
    public IReadOnlyList<LinearRow> Rows => _rows;

    /// <summary>Writes a schedule program down as rows and columns.</summary>
    public static LinearProgram Of(ScheduleProgram program)
    {
        ArgumentNullException.ThrowIfNull(program);
        return new LinearProgram(program);
    }

    /// <summary>Column of x[p,o].</summary>
    public int ColumnOf(int phase, int option) => _firstChoice[phase] + option;

    /// <summary>The value of every column under a choice of one option for each phase.</summary>
    public long[] ValuesOf(IReadOnlyList<int> choice)
    {
        ArgumentNullException.ThrowIfNull(choice);
        var values = new long[_columns.Count];
        for (var p = 0; p < choice.Count; p++)
            values[ColumnOf(p, choice[p])] = 1;
        for (var p = 1; p < choice.Count; p++)
            values[MoveColumn(p, _program.Phases[p - 1].Options[choice[p - 1]].LayoutClass, _program.Phases[p].Options[choice[p]].LayoutClass)] = 1;
        foreach (var (region, column) in _residentColumns)
            values[column] = choice.Select((o, p) => _program.Phases[p].Region == region ? _program.Phases[p].Options[o].ResidentBytes : 0).Sum();
        return values;
    }

    private int MoveColumn(int phase, int from, int to) => _firstMove[phase] + from * _program.Phases[phase].Layouts.Count + to;

    private void AddChoices()
    {
        for (var p = 0; p < _program.Phases.Count; p++)
        {
            var phase = _program.Phases[p];
            _firstChoice[p] = _columns.Count;
            foreach (var option in phase.Options)
            {
                var ends = (p == 0 ? phase.TransitionFrom(0, option.LayoutClass).Objective : 0)
                    + (p + 1 == _program.Phases.Count ? _program.TransitionsOut[option.LayoutClass].Objective : 0);
                AddColumn($"x.{PhaseName(p)}.{OptionName(option.Option)}", option.Objective + ends, 1, isBinary: true);
            }

            AddRow($"one.{PhaseName(p)}", Enumerable.Range(0, phase.Options.Count).Select(o => new LinearTerm(ColumnOf(p, o), 1)), isEquality: true, 1);
        }
    }

    private void AddMoves(int p)
    {
        var (before, here) = (_program.Phases[p - 1], _program.Phases[p]);
        var (sources, targets) = (ByLayout(p - 1), ByLayout(p));
        _firstMove[p] = _columns.Count;
        for (var from = 0; from < sources.Length; from++)
        {
            for (var to = 0; to < targets.Length; to++)
            {
                AddColumn(
                    $"y.{PhaseName(p)}.{LayoutName(before.Layouts[from])}.{LayoutName(here.Layouts[to])}", here.TransitionFrom(from, to).Objective, 1, isBinary: false);
            }
        }

        for (var from = 0; from < sources.Length; from++)
            AddFlow($"from.{PhaseName(p)}.{LayoutName(before.Layouts[from])}", Enumerable.Range(0, targets.Length).Select(to => MoveColumn(p, from, to)), sources[from]);
        for (var to = 0; to < targets.Length; to++)
            AddFlow($"to.{PhaseName(p)}.{LayoutName(here.Layouts[to])}", Enumerable.Range(0, sources.Length).Select(from => MoveColumn(p, from, to)), targets[to]);
    }

    private void AddFlow(string name, IEnumerable<int> moves, int[] choices) =>
        AddRow(name, moves.Select(y => new LinearTerm(y, 1)).Concat(choices.Select(x => new LinearTerm(x, -1))), isEquality: true, 0);

    private void AddMemory(int region, int[] phases)
    {
        var resident = AddColumn($"resident.region{region}", 0, _program.CapacityBytes, isBinary: false);
        _residentColumns.Add(region, resident);
        var residents = phases.SelectMany(p => Terms(p, option => option.ResidentBytes));
        AddRow($"residents.region{region}", residents.Append(new LinearTerm(resident, -1)), isEquality: true, 0);
        foreach (var p in phases)
            AddRow($"memory.{PhaseName(p)}", Terms(p, option => option.TransientBytes).Prepend(new LinearTerm(resident, 1)), isEquality: false, _program.CapacityBytes);
    }

    private IEnumerable<LinearTerm> Terms(int p, Func<ProgramOption, long> coefficient) =>
        _program.Phases[p].Options.Select((option, o) => new LinearTerm(ColumnOf(p, o), coefficient(option))).Where(term => term.Coefficient != 0);

    // As the objective is summed: options, moves, and the ends of the network in the columns x.
    private IEnumerable<LinearTerm> Energies()
    {
        for (var p = 0; p < _program.Phases.Count; p++)
        {
            var phase = _program.Phases[p];
            foreach (var (o, option) in phase.Options.Index())
            {
                var ends = (p == 0 ? EnergyOf(phase.TransitionFrom(0, option.LayoutClass)) : 0)
                    + (p + 1 == _program.Phases.Count ? EnergyOf(_program.TransitionsOut[option.LayoutClass]) : 0);
                yield return new LinearTerm(ColumnOf(p, o), EnergyOf(option.Coefficient) + ends);
            }

            for (var move = 0; p > 0 && move < phase.TransitionsIn.Count; move++)
                yield return new LinearTerm(_firstMove[p] + move, EnergyOf(phase.TransitionsIn[move]));
        }
    }

    private long EnergyOf(Coefficient coefficient) => _program.Objective == ScheduleObjective.Energy ? coefficient.Objective : coefficient.TieBreak;

    private int[][] ByLayout(int p)
    {
        var options = _program.Phases[p].Options;
        return [.. Enumerable.Range(0, _program.Phases[p].Layouts.Count)
            .Select(layout => Enumerable.Range(0, options.Count).Where(o => options[o].LayoutClass == layout).Select(o => ColumnOf(p, o)).ToArray())];
    }

    private int AddColumn(string name, long objective, long upperBound, bool isBinary)
    {
        _columns.Add(new LinearColumn(Unique(name), objective, upperBound, isBinary));
        return _columns.Count - 1;
    }

    private void AddRow(string name, IEnumerable<LinearTerm> terms, bool isEquality, long limit) =>
        _rows.Add(new LinearRow(Unique(name), [.. terms], isEquality, limit));

    private string Unique(string name)
    {
        var unique = name;
        for (var copy = 2; !_names.Add(unique); copy++)
            unique = $"{name}.{copy}";
        return unique;
    }

    // A layer's name may be anything, and readers take names of at most 100 characters or so.
    private string PhaseName(int p)
    {
        const int longest = 40;
        var phase = _program.Phases[p].Phase;
        var block = phase.Block.Take(longest).Select(letter => char.IsAsciiLetterOrDigit(letter) || letter == '.' ? letter : '_');
        return $"p{p}.{string.Concat(block)}.{phase.Kind}";
    }

    private static string LayoutName(Tiling tiling) => tiling.Shape.ToString().Replace(' ', '_');

    private static string OptionName(PhaseOption option) => string.Concat(
        LayoutName(option.Tiling),
        $".h{option.HeadParts}",
        option.RowParts > 1 ? $".r{option.RowParts}" : "",
        option.ChannelParts > 1 ? $".c{option.ChannelParts}" : "",
        $".s{option.SharingDegree}",
        option.Streamed ? ".streamed" : "",
        option.PassThrough ? ".passing" : "");
}
