#Requires -Version 7.6
<#
.SYNOPSIS
    Runs the Pester tests of one folder and writes their counts to a file, for build.ps1.
#>
param(
    # The folder.
    [Parameter(Mandatory)] [string] $Path,
    # The file for the counts.
    [Parameter(Mandatory)] [string] $Report
)

$ErrorActionPreference = 'Stop'
Import-Module Pester -MinimumVersion 5.0

$configuration = New-PesterConfiguration
$configuration.Run.Path = $Path
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Normal'
$result = Invoke-Pester -Configuration $configuration

[ordered]@{
    Name = Split-Path -Leaf $Path
    Passed = $result.PassedCount
    # A file or block that breaks fails its tests without counting them.
    Failed = $result.FailedCount + $result.FailedContainersCount + $result.FailedBlocksCount
    Skipped = $result.SkippedCount + $result.NotRunCount
} | ConvertTo-Json | Set-Content $Report
