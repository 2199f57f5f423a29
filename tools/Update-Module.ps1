#Requires -Version 7.6
<#
.SYNOPSIS
    Publishes the module into module/ when it is missing or older than its sources.
.DESCRIPTION
    One process builds, others wait for it. A new folder replaces the old one whole, so that a build that fails or is interrupted changes nothing.
#>
param(
    # How it is compiled.
    [string] $Configuration = 'Release'
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3.0

$root = Split-Path $PSScriptRoot
$module = Join-Path $root module
$artifacts = Join-Path $root artifacts
$stamp = Join-Path $artifacts module.stamp

# A folder is newer when a file came or went.
function Test-Stale {
    if (-not ([IO.File]::Exists($stamp) -and [IO.File]::Exists((Join-Path $module Allspark.PowerShell.dll)))) { return $true }
    if ([IO.File]::ReadAllText($stamp) -ne $Configuration) { return $true }
    $built = [IO.File]::GetLastWriteTimeUtc($stamp)
    foreach ($file in 'Directory.Build.props', 'Directory.Packages.props') {
        if ([IO.File]::GetLastWriteTimeUtc((Join-Path $root $file)) -gt $built) { return $true }
    }
    foreach ($folder in 'Allspark.Engine', 'Allspark.PowerShell', 'tools/HelpGenerator') {
        $directory = [IO.DirectoryInfo]::new((Join-Path $root $folder))
        if ($directory.LastWriteTimeUtc -gt $built) { return $true }
        foreach ($entry in $directory.EnumerateFileSystemInfos('*', [IO.SearchOption]::AllDirectories)) {
            if ($entry.LastWriteTimeUtc -gt $built) { return $true }
        }
    }
    $false
}

function Publish-Module([string] $Name) {
    # What a script starts with is compiled ahead of time where that is prepared (see Directory.Build.props).
    $native = $IsLinux -and [Runtime.InteropServices.RuntimeInformation]::OSArchitecture -eq 'X64' ?
        @('-r', 'linux-x64', '--self-contained', 'false', '-p:PublishReadyToRun=true') : @()
    # A relative folder, because of apostrophes (see Directory.Build.props).
    $said = & dotnet publish (Join-Path $root Allspark.PowerShell) -c $Configuration -v quiet "-p:PublishDir=../artifacts/$Name/" `
        -p:UseSharedCompilation=false -p:RunAnalyzers=false -nodeReuse:false @native 2>&1
    if ($LASTEXITCODE -ne 0) {
        $said | ForEach-Object { [Console]::Error.WriteLine("$_") }
        throw "the module could not be built; 'dotnet publish' ended with exit code $LASTEXITCODE."
    }
}

function Enter-Build {
    while ($true) {
        try {
            return [IO.File]::Open((Join-Path $artifacts build.lock), 'OpenOrCreate', 'ReadWrite', 'None')
        }
        catch [IO.IOException] {
            Start-Sleep -Milliseconds 200
        }
    }
}

if (-not (Test-Stale)) { return }
if (-not (Get-Command dotnet -CommandType Application -ErrorAction Ignore)) {
    throw 'there is no dotnet on PATH to build the module with. Install the .NET SDK 10.'
}
$null = New-Item -ItemType Directory -Force $artifacts
$lock = Enter-Build
try {
    if (-not (Test-Stale)) { return }
    [Console]::Error.WriteLine('allspark: building the module')
    # As old as the build's beginning: what is edited meanwhile counts as newer.
    $begun = [datetime]::UtcNow
    $fresh = Join-Path $artifacts module.new
    $old = Join-Path $artifacts module.old
    foreach ($folder in $fresh, $old) {
        if ([IO.Directory]::Exists($folder)) { [IO.Directory]::Delete($folder, $true) }
    }
    Publish-Module module.new
    if ([IO.Directory]::Exists($module)) { [IO.Directory]::Move($module, $old) }
    [IO.Directory]::Move($fresh, $module)
    [IO.File]::WriteAllText($stamp, $Configuration)
    [IO.File]::SetLastWriteTimeUtc($stamp, $begun)
    if ([IO.Directory]::Exists($old)) { [IO.Directory]::Delete($old, $true) }
}
finally {
    $lock.Dispose()
}
