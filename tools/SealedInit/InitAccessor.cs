using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace Allspark.SealedInit;

/// <summary>Tells init accessors from other methods: they return void with the required modifier IsExternalInit.</summary>
internal sealed class InitAccessor : ISignatureTypeProvider<bool, object?>
{
    private static readonly InitAccessor Provider = new();

    private InitAccessor()
    {
    }

    public static bool Is(MetadataReader metadata, MethodDefinition method) =>
        metadata.GetString(method.Name).StartsWith("set_", StringComparison.Ordinal) && method.DecodeSignature(Provider, null).ReturnType;

    // The value of a type is whether it is, or is modified by, IsExternalInit.
    public bool GetModifiedType(bool modifier, bool unmodifiedType, bool isRequired) => isRequired && modifier;

    public bool GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) =>
        reader.StringComparer.Equals(reader.GetTypeReference(handle).Name, "IsExternalInit");

    public bool GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => false;

    public bool GetArrayType(bool elementType, ArrayShape shape) => false;

    public bool GetByReferenceType(bool elementType) => false;

    public bool GetFunctionPointerType(MethodSignature<bool> signature) => false;

    public bool GetGenericInstantiation(bool genericType, ImmutableArray<bool> typeArguments) => false;

    public bool GetGenericMethodParameter(object? genericContext, int index) => false;

    public bool GetGenericTypeParameter(object? genericContext, int index) => false;

    public bool GetPinnedType(bool elementType) => false;

    public bool GetPointerType(bool elementType) => false;

    public bool GetPrimitiveType(PrimitiveTypeCode typeCode) => false;

    public bool GetSZArrayType(bool elementType) => false;

    public bool GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) => false;
}
