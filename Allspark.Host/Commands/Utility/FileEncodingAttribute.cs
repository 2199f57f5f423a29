namespace Microsoft.PowerShell.Commands;

/// <summary>Lets an -Encoding parameter take the engine's names for encodings (utf8BOM, ascii, …) beside objects and code pages.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field, AllowMultiple = false)]
internal sealed class FileEncodingAttribute : ArgumentTransformationAttribute
{
    private static readonly ArgumentTransformationAttribute Engine = (ArgumentTransformationAttribute)Activator.CreateInstance(
        EngineInternals.Named("System.Management.Automation.ArgumentToEncodingTransformationAttribute"), nonPublic: true)!;

    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => Engine.Transform(engineIntrinsics, inputData);
}
