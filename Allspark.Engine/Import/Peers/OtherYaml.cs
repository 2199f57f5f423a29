using Allspark.Engine.Specifications;

namespace Allspark.Engine.Import.Peers;

/// <summary>Tells files of these tools that are no networks by the keys that only they have.</summary>
internal static class OtherYaml
{
    /// <summary>What a file is if it is no network, and what to do with it; nothing where that cannot be told.</summary>
    public static string? Of(SpecificationNode root) => root switch
    {
        SpecificationMap map when Has(map, "memories") || Has(map, "cores") =>
            "is a machine of ZigZag or Stream, no network: New-PimArray -Path reads it.",
        SpecificationMap map when Has(map, "node") && Has(map, "interconnect") =>
            "is an array, no network: New-PimArray -Path reads it.",
        SpecificationMap map when Has(map, "architecture") =>
            "is an architecture of Timeloop, no network. Its problem is in a file with the key 'problem'.",
        SpecificationMap map when Has(map, "mapping") || Has(map, "mapper") || Has(map, "architecture_constraints") =>
            "is a mapping or a mapper of Timeloop, no network. Its problem is in a file with the key 'problem'.",
        SpecificationList { Items: [SpecificationMap first, ..] } when Has(first, "core_allocation")
            || Has(first, "spatial_mapping")
            || Has(first, "memory_operand_links") =>
                "is a mapping of ZigZag or Stream, no network. A workload has layers with operator_type, equation and loop_dims.",
        SpecificationList { Items: [SpecificationMap first, ..] } when Has(first, "equation") || Has(first, "loop_dims")
            || Has(first, "loop_dim_size") =>
            "looks like a workload of ZigZag, whose layers have operator_type, equation, loop_dims and loop_sizes. The first has no operator_type.",
        SpecificationList => "is a list. Lists that are read are workloads of ZigZag and Stream, whose layers have operator_type, equation, loop_dims and loop_sizes.",
        _ => null,
    };

    private static bool Has(SpecificationMap map, string key) => map.TryGet(key, out _);
}
