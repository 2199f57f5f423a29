using Allspark.Engine.Specifications;

namespace Allspark.Engine.Hardware.Peers;

/// <summary>
/// Reads machines from files: our own YAML, and the forms of SCALE-Sim, ZigZag and Stream where they map onto an array of equal
/// nodes. What maps is taken with its key as the source; what the file does not say is as in a preset, and says so; what has no
/// place here is a note.
/// </summary>
public static class ArrayImport
{
    /// <summary>Reads a file, of the form that its content shows.</summary>
    /// <exception cref="SpecificationException">It is no machine that can be read; says where, what is wrong and what is
    /// allowed.</exception>
    /// <exception cref="IOException">The file, or a core that it names, cannot be read.</exception>
    public static PimArray ReadFile(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var (text, file) = (SpecificationText.ReadFile(path), Path.GetFileName(path));
        if (ScaleSimConfiguration.Recognizes(text))
            return ScaleSimConfiguration.Read(text, file);
        if (Path.GetExtension(path).ToUpperInvariant() is ".CFG" or ".INI")
            throw new SpecificationException(file, 1, 1, "",
                "is no configuration of SCALE-Sim: it has no section [architecture_presets].");
        var root = SpecificationParser.ReadForeign(text, file);
        if (root is not SpecificationMap map)
            throw root.Error("is no machine: a network is read by Import-DnnModel.");
        if (map.TryGet("memories", out _))
            return ZigZagAccelerator.Read(map);
        if (map.TryGet("cores", out _))
            return StreamAccelerator.Read(map, Path.GetDirectoryName(Path.GetFullPath(path))!);
        if (map.TryGet("architecture", out var architecture))
        {
            throw architecture.Error("is an architecture of Timeloop: a tree of storage levels of any depth, which is no array of nodes "
                + "with one buffer and one memory each. Write it as an array (Export-PimArray shows the form).");
        }

        if (map.TryGet("problem", out _))
            throw map.Error("is a problem of Timeloop, no machine: Import-DnnModel reads it.");
        return PimArrayYaml.Read(text, file);
    }
}
