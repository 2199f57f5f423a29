using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Allspark.SealedInit;

// SealedInit <assembly.dll>: makes the public init accessors of an assembly internal. PowerShell's .NET adapter takes a public init accessor
// for a setter (PowerShell issue 13819) and an internal one for none; C# refuses an internal accessor to a required property. The compiler
// therefore checks what is written in the source, and the assembly that users reach has properties that nobody can assign to.
if (args is not [var path])
{
    Console.Error.WriteLine("Usage: SealedInit <assembly.dll>");
    return 64;
}

var image = File.ReadAllBytes(path);
using var file = new PEReader(new MemoryStream(image));
var metadata = file.GetMetadataReader();
var row = metadata.GetTableRowSize(TableIndex.MethodDef);
var table = file.PEHeaders.MetadataStartOffset + metadata.GetTableMetadataOffset(TableIndex.MethodDef);
foreach (var handle in metadata.MethodDefinitions)
{
    var method = metadata.GetMethodDefinition(handle);
    if ((method.Attributes & MethodAttributes.MemberAccessMask) != MethodAttributes.Public || !InitAccessor.Is(metadata, method))
        continue;
    // A row is RVA (4 bytes), ImplFlags (2), Flags (2) …: ECMA-335, II.22.26.
    var flags = image.AsSpan(table + ((MetadataTokens.GetRowNumber(handle) - 1) * row) + 6, sizeof(ushort));
    var sealedFlags = (method.Attributes & ~MethodAttributes.MemberAccessMask) | MethodAttributes.Assembly;
    BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)sealedFlags);
}

File.WriteAllBytes(path, image);
return 0;
