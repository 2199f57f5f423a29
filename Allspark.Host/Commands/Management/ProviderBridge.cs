using System.Collections.ObjectModel;
using System.Management.Automation.Provider;
using System.Runtime.CompilerServices;
using DriveNotFoundException = System.Management.Automation.DriveNotFoundException;

namespace Microsoft.PowerShell.Commands;

/// <summary>
/// The provider operations that the engine keeps for its own cmdlets. Only these take the context of a command, and with it its
/// filters, dynamic parameters, streams and -WhatIf; the public overloads lack them. An <c>object context</c> is the engine's
/// CmdletProviderContext, a type it does not export.
/// </summary>
internal static class ProviderBridge
{
    private const string Context = "System.Management.Automation.CmdletProviderContext, System.Management.Automation";
    private const string State = "System.Management.Automation.SessionStateInternal, System.Management.Automation";
    private const string Globber = "System.Management.Automation.LocationGlobber, System.Management.Automation";
    private const string FileContent =
        "Microsoft.PowerShell.Commands.FileSystemContentReaderWriter, System.Management.Automation";
    private const string Platform = "System.Management.Automation.Platform, System.Management.Automation";

    // The context of a command

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    [return: UnsafeAccessorType(Context)]
    public static extern object NewContext(PSCmdlet command, PSCredential? credential);

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    [return: UnsafeAccessorType(Context)]
    public static extern object NewQuietContext([UnsafeAccessorType(Context)] object parent);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_Force")]
    public static extern void SetForce([UnsafeAccessorType(Context)] object context, SwitchParameter value);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_PassThru")]
    public static extern void SetPassThru([UnsafeAccessorType(Context)] object context, bool value);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_SuppressWildcardExpansion")]
    public static extern void SetLiteral([UnsafeAccessorType(Context)] object context, bool value);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_DynamicParameters")]
    public static extern void SetDynamicParameters([UnsafeAccessorType(Context)] object context, object? value);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern void SetFilters([UnsafeAccessorType(Context)] object context,
        Collection<string> include, Collection<string> exclude, string? filter);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern void StopProcessing([UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern void ThrowFirstErrorOrDoNothing([UnsafeAccessorType(Context)] object context, bool wrapExceptions);

    // Items

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern void Get(this ItemCmdletProviderIntrinsics item,
        string path, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern object? GetItemDynamicParameters(this ItemCmdletProviderIntrinsics item,
        string path, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern void Set(this ItemCmdletProviderIntrinsics item,
        string path, object? value, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern object? SetItemDynamicParameters(this ItemCmdletProviderIntrinsics item,
        string path, object? value, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern void Clear(this ItemCmdletProviderIntrinsics item,
        string path, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern object? ClearItemDynamicParameters(this ItemCmdletProviderIntrinsics item,
        string path, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern void Invoke(this ItemCmdletProviderIntrinsics item,
        string path, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern object? InvokeItemDynamicParameters(this ItemCmdletProviderIntrinsics item,
        string path, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern void Rename(this ItemCmdletProviderIntrinsics item,
        string path, string newName, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern object? RenameItemDynamicParameters(this ItemCmdletProviderIntrinsics item,
        string path, string newName, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern void New(this ItemCmdletProviderIntrinsics item,
        string path, string? name, string? type, object? content, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern object? NewItemDynamicParameters(this ItemCmdletProviderIntrinsics item,
        string path, string? type, object? content, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern object? RemoveItemDynamicParameters(this ItemCmdletProviderIntrinsics item,
        string path, bool recurse, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern void Copy(this ItemCmdletProviderIntrinsics item,
        string path, string? destination, bool recurse, CopyContainers containers, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern object? CopyItemDynamicParameters(this ItemCmdletProviderIntrinsics item,
        string path, string? destination, bool recurse, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern void Move(this ItemCmdletProviderIntrinsics item,
        string path, string destination, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern object? MoveItemDynamicParameters(this ItemCmdletProviderIntrinsics item,
        string path, string destination, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern bool Exists(this ItemCmdletProviderIntrinsics item,
        string path, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern object? ItemExistsDynamicParameters(this ItemCmdletProviderIntrinsics item,
        string path, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern bool IsContainer(this ItemCmdletProviderIntrinsics item,
        string path, [UnsafeAccessorType(Context)] object context);

    // Child items

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern void Get(this ChildItemCmdletProviderIntrinsics children,
        string path, bool recurse, uint depth, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern object? GetChildItemsDynamicParameters(this ChildItemCmdletProviderIntrinsics children,
        string path, bool recurse, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern void GetNames(this ChildItemCmdletProviderIntrinsics children,
        string path, ReturnContainers containers, bool recurse, uint depth, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern object? GetChildNamesDynamicParameters(this ChildItemCmdletProviderIntrinsics children,
        string path, [UnsafeAccessorType(Context)] object context);

    // Content

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern Collection<IContentReader> GetReader(this ContentCmdletProviderIntrinsics content,
        string path, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern object? GetContentReaderDynamicParameters(this ContentCmdletProviderIntrinsics content,
        string path, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern Collection<IContentWriter> GetWriter(this ContentCmdletProviderIntrinsics content,
        string path, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern object? GetContentWriterDynamicParameters(this ContentCmdletProviderIntrinsics content,
        string path, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern void Clear(this ContentCmdletProviderIntrinsics content,
        string path, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern object? ClearContentDynamicParameters(this ContentCmdletProviderIntrinsics content,
        string path, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern void SeekItemsBackward([UnsafeAccessorType(FileContent)] object reader, int count);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern IList ReadWithoutWaitingChanges([UnsafeAccessorType(FileContent)] object reader, long count);

    // Properties

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern void Get(this PropertyCmdletProviderIntrinsics property,
        string path, Collection<string>? names, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern object? GetPropertyDynamicParameters(this PropertyCmdletProviderIntrinsics property,
        string path, Collection<string>? names, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern void Set(this PropertyCmdletProviderIntrinsics property,
        string path, PSObject? values, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern object? SetPropertyDynamicParameters(this PropertyCmdletProviderIntrinsics property,
        string path, PSObject? values, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern void Clear(this PropertyCmdletProviderIntrinsics property,
        string path, Collection<string> names, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern object? ClearPropertyDynamicParameters(this PropertyCmdletProviderIntrinsics property,
        string path, Collection<string> names, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern void New(this PropertyCmdletProviderIntrinsics property,
        string path, string name, string? type, object? value, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern void Remove(this PropertyCmdletProviderIntrinsics property,
        string path, string name, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern void Rename(this PropertyCmdletProviderIntrinsics property,
        string path, string name, string newName, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern void Copy(this PropertyCmdletProviderIntrinsics property,
        string path, string name, string destination, string newName, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern void Move(this PropertyCmdletProviderIntrinsics property,
        string path, string name, string destination, string newName, [UnsafeAccessorType(Context)] object context);

    // Paths, locations and drives

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern Collection<PathInfo> GetResolvedPSPathFromPSPath(this PathIntrinsics paths,
        string path, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern Collection<string> GetResolvedProviderPathFromPSPath(this PathIntrinsics paths,
        string path, [UnsafeAccessorType(Context)] object context, out ProviderInfo provider);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern string GetUnresolvedProviderPathFromPSPath(this PathIntrinsics paths,
        string path, [UnsafeAccessorType(Context)] object context, out ProviderInfo provider, out PSDriveInfo drive);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern PathInfo SetLocation(this PathIntrinsics paths,
        string path, [UnsafeAccessorType(Context)] object context, bool literal);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern bool IsCurrentLocationOrAncestor(this PathIntrinsics paths,
        string path, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern string Combine(this PathIntrinsics paths,
        string parent, string child, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern string ParseParent(this PathIntrinsics paths,
        string path, string root, [UnsafeAccessorType(Context)] object context, bool useDefaultProvider);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern string ParseChildName(this PathIntrinsics paths,
        string path, [UnsafeAccessorType(Context)] object context, bool useDefaultProvider);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern bool IsValid(this PathIntrinsics paths, string path, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern void New(this DriveManagementIntrinsics drives,
        PSDriveInfo drive, string? scope, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern object? NewDriveDynamicParameters(this DriveManagementIntrinsics drives,
        string provider, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern void Remove(this DriveManagementIntrinsics drives,
        string name, bool force, string? scope, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern bool IsMatch(this ProviderInfo provider, string pattern);

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    public static extern PathInfo NewPathInfo(PSDriveInfo? drive, ProviderInfo provider, string path, SessionState state);

    public static string GetDriveQualifiedPath(PSDriveInfo drive) => GetDriveQualifiedPath(null, drive.CurrentLocation, drive);

    public static bool HasChildItems(this SessionState session, string provider, string path, object context) =>
        HasChildItems(Internals(session), provider, path, context);

    public static void RemoveItem(this SessionState session, string provider, string path, bool recurse, object context) =>
        RemoveItem(Internals(session), provider, path, recurse, context);

    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod)]
    private static extern string GetDriveQualifiedPath(
        [UnsafeAccessorType(Globber)] object? type, string path, PSDriveInfo drive);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Internal")]
    [return: UnsafeAccessorType(State)]
    private static extern object Internals(SessionState session);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    private static extern bool HasChildItems([UnsafeAccessorType(State)] object state,
        string provider, string path, [UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    private static extern void RemoveItem([UnsafeAccessorType(State)] object state,
        string provider, string path, bool recurse, [UnsafeAccessorType(Context)] object context);

    // Errors and processes

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    public static extern ItemNotFoundException NewItemNotFound(string path, string errorId, string message);

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    public static extern DriveNotFoundException NewDriveNotFound(string name, string errorId, string message);

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    public static extern ProviderInvocationException NewProviderFailure(
        string errorId, string message, ProviderInfo provider, string path, Exception cause);

    /// <summary>The name of the user that a process of this machine runs as; not for Windows.</summary>
    public static string UserOf(int processId) => NonWindowsGetUserFromPid(null, processId);

    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod)]
    private static extern string NonWindowsGetUserFromPid([UnsafeAccessorType(Platform)] object? type, int processId);
}
