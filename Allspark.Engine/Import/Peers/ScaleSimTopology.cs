using System.Globalization;
using Allspark.Engine.Models;
using Allspark.Engine.Specifications;

namespace Allspark.Engine.Import.Peers;

/// <summary>
/// Reads the topologies of SCALE-Sim: a table of convolutions, or of matrix products M, N, K. Sizes of outputs and the matrix
/// products of a convolution are those of SCALE-Sim 2 and 3 (scalesim/topology_utils.py).
/// </summary>
public sealed class ScaleSimTopology : IModelReader
{
    private const int MostSize = 1 << 26;

    private static readonly string[] ConvolutionColumns =
        ["IFMAP Height", "IFMAP Width", "Filter Height", "Filter Width", "Channels", "Num Filter", "Strides"];

    private static readonly string[] ProductColumns = ["M", "N", "K"];

    /// <inheritdoc/>
    public string Format => "SCALE-Sim topology";

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".csv"];

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A resolution or sequence length was given: the file's shapes are fixed.</exception>
    public DnnModel Read(string path, ImportSettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.RefuseSizes(path);
        return Read(SpecificationText.ReadFile(path), Path.GetFileName(path), settings);
    }

    /// <summary>Reads a text.</summary>
    internal static DnnModel Read(string text, string file, ImportSettings settings)
    {
        var rows = CsvRows.Read(text, file);
        var header = rows.Count > 0 ? rows[0] : throw new SpecificationException(file, 1, 1, "", "is empty.");
        var columns = Columns(header);
        var (steps, notes) = (new List<PeerStep>(), new TopologyRemarks(file, header));
        try
        {
            foreach (var row in rows.Skip(1))
            {
                if (row.Count == 1)
                    notes.Title(row[0]);
                else
                    steps.Add(columns == ProductColumns ? Product(row, notes) : Convolution(row, notes));
            }
        }
        catch (OverflowException error)
        {
            throw new SpecificationException(file, 1, 1, "", "has sizes whose product is more than can be counted.", error);
        }

        return new LayerChain(file).Build(
            steps, settings.Name ?? FileNames.Model(file), settings.Precision ?? Precision.Int8, 1,
                notes.Notes(steps, settings.Precision is null));
    }

    // The first line names the columns; SCALE-Sim skips it and takes them by their place, so that another order would be misread.
    private static string[] Columns(List<SpecificationScalar> header)
    {
        if (Plain(header[0].Text).StartsWith("layer", StringComparison.Ordinal))
        {
            if (Names(header, ConvolutionColumns))
                return ConvolutionColumns;
            if (Names(header, ProductColumns))
                return ProductColumns;
        }

        throw header[0].Error("is no topology of SCALE-Sim: its first line must name the columns, "
            + $"'Layer name, {string.Join(", ", ConvolutionColumns)},' or 'Layer, {string.Join(", ", ProductColumns)},' in this order.");
    }

    private static bool Names(List<SpecificationScalar> header, string[] columns) => header.Count > columns.Length
        && columns.Index().All(column => Plain(header[column.Index + 1].Text) is var given && Plain(column.Item) is var wanted
            && (given == wanted || given + "s" == wanted || given == wanted + "s"
                || (wanted == "strides" && given is "strideheight" or "strideh")));

    private static string Plain(string text) => string.Concat(text.Where(char.IsLetter)).ToLowerInvariant();

    private static PeerStep Convolution(List<SpecificationScalar> row, TopologyRemarks notes)
    {
        var sizes = Sizes(row, ConvolutionColumns);
        var (height, width, kernelHeight, kernelWidth) = (sizes[0], sizes[1], sizes[2], sizes[3]);
        var (channels, filters, stride) = (sizes[4], sizes[5], sizes[6]);
        if (kernelHeight > height || kernelWidth > width)
        {
            throw row[kernelHeight > height ? 3 : 4].Error(
                $"a filter of {kernelHeight}×{kernelWidth} is larger than its input of {height}×{width}.");
        }

        notes.Beyond(row, ConvolutionColumns.Length + 1);
        // SCALE-Sim makes one layer a channel of what has DP in its name: depthwise.
        var groups = row[0].Text.Contains("DP", StringComparison.Ordinal) ? channels : 1;
        return new PeerStep
        {
            Name = row[0].Sentence(200),
            Place = row[0],
            Groups = groups,
            Reduction = checked(kernelHeight * kernelWidth * (channels / groups)),
            Columns = filters,
            Channels = channels,
            Vertical = Extent(height, kernelHeight, stride),
            Horizontal = Extent(width, kernelWidth, stride),
            IsConvolution = true,
        };
    }

    // ⌈(input − filter + stride) / stride⌉: what is left over at the end counts as one more.
    private static SpatialExtent Extent(long input, long kernel, long stride) =>
        new(input, (input - kernel + stride + stride - 1) / stride, kernel, stride);

    private static PeerStep Product(List<SpecificationScalar> row, TopologyRemarks notes)
    {
        var sizes = Sizes(row, ProductColumns);
        var batch = 1L;
        var first = ProductColumns.Length + 1;
        // A whole number behind K is how many such products there are, as of the heads of an attention.
        for (var column = first; column < row.Count && column < first + 2; column++)
        {
            if (row[column].Text.All(char.IsAsciiDigit) && row[column].Text.Length > 0)
                batch = row[column].Integer(1, MostSize);
        }

        notes.Beyond(row, first);
        return new PeerStep
        {
            Name = row[0].Sentence(200),
            Place = row[0],
            Groups = batch,
            Reduction = sizes[2],
            Columns = sizes[1],
            Channels = sizes[2],
            Vertical = SpatialExtent.Pointwise(sizes[0]),
            Horizontal = SpatialExtent.Pointwise(1),
            OfActivations = batch > 1,
        };
    }

    private static long[] Sizes(List<SpecificationScalar> row, string[] columns) => row.Count > columns.Length
        ? [.. columns.Select((_, index) => (long)row[index + 1].Integer(1, MostSize))]
        : throw row[0].Error($"the row has {row.Count - 1} values behind the name. Needed: {columns.Length}, {string.Join(", ", columns)}.");
}

