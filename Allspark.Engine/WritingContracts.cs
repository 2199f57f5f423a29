using System.Text.Json.Serialization.Metadata;

namespace Allspark.Engine;

/// <summary>
/// How records become JSON that is only ever written: "required" is for those who make records, and the serializer would ask for the
/// public setters that sealed records lack.
/// </summary>
internal static class WritingContracts
{
    /// <summary>A resolver for the options of one serializer.</summary>
    public static IJsonTypeInfoResolver Resolver() => new DefaultJsonTypeInfoResolver { Modifiers = { RequireNothing } };

    private static void RequireNothing(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
            property.IsRequired = false;
    }
}
