using System.Numerics;

namespace Allspark.Engine.Scheduling;

/// <summary>Lower bounds from the program with its memory counted in whole cells: a shortest path over layout and cells left.</summary>
/// <remarks>
/// Every phase takes at least its least resident; what an option takes beyond is rounded down to cells, so no choice is lost. Tighter than
/// the Lagrangian, which mixes choices, where few large slices fill the memory.
/// </remarks>
internal sealed class GridBounds
{
    private const int MostCells = 512;
    private const long MostNumbers = 1L << 24;

    private readonly double[][][] _completion;
    private readonly long[] _leastFrom;
    private readonly long _room;
    private readonly long _cellBytes;
    private readonly int _cells;

    /// <summary>Counts the memory of a program of one region within a range; choices through layouts that are not open are left out.</summary>
    public GridBounds(FlatProgram program, TransientRange range, bool[][] open)
    {
        var phases = program.Phases;
        _leastFrom = new long[phases.Length + 1];
        for (var p = phases.Length - 1; p >= 0; p--)
            _leastFrom[p] = _leastFrom[p + 1] + phases[p].Options.LeastResident(range.Most);
        _room = program.CapacityBytes - range.Least;
        var spare = _room - _leastFrom[0];
        var cells = Math.Clamp(MostNumbers / phases.Sum(phase => phase.Options.Layouts), 1, MostCells);
        _cellBytes = Math.Max(1, spare / cells);
        _cells = (int)(spare / _cellBytes) + 1;

        _completion = new double[phases.Length][][];
        var next = Array.ConvertAll(program.MovesOut, cost => Filled(cost.Objective));
        for (var p = phases.Length - 1; p >= 0; p--)
        {
            _completion[p] = next;
            next = Before(phases[p], range, next, open[p], p == 0 ? [true] : open[p - 1]);
        }

        ProgramBound = next[0][_cells - 1] < long.MaxValue ? (long)next[0][_cells - 1] : long.MaxValue;
    }

    /// <summary>Bound on the objective of every choice in the range.</summary>
    public long ProgramBound { get; }

    /// <summary>Bound on the objective of every completion of a partial choice that ends at a phase; infinite where none fits.</summary>
    public double Bound(int phase, int layout, long cost, long resident)
    {
        var left = _room - resident - _leastFrom[phase + 1];
        return left < 0 ? double.PositiveInfinity : cost + _completion[phase][layout][left / _cellBytes];
    }

    private double[][] Before(FlatPhase phase, TransientRange range, double[][] after, bool[] open, bool[] openBefore)
    {
        var options = phase.Options;
        var least = options.LeastResident(range.Most);
        var here = Array.ConvertAll(after, _ => Filled(double.PositiveInfinity));
        for (var o = 0; o < options.Count; o++)
        {
            if (open[options.Layout[o]] && options.Transient[o] <= range.Most
                && (options.Resident[o] - least) / _cellBytes is var taken && taken < _cells)
                Lower(here[options.Layout[o]].AsSpan((int)taken), after[options.Layout[o]], options.Cost[o].Objective);
        }

        var before = new double[phase.LayoutsBefore][];
        for (var from = 0; from < before.Length; from++)
        {
            before[from] = Filled(double.PositiveInfinity);
            for (var layout = 0; layout < here.Length; layout++)
            {
                if (openBefore[from] && open[layout])
                    Lower(before[from], here[layout], phase.Move(from, layout).Objective);
            }
        }

        return before;
    }

    private double[] Filled(double value)
    {
        var cells = new double[_cells];
        Array.Fill(cells, value);
        return cells;
    }

    // target[k] = min(target[k], source[k] + cost)
    private static void Lower(Span<double> target, ReadOnlySpan<double> source, double cost)
    {
        var (k, costs) = (0, new Vector<double>(cost));
        for (; k <= target.Length - Vector<double>.Count; k += Vector<double>.Count)
            Vector.Min(new Vector<double>(target[k..]), new Vector<double>(source[k..]) + costs).CopyTo(target[k..]);
        for (; k < target.Length; k++)
            target[k] = Math.Min(target[k], source[k] + cost);
    }
}