/// <summary>What is to be said of a topology: what stands in it and has no place in a network here.</summary>
internal sealed class TopologyRemarks(string file, List<SpecificationScalar> header)
{
    private readonly List<string> titles = [];
    private readonly SortedDictionary<int, int> unread = [];
    private int sparse;

    /// <summary>A row that is a name alone.</summary>
    public void Title(SpecificationScalar cell) => titles.Add(cell.Sentence(200));

    /// <summary>Looks at the cells of a row behind those that are sizes.</summary>
    public void Beyond(List<SpecificationScalar> row, int first)
    {
        for (var column = first; column < row.Count; column++)
        {
            var text = row[column].Text;
            if (text.Length == 0 || (first == 4 && column < 6 && text.All(char.IsAsciiDigit)))
                continue;
            if (IsRatio(text))
                sparse += text is "1:1" ? 0 : 1;
            else
                unread[column] = unread.GetValueOrDefault(column) + 1;
        }
    }

    /// <summary>The notes of the network.</summary>
    public IEnumerable<string> Notes(List<PeerStep> steps, bool ownPrecision)
    {
        yield return $"Imported from {file}, a topology of SCALE-Sim. It has no connections: each layer reads what the one before leaves.";
        if (ownPrecision)
            yield return "SCALE-Sim's words are one byte: Int8, unless a precision is asked for.";
        if (steps.Exists(step => !step.IsConvolution && !step.OfActivations))
            yield return "The second operand of every product counts as weights, as SCALE-Sim's filters do, that of an attention's scores too.";
        if (sparse > 0)
            yield return $"The sparsity of {sparse} layers is not modelled: their products are dense.";
        foreach (var (column, rows) in unread)
        {
            var name = column < header.Count && header[column].Text.Length > 0 ? ModelImportException.Quote(header[column].Text)
                : $"{column + 1}, which has no name,";
            yield return $"Column {name} has values in {rows} rows that are not read.";
        }

        if (titles.Count > 0)
            yield return $"{titles.Count} rows have a name and no sizes, as '{titles[0]}'.";
        var depthwise = steps.Where((step, index) => step is { IsConvolution: true, Groups: 1, Columns: 1, Channels: > 1 }
            && index + 1 < steps.Count && steps[index + 1].Channels == step.Channels).ToList();
        if (depthwise.Count > 0)
        {
            yield return $"{depthwise.Count} layers, as '{depthwise[0].Name}', have one filter over all channels and are followed by as many: counted as one product, "
                + "as SCALE-Sim does. A depthwise convolution has DP in its name there.";
        }
    }

    private static bool IsRatio(string text) => text.Split(':') is [{ Length: > 0 } first, { Length: > 0 } second]
        && first.All(char.IsAsciiDigit) && second.All(char.IsAsciiDigit);
}
