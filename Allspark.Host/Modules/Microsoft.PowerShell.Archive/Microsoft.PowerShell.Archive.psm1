# Functions, as in PowerShell, so that Get-Command and error ids name them as there.

function Compress-Archive {
    [CmdletBinding(DefaultParameterSetName = 'Path', SupportsShouldProcess, HelpUri = 'https://go.microsoft.com/fwlink/?LinkID=393252')]
    [OutputType([System.IO.File])]
    param(
        [Parameter(Mandatory, Position = 0, ParameterSetName = 'Path', ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Parameter(Mandatory, Position = 0, ParameterSetName = 'PathWithForce', ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Parameter(Mandatory, Position = 0, ParameterSetName = 'PathWithUpdate', ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [ValidateNotNullOrEmpty()]
        [string[]] $Path,

        [Parameter(Mandatory, ParameterSetName = 'LiteralPath', ValueFromPipelineByPropertyName)]
        [Parameter(Mandatory, ParameterSetName = 'LiteralPathWithForce', ValueFromPipelineByPropertyName)]
        [Parameter(Mandatory, ParameterSetName = 'LiteralPathWithUpdate', ValueFromPipelineByPropertyName)]
        [ValidateNotNullOrEmpty()]
        [Alias('PSPath')]
        [string[]] $LiteralPath,

        [Parameter(Mandatory, Position = 1)]
        [ValidateNotNullOrEmpty()]
        [string] $DestinationPath,

        [ValidateSet('Optimal', 'NoCompression', 'Fastest')]
        [string] $CompressionLevel = 'Optimal',

        [Parameter(Mandatory, ParameterSetName = 'PathWithUpdate')]
        [Parameter(Mandatory, ParameterSetName = 'LiteralPathWithUpdate')]
        [switch] $Update,

        [Parameter(Mandatory, ParameterSetName = 'PathWithForce')]
        [Parameter(Mandatory, ParameterSetName = 'LiteralPathWithForce')]
        [switch] $Force,

        [switch] $PassThru
    )
    begin {
        $archive = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($DestinationPath)
        $null = Resolve-Existing $PSCmdlet ([System.IO.Path]::GetDirectoryName($archive)) -Literal
        if (-not [System.IO.Path]::GetExtension($archive)) { $archive += '.zip' }
        $exists = [System.IO.File]::Exists($archive)
        if ($exists -and -not $Update -and -not $Force) {
            Stop-Command $PSCmdlet ArchiveFileExists InvalidArgument $archive ("The archive file $archive already exists. Use the " +
                '-Update parameter to update the existing archive file or use the -Force parameter to overwrite the existing archive file.')
        }
        if ($exists -and $Update -and [System.IO.FileInfo]::new($archive).IsReadOnly) {
            Stop-Command $PSCmdlet ArchiveFileIsReadOnly InvalidOperation $archive ("The attributes of the archive file $archive is set " +
                "to 'ReadOnly' hence it cannot be updated. If you intend to update the existing archive file, remove the 'ReadOnly' " +
                'attribute on the archive file else use -Force parameter to override and create a new archive file.')
        }
        $given = [System.Collections.Generic.List[string]]::new()
    }
    process { $given.AddRange($LiteralPath ? $LiteralPath : $Path) }
    end {
        $kind = $PSCmdlet.ParameterSetName
        if ($exists -and $Force) { Remove-Item -LiteralPath $archive -Force -ErrorAction Stop }
        foreach ($group in $given | Group-Object | Where-Object Count -GT 1 | Select-Object -First 1) {
            Stop-Command $PSCmdlet DuplicatePathFound InvalidArgument $group.Name ("The input to $kind parameter contains a duplicate " +
                "path '$($group.Name)'. Provide a unique set of paths as input to $kind parameter.")
        }
        $sources = @(Resolve-Existing $PSCmdlet $given -Literal:($kind -like 'LiteralPath*'))
        if (-not $PSCmdlet.ShouldProcess($sources.Count -gt 1 ? "`n" + ($sources -join "`n") : $sources[0])) { return }
        $complete = $false
        $count = 0
        $zip = [System.IO.Compression.ZipFile]::Open($archive, $exists -and $Update ? 'Update' : 'Create')
        try {
            foreach ($entry in Get-Entry $sources) {
                if ($zip.Mode -eq 'Update') { $zip.GetEntry($entry.Name)?.Delete() }
                if ($entry.Name.EndsWith('/')) {
                    $zip.CreateEntry($entry.Name).LastWriteTime = [System.IO.Directory]::GetLastWriteTime($entry.File)
                }
                else {
                    $null = [System.IO.Compression.ZipFileExtensions]::CreateEntryFromFile($zip, $entry.File, $entry.Name, $CompressionLevel)
                }
                Write-Verbose "Adding '$($entry.File)'."
                $count++
            }
            $complete = $true
        }
        finally {
            $zip.Dispose()
            if (-not $complete -or $count -eq 0) { Remove-Item -LiteralPath $archive -Force -ErrorAction SilentlyContinue }
        }
        if ($PassThru -and $count) { Get-Item -LiteralPath $archive }
    }
}

function Expand-Archive {
    [CmdletBinding(DefaultParameterSetName = 'Path', SupportsShouldProcess, HelpUri = 'https://go.microsoft.com/fwlink/?LinkID=393253')]
    [OutputType([System.IO.FileSystemInfo])]
    param(
        [Parameter(Mandatory, Position = 0, ParameterSetName = 'Path', ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [ValidateNotNullOrEmpty()]
        [string] $Path,

        [Parameter(Mandatory, ParameterSetName = 'LiteralPath', ValueFromPipelineByPropertyName)]
        [ValidateNotNullOrEmpty()]
        [Alias('PSPath')]
        [string] $LiteralPath,

        [Parameter(Position = 1)]
        [ValidateNotNullOrEmpty()]
        [string] $DestinationPath,

        [switch] $Force,

        [switch] $PassThru
    )
    process {
        $kind = $PSCmdlet.ParameterSetName
        $source = $LiteralPath ? $LiteralPath : $Path
        $archive = @(Resolve-Existing $PSCmdlet $source -Literal:($kind -eq 'LiteralPath'))
        if ($archive.Count -gt 1) {
            Stop-Command $PSCmdlet InvalidArchiveFilePath InvalidArgument $source ("The archive file path '$source' specified as input " +
                "to the $kind parameter is resolving to multiple file system paths. Provide a unique path to the $kind parameter where " +
                'the archive file has to be created.')
        }
        $extension = [System.IO.Path]::GetExtension($archive[0])
        if ($extension -and $extension -ne '.zip') {
            Stop-Command $PSCmdlet NotSupportedArchiveFileExtension InvalidArgument $archive[0] (
                "$extension is not a supported archive file format. .zip is the only supported archive file format.")
        }
        $folder = $DestinationPath ? $PSCmdlet.GetUnresolvedProviderPathFromPSPath($DestinationPath) :
            (Join-Path (Get-Location).ProviderPath ([System.IO.Path]::GetFileNameWithoutExtension($archive[0])))
        if (-not $PSCmdlet.ShouldProcess($archive[0])) { return }
        $null = New-Item $folder -ItemType Directory -Force -ErrorAction Stop
        $zip = Open-Archive $archive[0]
        try {
            $made = @(foreach ($entry in $zip.Entries) { ExpandArchiveHelper $entry $folder.TrimEnd('/') $archive[0] $Force })
        }
        finally { $zip.Dispose() }
        if ($PassThru -and $made) { Get-Item -LiteralPath $made }
    }
}

function Open-Archive($File) {
    try { [System.IO.Compression.ZipFile]::OpenRead($File) }
    catch [System.IO.InvalidDataException] {
        throw [System.IO.InvalidDataException]::new("File '$File' does not appear to be a valid zip archive.", $_.Exception)
    }
}

# Makes the file or folder of an entry and gives the paths of what was made. Its name is part of the ids of its errors.
function ExpandArchiveHelper($Entry, $Folder, $Archive, $Force) {
    $target = [System.IO.Path]::GetFullPath($Entry.FullName, $Folder)
    if (-not $target.StartsWith("$Folder/", [System.StringComparison]::Ordinal)) {
        Write-Error "Can not process invalid archive entry '$($Entry.FullName)'."
        return
    }
    $parent = $target.EndsWith('/') ? $target.TrimEnd('/') : [System.IO.Path]::GetDirectoryName($target)
    if (-not [System.IO.Directory]::Exists($parent)) {
        $null = New-Item $parent -ItemType Directory -ErrorAction Stop
        $parent
    }
    if ($target.EndsWith('/')) { return }
    if ([System.IO.File]::Exists($target) -and -not $Force) {
        $message = "Failed to create file '$target' while expanding the archive file '$Archive' contents as the file '$target' already " +
            "exists. Use the -Force parameter if you want to overwrite the existing directory '$target' contents when expanding the archive file."
        $failure = [System.IO.IOException]::new($message)
        Write-Error -ErrorRecord ([System.Management.Automation.ErrorRecord]::new($failure, 'ExpandArchiveFileExists', 'InvalidOperation', $target))
        return
    }
    [System.IO.Compression.ZipFileExtensions]::ExtractToFile($Entry, $target, $Force)
    Write-Verbose "Created '$target'."
    $target
}

# What goes into an archive: the files below each folder, under its name; folders without files; then the files.
function Get-Entry($Sources) {
    foreach ($folder in $Sources | Where-Object { [System.IO.Directory]::Exists($_) }) {
        $root = [System.IO.DirectoryInfo]::new($folder).Parent.FullName
        foreach ($item in Get-ChildItem -LiteralPath $folder -Recurse) {
            $name = [System.IO.Path]::GetRelativePath($root, $item.FullName)
            if ($item -is [System.IO.FileInfo]) { @{ Name = $name; File = $item.FullName } }
            elseif ($item.GetFiles().Count -eq 0) { @{ Name = "$name/"; File = $item.FullName } }
        }
    }
    foreach ($file in $Sources | Where-Object { [System.IO.File]::Exists($_) }) {
        @{ Name = [System.IO.Path]::GetFileName($file); File = $file }
    }
}

function Resolve-Existing($Command, $Paths, [switch] $Literal) {
    foreach ($path in $Paths) {
        $which = @{ ($Literal ? 'LiteralPath' : 'Path') = $path }
        try { (Resolve-Path @which -ErrorAction Stop).ProviderPath }
        catch {
            $failure = [System.InvalidOperationException]::new("The path '$path' either does not exist or is not a valid file system path.",
                $_.Exception)
            $Command.ThrowTerminatingError([System.Management.Automation.ErrorRecord]::new($failure, 'ArchiveCmdletPathNotFound',
                'InvalidArgument', $path))
        }
    }
}

function Stop-Command($Command, $Id, $Category, $Target, $Message) {
    $failure = [System.IO.IOException]::new($Message)
    $Command.ThrowTerminatingError([System.Management.Automation.ErrorRecord]::new($failure, $Id, $Category, $Target))
}
