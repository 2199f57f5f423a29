namespace Microsoft.PowerShell.Commands;

/// <summary>The files that -Path and -LiteralPath arguments name.</summary>
internal static class InputFiles
{
    /// <summary>The files of one argument; wildcards count only where it is not literal, and a path that is not there is an error.</summary>
    public static IEnumerable<string> Files(this PSCmdlet cmdlet, string path, bool isLiteral) => isLiteral
        ? [cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path)] : cmdlet.GetResolvedProviderPathFromPSPath(path, out _);

    /// <summary>The files of one argument; a path that is not there is reported and passed over, a pattern may match none.</summary>
    public static IEnumerable<string> FilesThatExist(this PSCmdlet cmdlet, string path, bool isLiteral)
    {
        try
        {
            return cmdlet.Files(path, isLiteral);
        }
        catch (ItemNotFoundException failure)
        {
            if (!WildcardPattern.ContainsWildcardCharacters(path))
                cmdlet.WriteError(new ErrorRecord(failure, "FileNotFound", ErrorCategory.ObjectNotFound, path));
            return [];
        }
    }
}
